import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("A new node folder")
struct NodeFolderTests {
    @Test("has settings that can be read, folders, and a store key that can be used, for their owner alone")
    func whole() throws {
        let scratch = try ScratchFolder()
        let created = try NodeFolder.create(at: scratch.path + "/node")
        #expect(created.folder == scratch.path + "/node")
        for name in created.made { #expect(FileManager.default.fileExists(atPath: "\(created.folder)/\(name)")) }
        for name in ["", "/keys", "/trust", "/trust/roots", "/store"] { #expect(try scratch.mode("node" + name) == 0o700) }
        for name in ["keys/store.key", "msggw.yaml"] { #expect(try scratch.mode("node/\(name)") == 0o600) }
        let settings = try NodeSettings(folder: created.folder, environment: [:])
        _ = try StoreKey(file: settings.store.keyFile)
        #expect(!created.next.isEmpty)
    }

    @Test("has another key each time")
    func fresh() throws {
        let scratch = try ScratchFolder()
        let prints = try ["a", "b"].map { name in
            try StoreKey(file: NodeFolder.create(at: "\(scratch.path)/\(name)").folder + "/keys/store.key").fingerprint
        }
        #expect(prints[0] != prints[1])
    }

    @Test("trusts nobody")
    func trustsNobody() throws {
        let scratch = try ScratchFolder()
        let folder = try NodeFolder.create(at: scratch.path + "/node").folder
        let settings = try NodeSettings(folder: folder, environment: [:])
        let error = try #require(throws: KeyError.self) { try TrustMaterial.load(settings.trust) }
        #expect(error.code == .noRoots)
        #expect(error.description.contains("trust.roots"))
    }

    @Test("is made inside an empty folder, which may be all that its user may write")
    func emptyFolder() throws {
        let scratch = try ScratchFolder()
        let number = { try FileManager.default.attributesOfItem(atPath: scratch.path)[.systemFileNumber] as? Int }
        #expect(chmod(scratch.path, 0o755) == 0)
        let before = try number()
        let created = try NodeFolder.create(at: scratch.path)
        #expect(try number() == before)
        #expect(try scratch.mode("") == 0o700)
        let names = created.made.compactMap { $0.split(separator: "/").first.map(String.init) }
        #expect(try Set(scratch.names()) == Set(names))
        #expect(try NodeSettings(folder: scratch.path, environment: [:]).folder == scratch.path)
    }

    @Test("never goes over what is there")
    func notEmpty() throws {
        let scratch = try ScratchFolder()
        try scratch.write("mine", to: "node/notes.txt")
        let error = try #require(throws: NodeFolderError.self) { try NodeFolder.create(at: scratch.path + "/node") }
        #expect(error.code == .notEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/node") == ["notes.txt"])
        #expect(try scratch.names() == ["node"])
    }

    @Test("does not take a file's place")
    func file() throws {
        let scratch = try ScratchFolder()
        try scratch.write("mine", to: "node")
        #expect(throws: NodeFolderError(code: .notAFolder, folder: "", reason: "", remedy: "")) {
            try NodeFolder.create(at: scratch.path + "/node")
        }
    }

    @Test("leaves nothing behind when it cannot be made")
    func nothingHalfDone() throws {
        let scratch = try ScratchFolder()
        let error = try #require(throws: NodeFolderError.self) { try NodeFolder.create(at: scratch.path + "/no/such/node") }
        #expect(error.code == .notWritable)
        #expect(try scratch.names().isEmpty)
    }

    @Test("writes the values asked for in force, and refuses wrong ones before anything is made")
    func values() throws {
        let scratch = try ScratchFolder()
        let asked = ["http.port": "9001", "parties.hosted": "[80000100]"]
        let settings = try NodeSettings(
            folder: NodeFolder.create(at: scratch.path + "/a", settings: asked).folder, environment: [:])
        #expect(settings.http.port == 9001)
        #expect(settings.parties.hosted.map(\.value) == ["80000100"])
        for wrong in [["http.port": "high"], ["http.prot": "1"]] {
            let error = try #require(throws: NodeFolderError.self) {
                try NodeFolder.create(at: scratch.path + "/b", settings: wrong)
            }
            #expect(error.code == .settings)
        }
        #expect(try scratch.names() == ["a"])
    }
}
