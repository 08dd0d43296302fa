import Envelope
import Foundation
import GRDB

/// The trail as lines of JSON, such that it can be verified without msggw: a header that says how, then every record with its
/// hash, and after the record that it is about each signed checkpoint.
struct AuditLine: Codable {
    enum Kind: String, Codable {
        case header, record, checkpoint
    }

    var line: Kind
    // Of the header.
    var format: String?
    var node: String?
    var from: Int64?
    var to: Int64?
    /// The hash that the first record follows.
    var previous: String?
    var how: [String]?
    // Of a record.
    var sequence: Int64?
    var at: Int64?
    var actor: String?
    var action: String?
    var message: Int64?
    var messageID: String?
    var state: String?
    var detail: String?
    var purpose: String?
    var digest: String?
    var hash: String?
    // Of a checkpoint, beside sequence, at, hash and node.
    var party: String?
    /// What is signed.
    var signed: String?
    /// PEM.
    var certificate: String?
    /// Base64.
    var signature: String?

    static let format = "msggw-audit-1"

    /// The line's head, when it says one.
    var head: AuditHead? {
        guard line != .header, let sequence, let hash = hash.flatMap({ Hexadecimal.bytes($0) }) else { return nil }
        return AuditHead(sequence: sequence, hash: hash)
    }

    var record: AuditRecord? {
        guard line == .record, let sequence, let at, let actor, let action, let hash = hash.flatMap({ Hexadecimal.bytes($0) })
        else { return nil }
        return AuditRecord(
            sequence: sequence, microseconds: at, actor: actor, action: action, message: message, messageID: messageID,
            state: state, detail: detail, purpose: purpose, digest: digest.flatMap { Hexadecimal.bytes($0) }, hash: hash)
    }
}

extension AuditLine {
    init(_ record: AuditRecord) {
        self.init(
            line: .record, sequence: record.sequence, at: record.microseconds, actor: record.actor, action: record.action,
            message: record.message, messageID: record.messageID, state: record.state, detail: record.detail,
            purpose: record.purpose, digest: record.digest.map { Hexadecimal.text($0) }, hash: Hexadecimal.text(record.hash))
    }

    init(_ checkpoint: AuditCheckpoint) {
        let lines = Data(checkpoint.certificate).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        self.init(
            line: .checkpoint, node: checkpoint.node, sequence: checkpoint.sequence, at: checkpoint.microseconds,
            hash: Hexadecimal.text(checkpoint.hash), party: checkpoint.party, signed: checkpoint.signedText,
            certificate: "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n",
            signature: Data(checkpoint.signature).base64EncodedString())
    }

    init(header node: String, from: Int64, to: Int64, previous: [UInt8]) {
        self.init(
            line: .header, format: Self.format, node: node, from: from, to: to, previous: Hexadecimal.text(previous),
            how: [
                "Each line is one JSON object. Lines with line = record are the audit trail in order; sequence has no gaps.",
                "hash = SHA-256 over: previous hash (32 bytes; of record 1: 32 zero bytes), sequence, at, actor, action, message, messageID, state, detail, purpose, digest (bytes).",
                "Each of these fields is preceded by its length in bytes, 4 bytes, most significant first. Text is UTF-8, numbers are decimal digits. A field that is absent is the length FFFFFFFF and nothing else.",
                "at is microseconds since 1970-01-01T00:00:00Z. digest is the SHA-256 of what the record is about: the signed SOAP part or the signal.",
                "Lines with line = checkpoint are signed heads: signature over the text in signed. With jq and openssl:",
                "jq -r 'select(.line==\"checkpoint\" and .sequence==N) | .signed' FILE | head -c -1 > signed.txt",
                "jq -r 'select(.line==\"checkpoint\" and .sequence==N) | .signature' FILE | base64 -d > signature.bin",
                "jq -r 'select(.line==\"checkpoint\" and .sequence==N) | .certificate' FILE | openssl x509 -pubkey -noout > public.pem",
                "openssl dgst -sha256 -verify public.pem -signature signature.bin signed.txt",
                "scripts/audit-verify.py of msggw's sources does all of it with Python's library and openssl.",
            ])
    }
}

extension GatewayStore {
    /// Writes the trail as lines of JSON, each given to `line` without its line feed. It may be called while the node runs.
    ///
    /// - Parameters:
    ///   - first, last: numbers of records; nil for from the beginning and to the end.
    /// - Throws: ``StoreError`` `.notFound` when there is no such record.
    public func exportAudit(node: String, from first: Int64? = nil, to last: Int64? = nil, line: (String) throws -> Void) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func write(_ value: AuditLine) throws { try line(String(decoding: try encoder.encode(value), as: UTF8.self)) }
        try read { database in
            let head = try AuditTrail.head(database)
            let (from, to) = (max(first ?? 1, 1), min(last ?? .max, head.sequence))
            guard from <= to else {
                throw StoreError(.notFound, reason: "the audit trail has no such records: it ends with record \(head.sequence)")
            }
            let previous = try Data.fetchOne(database, sql: "SELECT hash FROM audit WHERE id = ?", arguments: [from - 1])
            try write(AuditLine(header: node, from: from, to: to, previous: previous.map { Array($0) } ?? AuditRecord.beginning))
            var checkpoints = try AuditCheckpoint.all(database, through: to).filter { $0.sequence >= from }[...]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM audit WHERE id BETWEEN ? AND ? ORDER BY id", arguments: [from, to])
            while let row = try rows.next() {
                let record = AuditRecord(row)
                try write(AuditLine(record))
                while let checkpoint = checkpoints.first, checkpoint.sequence <= record.sequence {
                    try write(AuditLine(checkpoint))
                    checkpoints.removeFirst()
                }
            }
        }
    }
}
