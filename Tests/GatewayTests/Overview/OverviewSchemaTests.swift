import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("The version with marks and figures")
struct OverviewSchemaTests {
    @Test("a store of the version before gets the tables, and looks at every message anew")
    func upgraded() throws {
        let scratch = try ScratchFolder()
        let key = try StoreKey(bytes: [UInt8](repeating: 7, count: 32))
        let folder = URL(filePath: scratch.path + "/store")
        func open() throws -> GatewayStore { try GatewayStore(folder: folder, key: key) }
        try open().database.write { try Fact.set($0, .childrenMarkedTo, 12) }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: folder.path + "/gateway.sqlite", configuration: configuration)
        let text = try String(
            contentsOf: Repository.root.appending(path: "Harness/keeping/old/to-18.sql"), encoding: .utf8)
        try queue.write { try $0.execute(sql: text) }
        #expect(try queue.read { try $0.tableExists("childMessage") } == false)
        try queue.close()
        let store = try open()
        #expect(try store.read { try $0.tableExists("childMessage") })
        #expect(try store.read { try Fact.number($0, .childrenMarkedTo) } == nil)
    }
}
