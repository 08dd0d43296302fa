import Foundation
import GRDB
import Native
import Practice

/// The consents, objections and withdrawals of the store, opened and verified.
struct ConsentBook: Sendable {
    let store: GatewayStore
    let signing: ConsentSigning

    struct Known: Sendable {
        var consents: [VerifiedConsent] = []
        var withdrawals: [ConsentWithdrawal] = []
        var situation: ChildSituation?
        /// How much has been said about whomever; nil when nothing was looked for.
        var words: Int64?
        /// Whether that is what was found the last time that somebody looked: then the commit has to confirm it.
        var isByMemory = false
    }

    /// Everything that is known about a child.
    ///
    /// - Parameter byMemory: nobody is looked for where nobody had said anything about anybody the last time.
    /// - Throws: ``ConsentDeskError`` `.unverifiable` when one of the records is not what was signed: it may have been an objection.
    func known(about child: ConsentRecord.Child, byMemory: Bool = false) throws -> Known {
        if byMemory, store.said.isNothing { return Known(words: 0, isByMemory: true) }
        let marks = try ChildMark.all(of: child, under: store.vault.key)
        // How much first: what comes in between the statements is then more than what was looked at. Where nobody has said anything
        // about anybody, there is nothing to look for.
        let (words, noted, rows) = try store.look { database in
            let words = try ConsentRows.words(in: database)
            if words == 0 { return (words, StoredPayload?.none, [ConsentRow]()) }
            return (
                words, try SituationRows.newest(of: marks, in: database), try ConsentRows.consents(of: marks, in: database)
            )
        }
        store.said.note(words)
        var known = Known(words: words)
        if !rows.isEmpty {
            let withdrawn = try store.read { try ConsentRows.withdrawals(of: rows.map(\.id), in: $0) }
            known = try opened(rows, withdrawn)
            known.words = words
        }
        known.situation = try noted.map { try store.situation($0) }
        return known
    }

    func opened(_ rows: [ConsentRow], _ withdrawn: [ConsentRow]) throws -> Known {
        Known(consents: try rows.map { try consent($0) }, withdrawals: try withdrawn.map { try withdrawal($0) })
    }

    func consent(_ row: ConsentRow) throws -> VerifiedConsent {
        let signed = try signedBytes(row)
        do {
            return try SignedConsent(bytes: signed.bytes, signature: signed.consentSignature).verified(
                by: signing.check(at: row.at), digester: ConsentSigning.digester)
        } catch { throw Self.unverifiable("consent", row.id, "\(error)") }
    }

    func withdrawal(_ row: ConsentRow) throws -> ConsentWithdrawal {
        let signed = try signedBytes(row)
        guard let signer = signing.check(at: row.at)(signed.bytes, signed.consentSignature),
            let withdrawal = try? ConsentWithdrawal(parsing: signed.bytes), withdrawal.recordedBy.identity == signer
        else { throw Self.unverifiable("withdrawal", row.id, "its signature does not hold") }
        return withdrawal
    }

    func signedBytes(_ row: ConsentRow) throws -> SignedBytes {
        let bytes = try store.vault.bytes(of: row.payload)
        guard let signed = try? JSONDecoder().decode(SignedBytes.self, from: Data(bytes)) else {
            throw Self.unverifiable("record", row.id, "it is not of our form")
        }
        return signed
    }

    private static func unverifiable(_ what: String, _ id: Int64, _ why: String) -> ConsentDeskError {
        ConsentDeskError(
            .unverifiable,
            "the stored \(what) \(id) cannot be relied on (\(why)); look at it with 'msggw consent list', and put the store back from a backup if it was changed"
        )
    }

    /// Sealed under a key of its own, in a row.
    func sealed(_ signed: SignedBytes) throws -> StoredPayload {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload = try store.vault.store(Array(try encoder.encode(signed)))
        guard case .row = payload.place else {
            store.vault.delete([payload])
            throw ConsentDeskError(.unreadable, "the record is larger than any consent; it must have at most 48 KiB")
        }
        return payload
    }
}
