import Foundation
import Native

/// The key under which everything opened lies sealed on disk: 32 random bytes.
///
/// Once read, the key is only in OpenSSL's memory, which is overwritten when the owner ends. The text of the file and the
/// decoded bytes pass through ordinary arrays; they are overwritten here, but a copy that the language made is not.
public final class StoreKey: Sendable {
    public static let length = AEADKey.keyLength

    /// The key check value: says whether two keys are the same, and nothing else about them. The store keeps it, so that a
    /// wrong key is refused before anything is read or written.
    public let fingerprint: String
    package let aead: AEADKey

    /// - Parameter file: 64 hexadecimal digits or base64; a ``PrivateFile``.
    public convenience init(file: String) throws(KeyError) {
        var text = try PrivateFile.read(file, limit: 1024)
        defer { StoreKey.forget(&text) }
        guard var bytes = StoreKey.decode(text) else {
            throw KeyError(
                .malformed, file: file, reason: "is not a store key: 32 bytes as 64 hexadecimal digits or base64",
                remedy: "put back the key that the store was made with")
        }
        defer { StoreKey.forget(&bytes) }
        try self.init(bytes: bytes, file: file)
    }

    /// - Parameter bytes: exactly 32.
    public convenience init(bytes: [UInt8]) throws(KeyError) {
        try self.init(bytes: bytes, file: nil)
    }

    private init(bytes: [UInt8], file: String?) throws(KeyError) {
        guard bytes.count == StoreKey.length else {
            throw KeyError(
                .malformed, file: file, reason: "a store key has \(StoreKey.length) bytes, this has \(bytes.count)",
                remedy: "put back the key that the store was made with")
        }
        do {
            aead = try AEADKey(SecretBytes(copying: bytes))
        } catch {
            throw KeyError(.malformed, file: file, reason: "cannot be used: \(error)", remedy: "check the OpenSSL library")
        }
        // Hashing is enough: the key has 256 random bits, and the label keeps the value apart from every other use of it.
        let digest = Digest.of(Array("msggw store key check 1".utf8) + bytes, .sha256)
        fingerprint = StoreKey.hexadecimal(digest.prefix(8))
    }

    /// The text of a new key file.
    static func newFile() throws(NativeError) -> String {
        hexadecimal(try SecretBytes.random(count: length).copied()) + "\n"
    }

    private static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: text, as: UTF8.self)?.trimmingCharacters(in: .whitespacesAndNewlines) else {
            return nil
        }
        if text.utf8.count == 2 * length {
            let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == 2 * length else { return nil }
            return (0..<length).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
        }
        guard let bytes = Data(base64Encoded: text), bytes.count == length else { return nil }
        return [UInt8](bytes)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func forget(_ bytes: inout [UInt8]) {
        for index in bytes.indices { bytes[index] = 0 }
    }
}
