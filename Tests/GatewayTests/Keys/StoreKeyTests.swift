import TestSupport
import Testing

@testable import Gateway

@Suite("The store key")
struct StoreKeyTests {
    private static let digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    private static let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test("is the same from hexadecimal digits and from base64", arguments: [digits, digits.uppercased(), base64, base64 + "\n"])
    func forms(text: String) throws {
        let scratch = try ScratchFolder()
        let key = try StoreKey(file: scratch.write(text, to: "store.key"))
        #expect(try key.fingerprint == StoreKey(bytes: Array(0..<32)).fingerprint)
    }

    @Test("has a check value that tells keys apart and is not part of the key")
    func fingerprint() throws {
        var bytes = [UInt8](0..<32)
        let first = try StoreKey(bytes: bytes).fingerprint
        bytes[31] ^= 1
        #expect(try StoreKey(bytes: bytes).fingerprint != first)
        #expect(first.count == 16)
        #expect(!Self.digits.contains(first))
    }

    @Test(
        "anything else than 32 bytes is refused without showing it",
        arguments: [
            "", "00", String(digits.dropLast()), digits + "00", String(digits.dropLast()) + "g", String(base64.dropLast(5)),
        ])
    func malformed(text: String) throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write(text, to: "store.key")
        let error = try #require(throws: KeyError.self) { try StoreKey(file: file) }
        #expect(error.code == .malformed)
        #expect(error.description.contains(file))
        #expect(text.isEmpty || text == "00" || !error.description.contains(text))
        #expect(throws: KeyError(.malformed, reason: "", remedy: "")) { try StoreKey(bytes: [1, 2, 3]) }
    }

    @Test("is refused when others may read it")
    func permissions() throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write(Self.digits, to: "store.key", mode: 0o640)
        #expect(throws: KeyError(.permissions, reason: "", remedy: "")) { try StoreKey(file: file) }
    }
}
