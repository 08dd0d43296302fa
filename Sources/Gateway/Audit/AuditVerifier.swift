import Envelope
import Foundation
import GRDB

/// What came of verifying the audit trail.
public struct AuditReport: Sendable, Codable {
    public struct Compared: Sendable, Codable {
        public let file: String
        /// How many of its heads or records the trail has just so.
        public let agreed: Int
    }

    /// How many records there are.
    public let records: Int
    /// The last record's number and hash: what to keep elsewhere.
    public let sequence: Int64
    public let head: String
    /// How many checkpoints, and until which record they vouch.
    public let checkpoints: Int
    public let signedThrough: Int64
    public let compared: [Compared]
    public let faults: [AuditFault]

    public var isSound: Bool { faults.isEmpty }
    /// Where the first bad record is.
    public var firstBad: AuditFault? { faults.min { $0.last < $1.last } }
}

/// Verifies the trail of a store, also of one that is in use.
public struct AuditVerifier: Sendable {
    private let signers: AuditSigners

    /// - Throws: `KeyError` when the trusted roots cannot be read: without them nobody can say whose a signature is.
    public init(_ settings: NodeSettings) throws {
        let trust = try TrustMaterial.load(settings.trust)
        let registry = try? Registry.current(of: settings)
        let numbers = registry.map { registry in
            Set(settings.parties.hosted.compactMap { try? registry.party($0).organisationNumber })
        }
        self.init(AuditSigners(trust: trust, organisations: numbers))
    }

    init(_ signers: AuditSigners) { self.signers = signers }

    /// Walks the whole chain, checks every checkpoint, holds the trail against what was kept elsewhere, and each message's state
    /// against what the trail says of it.
    ///
    /// - Parameter files: exports of this trail, or Acknowledgments that this node sent and its partners kept.
    /// - Throws: ``StoreError`` `.damaged` when a file is neither, or proves nothing.
    public func verify(_ store: GatewayStore, against files: [String] = []) throws -> AuditReport {
        let evidence = try files.map { try AuditEvidence(file: $0, signers) }
        return try store.read { database in
            let checkpoints = try AuditCheckpoint.all(database)
            var walk = AuditWalk(
                against: [AuditEvidence(name: "the store's own checkpoint", checkpoints.map(\.head))] + evidence)
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY id")
            while let row = try rows.next() { walk.take(AuditRecord(row)) }
            walk.finish()
            for checkpoint in checkpoints {
                guard let complaint = checkpoint.complaint(signers) else { continue }
                walk.report(AuditFault(checkpoint.sequence, "the checkpoint at this record proves nothing: \(complaint)"))
            }
            // Of a trail that is not whole nobody can say what state a message was in.
            if walk.faults.isEmpty { try compareStates(database, &walk) }
            return AuditReport(
                records: walk.records, sequence: walk.head.sequence, head: Hexadecimal.text(walk.head.hash),
                checkpoints: checkpoints.count, signedThrough: checkpoints.last?.sequence ?? 0,
                compared: zip(files, walk.agreed.dropFirst()).map { AuditReport.Compared(file: $0, agreed: $1) },
                faults: walk.faults)
        }
    }

    /// A message whose row says another state than its last record was changed behind the ledger's back.
    private func compareStates(_ database: Database, _ walk: inout AuditWalk) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT message.id, message.state, (
                  SELECT max(id) FROM audit WHERE audit.message = message.id AND audit.state IS NOT NULL) AS record
                FROM message WHERE message.state <> coalesce((
                  SELECT audit.state FROM audit WHERE audit.message = message.id AND audit.state IS NOT NULL
                  ORDER BY audit.id DESC LIMIT 1), message.state)
                  OR NOT EXISTS (SELECT 1 FROM audit WHERE audit.message = message.id)
                """)
        while let row = try rows.next() {
            let (id, state): (Int64, String) = (row["id"], row["state"])
            if let record: Int64 = row["record"] {
                walk.report(
                    AuditFault(record, "message #\(id) is \(state) in the store, and this last record of it says otherwise"))
            } else {
                walk.report(AuditFault(walk.head.sequence + 1, "message #\(id) has no record at all"))
            }
        }
    }
}

extension AuditEvidence {
    /// - Parameter file: an export, or a signed Acknowledgment of this node.
    init(file: String, _ signers: AuditSigners) throws {
        let name = URL(filePath: file).lastPathComponent
        let reader: FileReader
        do { reader = try FileReader(file, followsLinks: true) } catch {
            throw StoreError(.notFound, reason: "\(file) cannot be read: \(error)")
        }
        var bytes: [UInt8] = []
        while case let piece = try reader.read(1 << 20), !piece.isEmpty { bytes += piece }
        switch bytes.first {
        case UInt8(ascii: "{"): try self.init(name: name, export: bytes, signers)
        case UInt8(ascii: "<"): try self.init(name: name, acknowledgment: bytes, signers)
        default: throw StoreError(.damaged, reason: "\(file) is neither an export of an audit trail nor an Acknowledgment")
        }
    }

    /// Every record of the export, and what its checkpoints sign. An export that does not hold together proves nothing.
    private init(name: String, export bytes: [UInt8], _ signers: AuditSigners) throws {
        let decoder = JSONDecoder()
        var heads: [AuditHead] = []
        var previous: [UInt8]?
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let line = try? decoder.decode(AuditLine.self, from: Data(line)) else {
                throw StoreError(.damaged, reason: "line \(index + 1) of \(name) cannot be read")
            }
            if line.line == .header { previous = line.previous.flatMap { Hexadecimal.bytes($0) } }
            guard let head = line.head else { continue }
            if line.line == .record {
                guard let record = line.record, let before = previous, record.hash(after: before) == record.hash else {
                    throw StoreError(
                        .damaged,
                        reason: "\(name) was changed itself: its record \(head.sequence) does not follow from the one before")
                }
                previous = record.hash
                heads.append(head)
            }
        }
        guard !heads.isEmpty else { throw StoreError(.damaged, reason: "\(name) holds no record of an audit trail") }
        self.init(name: name, heads)
    }

    /// The head in an Acknowledgment of ours, once its signature holds.
    private init(name: String, acknowledgment soap: [UInt8], _ signers: AuditSigners) throws {
        func refused(_ reason: String) -> StoreError {
            StoreError(.damaged, reason: "\(name) proves nothing about this audit trail: \(reason)")
        }
        let verified: VerifiedMessage
        do {
            let message = try UnverifiedMessage(soap: soap, parts: [])
            guard let der = try message.claimedCertificateDER() else { throw refused("it has no certificate") }
            let certificate = try Certificate(der: der)
            let time = message.claimedHeader.messageData.timestamp.date
            if let complaint = signers.complaint(about: certificate, at: time) { throw refused(complaint) }
            verified = try SignatureVerifier.verify(
                message, signedBy: signers.trust.validate(certificate, for: .signing, at: time, revocation: .notChecked))
        } catch let error as EnvelopeError {
            throw refused(error.reason)
        }
        guard case .acknowledgment(let acknowledgment) = verified.content, let head = acknowledgment.auditHead else {
            throw refused("it is no Acknowledgment that holds the head of a trail")
        }
        self.init(name: name, [head])
    }
}
