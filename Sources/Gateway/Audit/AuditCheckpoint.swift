import Envelope
import Foundation
import GRDB

/// The head of the trail at some time, signed with the key of the node's first hosted party. Whoever changes the trail afterwards
/// would need that key.
struct AuditCheckpoint: Sendable, Hashable {
    let sequence: Int64
    let hash: [UInt8]
    let microseconds: Int64
    let node: String
    /// HER-id of the party whose key signed.
    let party: String
    let certificate: [UInt8]
    let signature: [UInt8]

    var head: AuditHead { AuditHead(sequence: sequence, hash: hash) }

    /// What is signed, as UTF-8: six lines, each ended by a line feed.
    static func signedText(sequence: Int64, hash: [UInt8], microseconds: Int64, node: String, party: String) -> String {
        """
        msggw audit checkpoint 1
        node \(node)
        party \(party)
        sequence \(sequence)
        hash \(Hexadecimal.text(hash))
        at \(microseconds)

        """
    }

    var signedText: String {
        Self.signedText(sequence: sequence, hash: hash, microseconds: microseconds, node: node, party: party)
    }
}

extension AuditCheckpoint {
    init(of head: AuditTrail.Head, at now: Date, node: String, party: HERID, with identity: SigningIdentity) throws {
        let text = Self.signedText(
            sequence: head.sequence, hash: head.hash, microseconds: now.microseconds, node: node, party: party.value)
        self.init(
            sequence: head.sequence, hash: head.hash, microseconds: now.microseconds, node: node, party: party.value,
            certificate: identity.certificate.der, signature: try DetachedSignature.make(over: Array(text.utf8), with: identity))
    }

    init(_ row: Row) {
        self.init(
            sequence: row.value("sequence") ?? 0, hash: row.bytes("hash"), microseconds: row.value("at") ?? 0,
            node: row.value("node") ?? "", party: row.value("party") ?? "", certificate: row.bytes("certificate"),
            signature: row.bytes("signature"))
    }

    /// One for each head: a second one of the same changes nothing.
    func insert(_ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO checkpoint (sequence, at, hash, node, party, certificate, signature) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [sequence, microseconds, Data(hash), node, party, Data(certificate), Data(signature)])
    }

    static func last(_ database: Database) throws -> AuditCheckpoint? {
        try Row.fetchOne(database, sql: "SELECT * FROM checkpoint ORDER BY sequence DESC LIMIT 1").map { AuditCheckpoint($0) }
    }

    static func all(_ database: Database, through last: Int64 = .max) throws -> [AuditCheckpoint] {
        try Row.fetchAll(database, sql: "SELECT * FROM checkpoint WHERE sequence <= ? ORDER BY sequence", arguments: [last])
            .map { AuditCheckpoint($0) }
    }

    /// Why the signature proves nothing; nil when it holds.
    ///
    /// - Parameter trust: whoever may sign for this node: a certificate of one of its organisations that led to a configured root
    ///   when the checkpoint was made.
    func complaint(_ trust: AuditSigners) -> String? {
        guard let certificate = try? Certificate(der: certificate) else { return "its certificate cannot be read" }
        guard DetachedSignature.holds(signature, over: Array(signedText.utf8), by: certificate) else {
            return "its signature does not hold"
        }
        return trust.complaint(about: certificate, at: Date(microseconds: microseconds))
    }
}

/// Whose signatures count for the trail of this node.
struct AuditSigners: Sendable {
    let trust: TrustStore
    /// Organisation numbers of the hosted parties; nil when the registry cannot be read, and then any that is trusted counts.
    let organisations: Set<String>?

    func complaint(about certificate: Certificate, at time: Date) -> String? {
        if let organisations, certificate.organisationNumber.map({ organisations.contains($0) }) != true {
            return "it is signed for an organisation that this node does not speak for"
        }
        do {
            // Revocation is told for today, and a key that was revoked last week had signed well the week before.
            _ = try trust.validate(certificate, for: .signing, at: time, revocation: .notChecked)
            return nil
        } catch {
            return "its certificate did not hold then: \(error.reason)"
        }
    }
}

extension Row {
    /// A column whose type may have been tampered with.
    func value<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
        (self[column] as DatabaseValue?).flatMap { Value.fromDatabaseValue($0) }
    }

    func bytes(_ column: String) -> [UInt8] { (value(column) as Data?).map { Array($0) } ?? [] }
}
