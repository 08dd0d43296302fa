import Foundation
import Native

/// One thing that happened, as the audit trail keeps it. Fields are kept as they lie in the store, so that one that was tampered
/// with can be read and found out.
public struct AuditRecord: Sendable, Hashable {
    /// 1, 2, 3 … without a gap; 0 for a record that has not been appended.
    public var sequence: Int64
    /// Microseconds since 1970, UTC.
    public var microseconds: Int64
    public var actor: String
    /// The event's word, or what was done: `read`, `checkpoint`.
    public var action: String
    /// This node's own number of the message.
    public var message: Int64?
    /// `eb:MessageId`.
    public var messageID: String?
    /// The message's state afterwards.
    public var state: String?
    public var detail: String?
    /// What somebody said they read it for.
    public var purpose: String?
    /// SHA-256 of what the record is about.
    public var digest: [UInt8]?
    /// The chain up to and with this record; empty for one that has not been appended.
    public var hash: [UInt8]

    public var at: Date { Date(microseconds: microseconds) }

    /// What a record may say in free words, in bytes of UTF-8.
    static let longestDetail = 1000
}

extension AuditRecord {
    init(
        at now: Date, by actor: AuditActor, action: String, message: Int64? = nil, messageID: String? = nil,
        state: MessageState? = nil, detail: String? = nil, purpose: String? = nil, digest: [UInt8]? = nil
    ) {
        self.init(
            sequence: 0, microseconds: now.microseconds, actor: actor.text, action: action, message: message,
            messageID: messageID, state: state?.rawValue, detail: detail.map { Self.bounded($0) }, purpose: purpose,
            digest: digest, hash: [])
    }

    static func bounded(_ text: String) -> String {
        text.utf8.count <= longestDetail ? text : String(text.prefix(longestDetail / 4)) + " …"
    }

    /// The hash of this record after one with the hash `previous`: SHA-256 over ``canonicalBytes(after:)``.
    func hash(after previous: [UInt8]) -> [UInt8] { Digest.of(canonicalBytes(after: previous), .sha256) }

    /// `previous` and every field but the hash, each behind its length. No two records have the same bytes.
    ///
    /// Each field is four bytes of length, most significant first, and that many bytes: text as UTF-8, numbers in decimal. A
    /// field that is not there has the length 0xFFFFFFFF and no bytes. The order is: previous hash, sequence, microseconds,
    /// actor, action, message, messageID, state, detail, purpose, digest.
    func canonicalBytes(after previous: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        Self.append(previous, to: &bytes)
        Self.append(String(sequence).utf8, to: &bytes)
        Self.append(String(microseconds).utf8, to: &bytes)
        Self.append(actor.utf8, to: &bytes)
        Self.append(action.utf8, to: &bytes)
        Self.append(message.map { String($0).utf8 }, to: &bytes)
        Self.append(messageID?.utf8, to: &bytes)
        Self.append(state?.utf8, to: &bytes)
        Self.append(detail?.utf8, to: &bytes)
        Self.append(purpose?.utf8, to: &bytes)
        Self.append(digest, to: &bytes)
        return bytes
    }

    private static func append(_ field: (some Collection<UInt8>)?, to bytes: inout [UInt8]) {
        let length = field.map { UInt32(clamping: $0.count) } ?? .max
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        if let field { bytes.append(contentsOf: field) }
    }

    /// What the first record's hash follows.
    static let beginning = [UInt8](repeating: 0, count: 32)
}
