import Foundation
import Native

/// What a backup holds, with the digest of every file. It is sealed with the store key, so that nobody else can make one.
public struct BackupManifest: Sendable, Hashable, Codable {
    public struct File: Sendable, Hashable, Codable {
        /// Below the backup's folder.
        public let path: String
        public let bytes: Int
        public let sha256: String
    }

    /// Of this description; a reader refuses what it does not know.
    public let format: Int
    public let made: Date
    public let program: String
    public let node: String
    /// The migrations of the store's schema, in their order.
    public let schema: [String]
    /// The check value of the store key. Never the key.
    public let storeKey: String
    /// Own number of the last message.
    public let lastMessage: Int64
    public let messages: Int
    public let payloads: Int
    /// The head of the audit trail.
    public let auditSequence: Int64
    public let auditHash: String
    /// Whether the keys of the payloads lie in another place.
    public let keysApart: Bool
    public let files: [File]

    static let format = 1
    static let name = "manifest.json"
    static let sealName = "manifest.seal"
    static let database = "store/gateway.sqlite"
    static let payloads = "store/payloads"
    static let spool = "store/spool"
    static let keys = "content.keys"
    static let node = "node"

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return Array(try encoder.encode(self)) + [0x0A]
    }

    /// Reads the manifest of the backup in `folder` without believing it.
    static func read(_ folder: String) throws(StoreError) -> (manifest: BackupManifest, bytes: [UInt8]) {
        let bytes = try FileReader(folder + "/" + name).read(256 << 20)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let manifest = try? decoder.decode(BackupManifest.self, from: Data(bytes)) else {
            throw StoreError(.damaged, reason: "\(folder)/\(name) is not the manifest of a backup, or is damaged")
        }
        guard manifest.format == format else {
            throw StoreError(.newer, reason: "the backup \(folder) has format \(manifest.format); this msggw reads \(format)")
        }
        return (manifest, bytes)
    }

    // MARK: - The seal

    private static let label = Array("msggw backup manifest 1".utf8)

    /// Says that whoever had the store key wrote these bytes.
    static func seal(_ bytes: [UInt8], under key: AEADKey) throws -> [UInt8] {
        let nonce = try SecretBytes.random(count: AEADKey.nonceLength).copied()
        return nonce + (try key.seal([], nonce: nonce, additionalData: label + Digest.of(bytes, .sha256)))
    }

    static func isSealed(_ bytes: [UInt8], by seal: [UInt8], under key: AEADKey) -> Bool {
        let nonce = Array(seal.prefix(AEADKey.nonceLength))
        guard nonce.count == AEADKey.nonceLength else { return false }
        let opened = try? key.open(
            Array(seal.dropFirst(nonce.count)), nonce: nonce, additionalData: label + Digest.of(bytes, .sha256))
        return opened != nil
    }
}
