import Envelope
import Foundation
import Native

/// A message whose signature held, whose parts were decrypted whole, and whose document says the same about sender and
/// receiver as its envelope. Only ``MessageOpener`` makes one.
///
/// A class, since it goes from thread to thread whole. Of the document it keeps what is asked for: the tree that was read is
/// large, and is let go where it was made.
final class OpenedMessage: Sendable {
    struct Part: Sendable {
        let contentID: String
        let mediaType: String
        let title: [UInt8]?
        let payload: StoredPayload
    }

    let verified: VerifiedMessage
    let sender: HERID
    let receiver: HERID
    let agreement: Agreement
    /// The document, when it is a receipt.
    let appRec: AppRec?
    /// What the document answers.
    let answer: Answer?
    /// What it is in a referral's course.
    let course: CourseStep?
    /// What it says of a discharge.
    let takeOver: TakeOverStep?
    let summary: DocumentSummary
    /// Sealed for the store. Part 0 is the document.
    let parts: [Part]
    let deviations: [Deviation]
    /// What the sender's node tells this one by it.
    let notice: NodeNotice?

    fileprivate init(
        verified: VerifiedMessage, sender: HERID, receiver: HERID, agreement: Agreement, document: ClinicalDocument,
        summary: DocumentSummary, course: CourseStep?, takeOver: TakeOverStep?, parts: [Part], deviations: [Deviation],
        notice: NodeNotice?
    ) {
        self.notice = notice
        (self.verified, self.sender, self.receiver, self.agreement) = (verified, sender, receiver, agreement)
        if case .appRec(let appRec) = document { self.appRec = appRec } else { appRec = nil }
        answer = Answer(document, summary)
        (self.summary, self.course, self.takeOver) = (summary, course, takeOver)
        (self.parts, self.deviations) = (parts, deviations)
    }

    /// Deletes the payloads of a message that gets no row.
    func discard(from vault: PayloadVault) { vault.delete(parts.map(\.payload)) }
}

/// Decrypts a verified message into the vault and checks who is who.
///
/// Nothing is decrypted before the signature held, and what is decrypted becomes visible only when every digest, tag and
/// check held: until then it is a file nobody has a row for.
struct MessageOpener: Sendable {
    /// A document with its attachments inside: what the national relay carries is half of it. Larger ones come as parts.
    private static let largestDocument = 64 << 20

    /// Of whatever is not the document, however weak the agreement. Under `national` attachments stand inside the document. Of a part of
    /// its own under CBC, our answer would tell whether its padding held: whoever puts another's ciphertext there and signs it could
    /// ask for its plaintext byte by byte.
    private static let policyForParts = CMSPolicy(requires: .strong)

    let vault: PayloadVault
    let registry: Registry
    let keys: KeyRing

    /// - Throws: `EnvelopeError` for whatever is wrong with the message; `StoreError` and `KeyError` for what is wrong here.
    func open(
        _ message: VerifiedMessage, parts received: ReceivedParts, from sender: RegisteredParty, to receiver: HERID,
        under agreement: Agreement
    ) throws -> OpenedMessage {
        guard message.signer.organisationNumber == sender.organisationNumber else {
            throw EnvelopeError(
                .organisationMismatch, reason: "the signer's organisation number is not the one the registry has for the sender")
        }
        guard let first = message.parts.first else {
            throw EnvelopeError(.manifestMalformed, reason: "the message has no payload")
        }
        let policy = CMSPolicy(requires: agreement.protection, allows3DES: agreement.acceptsTripleDES)
        let identities = try keys.decryption(for: receiver)
        var deviations = message.deviations
        var written: [StoredPayload] = []
        do {
            let (xml, facts) = try decryptDocument(first, received, identities, policy)
            deviations += facts.deviations
            let document = try Self.document(xml, facts)
            let summary = document.summary
            deviations += summary.deviations
            try check(summary, from: sender, to: receiver, carrying: message.parts.dropFirst())
            var parts = [
                OpenedMessage.Part(
                    contentID: first.contentID.value, mediaType: "text/xml", title: nil, payload: try vault.store(xml))
            ]
            written.append(parts[0].payload)
            for part in message.parts.dropFirst() {
                let (payload, facts) = try decrypt(part, received, identities, Self.policyForParts)
                written.append(payload)
                deviations += facts.deviations
                let attachment = summary.attachments.first { $0.contentID == part.contentID.value }
                parts.append(
                    OpenedMessage.Part(
                        contentID: part.contentID.value, mediaType: attachment?.mimeType ?? "application/octet-stream",
                        title: try attachment?.description.map { try vault.sealed($0, with: payload) }, payload: payload))
            }
            let course = try CourseStep(summary) { try vault.sealed($0, with: parts[0].payload) }
            let takeOver = try TakeOverStep(summary) { try vault.sealed($0, with: parts[0].payload) }
            return OpenedMessage(
                verified: message, sender: sender.herID, receiver: receiver, agreement: agreement, document: document,
                summary: summary, course: course, takeOver: takeOver, parts: parts, deviations: deviations,
                notice: try NodeNotice(summary, parts, vault))
        } catch {
            vault.delete(written)
            throw error
        }
    }

    /// Reads the document. Under CBC alone, plaintext that cannot be read is told as a failed decryption: a partner who alters
    /// somebody else's ciphertext and signs it must not learn from our answer how far it was from readable.
    private static func document(_ xml: [UInt8], _ facts: CMSFacts) throws(EnvelopeError) -> ClinicalDocument {
        do { return try ClinicalDocument(parsing: xml) } catch {
            guard facts.protection == .national else { throw error }
            throw EnvelopeError(.decryptionFailed, reason: "what was decrypted cannot be read: \(error)")
        }
    }

    // MARK: - Decryption

    private func decryptDocument(
        _ part: VerifiedPart, _ received: ReceivedParts, _ identities: [DecryptionIdentity], _ policy: CMSPolicy
    ) throws -> ([UInt8], CMSFacts) {
        var xml: [UInt8] = []
        let facts = try decrypt(part, received, identities, policy) { piece in
            if xml.isEmpty { xml = piece } else { xml += piece }
            guard xml.count <= Self.largestDocument else {
                throw EnvelopeError(
                    .mimeTooLarge, reason: "the document is larger than the \(Self.largestDocument) bytes this node takes")
            }
        }
        return (xml, facts)
    }

    private func decrypt(
        _ part: VerifiedPart, _ received: ReceivedParts, _ identities: [DecryptionIdentity], _ policy: CMSPolicy
    ) throws -> (StoredPayload, CMSFacts) {
        var writer = try vault.writer()
        let facts = try decrypt(part, received, identities, policy) { try writer.write($0) }
        return (try writer.finish(), facts)
    }

    /// The spooled bytes are digested again on the way: what is decrypted is what was verified.
    private func decrypt(
        _ part: VerifiedPart, _ received: ReceivedParts, _ identities: [DecryptionIdentity], _ policy: CMSPolicy,
        into sink: ([UInt8]) throws -> Void
    ) throws -> CMSFacts {
        var decryption = PartDecryption(identities: identities, policy: policy)
        try received.read(part.index) { piece in
            let plaintext = try decryption.take(piece)
            if !plaintext.isEmpty { try sink(plaintext) }
        }
        let (rest, facts) = try decryption.finish(expecting: part.sha256)
        if !rest.isEmpty { try sink(rest) }
        return facts
    }

    // MARK: - Who is who

    /// Envelope sender = certificate's organisation = document sender; envelope receiver = one of the document's receivers =
    /// one of ours; and every part is one that the document speaks of.
    private func check(
        _ summary: DocumentSummary, from sender: RegisteredParty, to receiver: HERID, carrying parts: ArraySlice<VerifiedPart>
    ) throws(EnvelopeError) {
        guard summary.sender.communicationHERID == sender.herID.value else {
            throw EnvelopeError(.organisationMismatch, reason: "the document's sender is not the envelope's", place: "sender")
        }
        if let stated = summary.sender.organisationNumber, stated != sender.organisationNumber {
            throw EnvelopeError(
                .organisationMismatch, reason: "the document's organisation number is not the sender's", place: "sender")
        }
        let receivers = ([summary.receiver] + summary.copyReceivers).compactMap(\.communicationHERID)
        guard receivers.contains(receiver.value) else {
            throw EnvelopeError(
                .organisationMismatch, reason: "the document is not addressed to the envelope's receiver", place: "receiver")
        }
        let referred = summary.contentIDs
        let carried = parts.map(\.contentID.value)
        guard Set(referred).count == referred.count, Set(referred) == Set(carried) else {
            throw EnvelopeError(
                .attachmentMissing,
                reason: "the document refers to \(referred.count) parts and the message carries \(carried.count), or others")
        }
    }
}

/// Ciphertext in, plaintext out, with the digest of what went in.
private struct PartDecryption: ~Copyable {
    private var decryptor: PayloadDecryptor
    private var digest = Digest(.sha256)

    init(identities: [DecryptionIdentity], policy: CMSPolicy) {
        decryptor = PayloadDecryptor(identities: identities, policy: policy)
    }

    mutating func take(_ ciphertext: [UInt8]) throws -> [UInt8] {
        digest.update(ciphertext)
        return try decryptor.update(ciphertext)
    }

    consuming func finish(expecting sha256: [UInt8]) throws -> ([UInt8], CMSFacts) {
        guard digest.finish() == sha256 else {
            throw EnvelopeError(.digestMismatch, reason: "a spooled part is not what was verified")
        }
        let (rest, facts) = try decryptor.finish()
        return (rest, facts)
    }
}
