import Envelope
import Foundation
import GRDB
import Practice

/// The consents that a message relies on, as they go along with it: each as it was signed, and bound to this document by its digest.
struct ConsentLetter: Sendable, Codable, Hashable {
    struct Item: Sendable, Codable, Hashable {
        let signed: SignedBytes
        /// A `ConsentBinding`.
        let binding: Data
    }

    static let kind = "samtykke"
    static let title = "Samtykke"

    var kind = Self.kind
    let consents: [Item]
}

/// What a receiver finds of a consent that came along with a message. Only for people to see: nothing here is decided by it.
public struct CarriedConsent: Sendable, Codable, Hashable {
    public enum Finding: String, Sendable, Codable, Hashable, CaseIterable {
        /// Signed by the party that recorded it, and bound to this document.
        case holds
        case signatureDoesNotHold = "signature does not hold"
        case boundToAnother = "bound to another document"
        case unreadable
    }

    public let finding: Finding
    /// Absent unless it holds.
    public let consent: ListedConsent?
    /// In words, bokmål. It holds names. Absent unless it holds.
    public let summary: String?
}

extension SharingDesk {
    /// The consents that every receiver's message relies on, as an attachment of its own.
    ///
    /// - Returns: nothing, and why, when there is none, when receivers rely on different ones (each would read the other's), or when
    ///   one of them cannot open it.
    func letter(
        about documentID: String, to receivers: [PreparedSubmission.Receiver]
    ) throws -> (attachment: SubmittedAttachment?, remark: String?) {
        let digests = receivers.map { Set($0.checked.sharing?.decided?.verdict.consents ?? []) }
        guard let shared = digests.first, !shared.isEmpty else {
            return (nil, "Meldingen bygger ikke på noe samtykke som er registrert her. Ingenting ble lagt ved.")
        }
        guard digests.allSatisfy({ $0 == shared }) else {
            return (nil, "Mottakerne bygger på ulike samtykker. Ingen av dem ble lagt ved; send til én om gangen.")
        }
        if let unable = receivers.first(where: { !$0.readsNotices }) {
            return (nil, "\(unable.party.name) (\(unable.party.herID)) åpner ikke samtykker. Det ble ikke lagt ved.")
        }
        let items = try shared.sorted { $0.description < $1.description }.map { digest in
            guard let row = try book.store.look({ try ConsentRows.row(of: digest, in: $0) }) else {
                throw StoreError(.damaged, reason: "a consent that a message relies on is not in the store any more")
            }
            let binding = ConsentBinding(messageID: documentID, consent: try book.consent(row))
            return ConsentLetter.Item(signed: try book.signedBytes(row), binding: Data(binding.bytes))
        }
        return (try NodeNotice.attachment(ConsentLetter(consents: items), titled: ConsentLetter.title), nil)
    }
}

extension PreparedSubmission.Receiver {
    /// A node of our kind, or one that says that it opens such files.
    fileprivate var readsNotices: Bool {
        let formats = party.capabilities.attachmentFormats
        return agreement.protection == .strong || formats.isEmpty || formats.contains(NodeNotice.mediaType)
    }
}

extension ConsentDesk {
    /// The consents that came along with a received message, each looked at anew. That they were read is in the audit trail first.
    ///
    /// - Returns: none when none came along.
    public func carried(by message: String, for reading: Reading) async throws -> [CarriedConsent] {
        let (found, parts) = try store.findReceived(message)
        try await store.record(reading, of: found, how: "consents shown")
        let summary = try ClinicalDocument(parsing: store.receivedDocument(found)).summary
        let files = summary.attachments.filter { $0.mimeType == NodeNotice.mediaType }
        for file in files {
            var bytes = file.bytes
            if let part = parts.dropFirst().first(where: { $0.contentID == file.contentID }),
                part.payload.length <= NodeNotice.largest
            {
                bytes = try store.vault.bytes(of: part.payload)
            }
            guard let bytes, bytes.count <= NodeNotice.largest,
                let letter = try? JSONDecoder().decode(ConsentLetter.self, from: Data(bytes)), letter.kind == ConsentLetter.kind
            else { continue }
            return letter.consents.map { finding($0, in: summary.messageID) }
        }
        return []
    }

    private func finding(_ item: ConsentLetter.Item, in documentID: String) -> CarriedConsent {
        let now = clock.now()
        let consent: VerifiedConsent
        do {
            consent = try SignedConsent(bytes: item.signed.bytes, signature: item.signed.consentSignature).verified(
                by: book.signing.check(at: now), digester: ConsentSigning.digester)
        } catch {
            let isReadable = (try? ConsentRecord.read(item.signed.bytes)) != nil
            return CarriedConsent(finding: isReadable ? .signatureDoesNotHold : .unreadable, consent: nil, summary: nil)
        }
        guard let binding = ConsentBinding(parsing: Array(item.binding)),
            (try? binding.check(messageID: documentID, consent: consent)) != nil
        else { return CarriedConsent(finding: .boundToAnother, consent: nil, summary: nil) }
        return CarriedConsent(
            finding: .holds, consent: ListedConsent(consent, isNewest: true, withdrawals: [], at: now),
            summary: consent.record.summary)
    }
}
