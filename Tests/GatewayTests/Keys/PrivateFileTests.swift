import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Files with secrets")
struct PrivateFileTests {
    @Test(
        "any permission for group or others is refused with the command that takes it away",
        arguments: [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o644, 0o666, 0o777])
    func permissions(mode: Int) throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write("secret", to: "a.key", mode: mode)
        let error = try #require(throws: KeyError.self) { try PrivateFile.read(file) }
        #expect(error.code == .permissions)
        #expect(error.description.contains(file))
        #expect(error.description.contains("chmod 600"))
        #expect(!error.description.contains("secret"))
    }

    @Test("a file of the owner alone is read", arguments: [0o600, 0o400, 0o700])
    func own(mode: Int) throws {
        let scratch = try ScratchFolder()
        #expect(try PrivateFile.read(scratch.write("secret", to: "a.key", mode: mode)) == Array("secret".utf8))
    }

    @Test("a file that is not there is refused by its name")
    func missing() throws {
        let error = try #require(throws: KeyError.self) { try PrivateFile.read("/no/such.key") }
        #expect(error.code == .missing)
        #expect(error.description.contains("/no/such.key"))
    }

    @Test("a file of another user is refused", .enabled(if: geteuid() == 0, "only root can give a file away"))
    func owner() throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write("secret", to: "a.key")
        #expect(chown(file, 65_534, 65_534) == 0)
        #expect(throws: KeyError(.owner, reason: "", remedy: "")) { try PrivateFile.read(file) }
    }

    @Test("a link counts as what it leads to")
    func link() throws {
        let scratch = try ScratchFolder()
        let open = try scratch.write("secret", to: "open.key", mode: 0o644)
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: open)
        #expect(throws: KeyError(.permissions, reason: "", remedy: "")) { try PrivateFile.read(scratch.path + "/link") }
    }

    @Test("a folder and a pipe are refused at once")
    func notRegular() throws {
        let scratch = try ScratchFolder()
        #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
        for path in [scratch.path, scratch.path + "/pipe"] {
            #expect(throws: KeyError(.notRegular, reason: "", remedy: "")) { try PrivateFile.read(path) }
        }
    }

    @Test("a file that is larger than any key is refused")
    func large() throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write([UInt8](repeating: 65, count: 1025), to: "a.key")
        #expect(throws: KeyError(.malformed, reason: "", remedy: "")) { try PrivateFile.read(file, limit: 1024) }
    }
}
