import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Answers referrals: rejects, accepts, hands over. From one answer come the status to the referrer, the letters to the family and the
/// record; a refusal refuses all of it, and what is taken is in one commit with the deadline that it meets.
///
/// A negative AppRec has no part in this: it says that a system could not take a document.
public struct AnswerDesk: Sendable {
    let store: GatewayStore
    let registry: Registry
    let trust: PartnerTrust
    let intake: Intake
    let settings: NodeSettings
    let letterPages: LetterPages

    public init(_ node: Node, converter: LetterConverter? = nil) {
        (store, registry, trust, intake, settings) = (node.store, node.registry, node.trust, node.intake, node.settings)
        letterPages = converter.map { LetterPages($0) } ?? LetterPages(node.settings.letters)
    }

    /// An answer that passed its checks, with everything sealed that is stored beside its messages.
    struct Prepared: Sendable {
        let draft: AnswerRows.Draft
        let messages: AnswerMessages
        let remarks: [String]
    }

    /// Answers the one referral of that name in this node's inbox.
    ///
    /// - Throws: ``AnswerError``, ``SubmissionError``, ``StoreError``, ``RegistryError``. Nothing of a refused answer stays.
    public func give(_ order: AnswerOrder, to name: String) async throws -> GivenAnswer {
        let now = intake.clock.now()
        let referral = try await intake.pool.run { try StoredReferral(name, in: store) }
        try refuseSecond(order.kind, referral.message.id)
        try await store.record(
            Reading(by: intake.actor, purpose: nil, at: now), of: referral.message, how: "read to answer it")
        let prepared = try await intake.pool.run { try prepare(order, referral, at: now) }
        do {
            return try await send(prepared, referral, at: now)
        } catch let error as SubmissionError {
            // What may be on the disk keeps its files.
            if error.code != .store { store.vault.delete(prepared.draft.payloads) }
            throw error
        }
    }

    private func prepare(_ order: AnswerOrder, _ referral: StoredReferral, at now: Date) throws -> Prepared {
        guard let today = LetterDay(now) else { throw AnswerError(.day, "the clock shows a year that no letter can name") }
        let age = try age(order, referral, at: now)
        let file = try filled(order, referral, age: age, today: today, at: now)
        var remarks: [String] = []
        if order.kind == .forwarding, !referral.additions.isEmpty {
            remarks.append(
                "What the referrer added later does not go on with the referral: \(referral.additions.map { "#\($0)" }.joined(separator: ", ")). Tell the new door, or ask the referrer to send it there."
            )
        }
        let (answer, bundle): (any ReferralAnswer, AnswerBundle)
        do throws(LetterRefusal) {
            answer = try file.answer(ComplaintCalendar(store.deadlines.calendar))
            let readers = LetterReader.readers(age: age, guardians: order.guardians)
            bundle = try AnswerBundle(
                answer, to: readers.map { ($0, order.language) }, anyway: order.anyway,
                sha256: { Data(Digest.of(Array($0), .sha256)) })
        } catch { throw AnswerError(error) }
        let pages = bundle.pages.map { page in WrittenPage(page, pdf: pdf(of: page, &remarks)) }
        let messages = try AnswerMessages(
            bundle, pages, referral, order.kind == .forwarding ? handover(file, order, referral, at: now) : nil, desk: self,
            at: now)
        let letters = try pages.map { page in
            AnswerRows.Letter(
                page: page.page, html: try store.vault.store(Array(page.page.html.utf8)),
                text: try store.vault.store(Array(page.page.plainText.utf8)), pdf: try page.pdf.map { try store.vault.store($0) })
        }
        guard let receivedOn = file.receivedOn else {
            throw AnswerError(.day, "the referral came in a year that no letter can name")
        }
        let draft = AnswerRows.Draft(
            kind: order.kind, answer: answer, receivedOn: receivedOn, bundle: bundle,
            record: try store.vault.store(Array(bundle.record)), letters: letters)
        return Prepared(draft: draft, messages: messages, remarks: remarks + messages.remarks)
    }

    private func age(_ order: AnswerOrder, _ referral: StoredReferral, at now: Date) throws(AnswerError) -> Int {
        let stated = referral.born.map { AgeRules.standard.age(born: $0, on: OsloDay(at: now)) }
        // The referral's own day counts before what somebody says: who gets a letter hangs on it.
        guard let age = stated ?? order.age, (0...120).contains(age) else {
            throw AnswerError(
                .ageUnknown, "the referral states no day of birth, and who gets a letter follows from the age; say it with --age")
        }
        return age
    }

    /// Once for each letter; what stops them all is said once.
    private func pdf(of page: AnswerBundle.Page, _ remarks: inout [String]) -> [UInt8]? {
        do { return try letterPages.pdf(of: page.letter) } catch {
            let remark = "The letter was not made into PDF: \(error)."
            if !remarks.contains(remark) { remarks.append(remark) }
            return nil
        }
    }

    // MARK: - One answer after another

    private func refuseSecond(_ kind: AnswerFile.Kind, _ referral: Int64) throws {
        if let reason = try store.read({ try Self.reasonAgainst(kind, after: AnswerRows.last($0, referral: referral)) }) {
            throw AnswerError(.alreadyAnswered, reason)
        }
    }

    /// A time follows a right to care, and a complaint may turn a no into a yes; nothing else follows an answer.
    private static func reasonAgainst(_ kind: AnswerFile.Kind, after last: AnswerFile.Kind?) -> String? {
        switch (last, kind) {
        case (nil, _), (.acceptance?, .acceptance), (.rejection?, .acceptance): nil
        case (.forwarding?, _): "the referral was handed over to another door, which answers it; see 'msggw answer show'"
        case (.rejection?, _): "the referral was rejected before; see 'msggw answer show'"
        case (.acceptance?, _): "the referral was accepted before; see 'msggw answer show'"
        }
    }

    // MARK: - One commit

    private func send(_ prepared: Prepared, _ referral: StoredReferral, at now: Date) async throws -> GivenAnswer {
        let (draft, messages, actor) = (prepared.draft, prepared.messages, intake.actor)
        let (taken, number) = try await intake.submit(messages.submissions) { database, stored in
            if let reason = try Self.reasonAgainst(draft.kind, after: AnswerRows.last(database, referral: referral.message.id)) {
                throw SubmissionError(.duplicate, reason)
            }
            guard let status = stored[0].first else { throw SubmissionError(.store, "the status has no receiver") }
            let letters = zip(messages.letters.map(\.reader), stored.dropFirst()).compactMap { reader, messages in
                messages.first.map { (reader, $0.id) }
            }
            let forwarded = messages.referral == nil ? nil : stored.last?.first?.id
            let number = try AnswerRows.insert(
                draft, message: status.id, referral: referral.message.id, forwarded: forwarded,
                letters: Dictionary(letters) { first, _ in first }, at: now, in: database)
            let code = draft.bundle.status.status.code
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "answer given", message: referral.message.id,
                    messageID: referral.message.messageID, state: referral.message.state,
                    detail: "\(draft.kind.rawValue) (9148 = \(code)) in #\(status.id)", digest: Array(draft.bundle.digest)),
                in: database)
            return number
        }
        return given(number, prepared, taken, referral)
    }

    private func given(
        _ number: Int64, _ prepared: Prepared, _ taken: [[TakenMessage]], _ referral: StoredReferral
    ) -> GivenAnswer {
        let (draft, messages) = (prepared.draft, prepared.messages)
        let kinds: [GivenAnswer.Message.What] =
            [.status] + messages.letters.map { _ in .letter } + (messages.referral == nil ? [] : [.referral])
        let sent = zip(kinds, taken).flatMap { what, taken in
            taken.map {
                GivenAnswer.Message(
                    what: what, messageID: $0.messageID, receiver: $0.receiver.value, receiverName: $0.receiverName)
            }
        }
        let letters = draft.letters.map { letter in
            GivenAnswer.Letter(
                reader: letter.page.letter.reader.rawValue, language: letter.page.letter.language.rawValue,
                score: letter.page.reading.score, lixTenths: letter.page.reading.lixTenths, isPDF: letter.pdf != nil,
                isSent: messages.letters.contains { $0.reader == letter.page.letter.reader })
        }
        return GivenAnswer(
            number: number, kind: draft.kind.rawValue, status: draft.bundle.status.status.code, referral: referral.message.id,
            lastDay: (draft.answer as? Rejection)?.complaint.lastDay.iso, digest: draft.bundle.digest.hexadecimal,
            messages: sent, letters: letters, remarks: prepared.remarks)
    }
}

/// A letter as it goes out.
struct WrittenPage: Sendable {
    let page: AnswerBundle.Page
    let pdf: [UInt8]?

    init(_ page: AnswerBundle.Page, pdf: [UInt8]?) { (self.page, self.pdf) = (page, pdf) }
}

extension Data {
    var hexadecimal: String { map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
}
