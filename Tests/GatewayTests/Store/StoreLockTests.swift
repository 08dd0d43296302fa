import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("A lock on a store")
struct StoreLockTests {
    /// What a process has that was begun a moment ago: copies of the descriptors, until it runs a program of its own.
    private static func copies(of path: String) throws -> [Int32] {
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == path
        }
        return open.compactMap { Int32($0) }.map { dup($0) }
    }

    @Test("is free when it is given back, though a process that was just begun has a copy of its descriptor")
    func copied() throws {
        let scratch = try ScratchFolder()
        let folder = URL(filePath: scratch.path).resolvingSymlinksInPath().path
        var copies: [Int32] = []
        defer { for copy in copies { close(copy) } }
        do {
            let serving = try StoreLock(folder: folder)
            let keeping = try KeepingLock(store: folder, for: "a backup")
            copies = try Self.copies(of: folder + "/serve.lock") + Self.copies(of: folder + "/keeping.lock")
            #expect(copies.count == 2 && copies.allSatisfy { $0 >= 0 })
            #expect(KeepingLock.isHeld(store: folder))
            #expect(throws: StoreError.self) { try StoreLock(folder: folder) }
            withExtendedLifetime((serving, keeping)) {}
        }
        #expect(!KeepingLock.isHeld(store: folder))
        #expect(throws: Never.self) { try StoreLock(folder: folder) }
        #expect(throws: Never.self) { try KeepingLock(store: folder, for: "a backup") }
    }
}
