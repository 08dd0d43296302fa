import Envelope
import Foundation
import GRDB
import Native

/// What an export holds.
public struct EvidenceSummary: Sendable, Codable, Hashable {
    public let folder: String
    /// Relative to the folder, in their order.
    public let files: [String]
    /// What could not be put in, and why.
    public let missing: [String]
}

/// Puts everything that proves what happened to a message into a folder, so that somebody without msggw can check it: what was
/// signed, the receipts for it, certificates, the records of the audit trail, and a script of `openssl` and `xmlsec1` commands.
///
/// The document itself stays out unless it is asked for; then the export is a reading of content, and recorded as one.
public struct EvidenceExport: Sendable {
    private let store: GatewayStore
    private let registry: Registry
    private let trust: TrustStore
    private let node: String

    public init(_ running: Node) throws {
        store = running.store
        registry = running.registry
        trust = try TrustMaterial.load(running.settings.trust)
        node = running.settings.node.name
    }

    /// - Parameters:
    ///   - id: of one message: own number, MessageId, document id.
    ///   - folder: must not be there yet.
    ///   - reading: who is given the document and its attachments too, and for what; nil leaves them out.
    /// - Throws: ``StoreError`` `.notFound`, `.ambiguous`, `.cannotOpen`.
    public func write(_ id: String, to folder: String, at now: Date, by actor: AuditActor) async throws -> EvidenceSummary {
        let message = try store.theMessage(id)
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw StoreError(.cannotOpen, reason: "\(folder) is there already; name a folder that is not")
        }
        // Recorded before anything is written: whoever gets it cannot undo that it is known.
        try await store.commit { database in
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "evidence exported", message: message.id, messageID: message.messageID,
                    state: message.state),
                in: database)
        }
        var missing: [String] = []
        var proofs: [SignedProof] = []
        if let proof = try proof(of: message, &missing) { proofs.append(proof) }
        let (receipts, answers) = try receipts(of: message)
        proofs += receipts
        var files = proofs.flatMap { $0.files() }
        files += certificates() + (try auditFiles(of: [message.id] + answers))
        files.append(("verify.sh", Array(EvidenceWords.script(proofs).utf8)))
        files.append(("README.txt", Array(EvidenceWords.readme(message, proofs, missing, node: node, at: now).utf8)))
        files.append(("SHA256SUMS", sums(files)))
        try write(files, to: folder)
        return EvidenceSummary(folder: folder, files: files.map(\.path), missing: missing)
    }

    // MARK: - What was signed

    /// The message itself: what we sent, or what the sender signed.
    private func proof(of message: MessageRecord, _ missing: inout [String]) throws -> SignedProof? {
        if message.direction == .in {
            guard let soap = try store.signals(of: message.id).first(where: { $0.kind == "envelope" })?.bytes else {
                missing.append("the signed header: this message came before this node kept it")
                return nil
            }
            missing.append(
                "the encrypted parts as they came: this node keeps what was in them, sealed, and not the ciphertext. Their digests are in message/signed-info.bin"
            )
            return try SignedProof(
                place: "message", title: "The message as \(message.sender) signed it", soap: soap,
                registered: registered(message.sender))
        }
        guard let wire = try store.read({ try WireMessage.fetch($0, message: message.id) }) else {
            missing.append("the signed message: it has not been sealed yet, or its time of keeping is over")
            return nil
        }
        var proof = try SignedProof(
            place: "message", title: "The message as \(message.sender) signed it", soap: wire.soap,
            registered: registered(message.sender))
        do { proof.parts = try SentParts(wire, spool: store.spool, at: "message").parts } catch {
            missing.append(
                "the encrypted parts as they went out: large ones are deleted when the receiver has them. Their digests are in message/signed-info.bin"
            )
        }
        return proof
    }

    /// The signals about the message, and the receipts of the systems (AppRec) that answered it.
    private func receipts(of message: MessageRecord) throws -> ([SignedProof], answers: [Int64]) {
        var found: [SignedProof] = []
        func add(
            _ signals: [StoredSignal], _ kinds: Set<String>, _ title: (StoredSignal) -> String, by party: (StoredSignal) -> String
        ) throws {
            for signal in signals where kinds.contains(signal.kind) {
                found.append(
                    try SignedProof(
                        place: "receipts/\(found.count + 1)-\(signal.kind)", title: title(signal), soap: signal.bytes,
                        registered: registered(party(signal))))
            }
        }
        // A signal that came is the receiver's; one that went out is ours, and we are then the receiver.
        try add(
            store.signals(of: message.id), ["acknowledgment", "messageError"],
            {
                $0.kind == "acknowledgment"
                    ? "\(message.receiver) has the message on its disk" : "\(message.receiver) refused the message"
            },
            by: { _ in message.receiver })
        let answers = try store.read { database in
            try MessageRecord.fetchAll(
                database, sql: "SELECT \(MessageRecord.columns) FROM message WHERE answers = ? AND kind = 'APPREC' ORDER BY id",
                arguments: [message.id])
        }
        for answer in answers {
            try add(
                store.signals(of: answer.id), ["envelope"],
                { _ in "\(answer.sender) says that its system has the message, or refuses it (AppRec, encrypted)" },
                by: { _ in answer.sender })
        }
        return (found, answers.map(\.id))
    }

    private func registered(_ party: String) -> [Certificate] {
        guard let id = HERID(party) else { return [] }
        return (try? registry.certificates(for: id, use: .signing)) ?? []
    }

    private func certificates() -> [(path: String, bytes: [UInt8])] {
        func pem(_ certificates: [Certificate]) -> [UInt8] { Array(certificates.map(\.pem).joined().utf8) }
        return [("certificates/roots.pem", pem(trust.roots)), ("certificates/intermediates.pem", pem(trust.intermediates))]
            + trust.revocationLists.enumerated().map { ("certificates/revocation-\($0.offset + 1).crl", $0.element.der) }
    }

    // MARK: - The trail

    /// The records of these messages as lines of JSON, and for each the bytes that its hash is over.
    private func auditFiles(of messages: [Int64]) throws -> [(path: String, bytes: [UInt8])] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try store.read { database in
            var lines: [UInt8] = []
            var files: [(path: String, bytes: [UInt8])] = []
            var last: Int64 = 0
            for record in try messages.flatMap({ try AuditTrail.records(of: $0, in: database) }).sorted(by: {
                $0.sequence < $1.sequence
            }) {
                lines += try encoder.encode(AuditLine(record)) + [0x0A]
                let previous = try Data.fetchOne(
                    database, sql: "SELECT hash FROM audit WHERE id = ?", arguments: [record.sequence - 1])
                files.append(
                    (
                        "audit/\(record.sequence).bin",
                        record.canonicalBytes(after: previous.map { Array($0) } ?? AuditRecord.beginning)
                    ))
                last = record.sequence
            }
            if let checkpoint = try AuditCheckpoint.all(database).first(where: { $0.sequence >= last }) {
                lines += try encoder.encode(AuditLine(checkpoint)) + [0x0A]
            }
            return [("audit/records.jsonl", lines)] + files
        }
    }

    // MARK: - Files

    private func sums(_ files: [(path: String, bytes: [UInt8])]) -> [UInt8] {
        Array(files.map { "\(Hexadecimal.text(Digest.of($0.bytes, .sha256)))  \($0.path)\n" }.joined().utf8)
    }

    private func write(_ files: [(path: String, bytes: [UInt8])], to folder: String) throws {
        do {
            for (path, bytes) in files {
                let file = URL(filePath: folder + "/" + path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try Data(bytes).write(to: file)
            }
        } catch {
            throw StoreError(.cannotOpen, reason: "cannot write \(folder): \(error.localizedDescription)")
        }
    }
}

/// A signal as it lies in the store.
struct StoredSignal: Sendable {
    let kind: String
    let at: Date
    let bytes: [UInt8]
}

extension GatewayStore {
    func signals(of message: Int64) throws -> [StoredSignal] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT kind, at, bytes FROM receipt WHERE message = ? ORDER BY id", arguments: [message]
            ).map {
                StoredSignal(kind: $0["kind"], at: Date(microseconds: $0["at"]), bytes: Array($0["bytes"] as Data))
            }
        }
    }

    /// The one message of that name, signals left out.
    ///
    /// - Throws: ``StoreError`` `.notFound` or `.ambiguous`: evidence is of the message that was meant.
    func theMessage(_ id: String) throws -> MessageRecord {
        let found = try read { try MessageRecord.find($0, id) }.filter { !$0.isSignal }
        guard let first = found.first else {
            throw StoreError(
                .notFound, reason: "this node has no message '\(id.prefix(80))'; give a MessageId, a document's MsgId or a number"
            )
        }
        guard found.count == 1 else {
            let numbers = found.prefix(5).map { "#\($0.id)" }.joined(separator: ", ")
            throw StoreError(.ambiguous, reason: "'\(id.prefix(80))' names several messages; say which by its number: \(numbers)")
        }
        return first
    }
}
