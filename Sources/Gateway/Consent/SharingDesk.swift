import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Asks the rules about sharing: when a message is taken, and again before anything of it leaves.
struct SharingDesk: Sendable {
    let mode: CheckSettings.Mode
    let book: ConsentBook
    var judge = ConsentJudge()
    /// The citizens' mailbox.
    var mailbox: HERID?

    struct Decided: Sendable {
        let question: SharingQuestion
        let decision: ConsentDecision
        let verdict: KeptVerdict
        /// Until when the decision is the same, if nobody says anything; nil when somebody has.
        var settled: SettledSharing?
        /// Whether the commit has to confirm that nobody has said anything.
        var isByMemory = false
    }

    // MARK: - Deciding

    /// A consent may name each party by its HER-id or by its organisation. An objection or another «no» that stands in either form
    /// stands; otherwise what one form allows is allowed.
    func decide(
        _ kept: KeptQuestion, _ checkpoint: SharingQuestion.Checkpoint, at now: Date, byMemory: Bool = false
    ) throws -> Decided {
        guard let child = kept.child else {
            throw StoreError(.damaged, reason: "what is asked about a message does not carry what was written")
        }
        let known =
            kept.message == SharingMessage.anonymousDiscussion.rawValue
            ? ConsentBook.Known() : try book.known(about: child, byMemory: byMemory)
        let schemes: [PartyIdentity.Scheme] = [.her, .organisation]
        // Where nobody has said anything, how a party is named makes no difference.
        let pairs =
            known.consents.isEmpty
            ? [(PartyIdentity.Scheme.her, PartyIdentity.Scheme.her)] : schemes.flatMap { from in schemes.map { (from, $0) } }
        let asked = pairs.compactMap { kept.asked(checkpoint, about: child, at: now, from: $0, to: $1) }.map { question in
            known.situation.map { question.known($0) } ?? question
        }
        let answers = asked.map { ($0, judge.decide($0, consents: known.consents, withdrawals: known.withdrawals)) }
        guard let first = answers.first else {
            throw StoreError(.damaged, reason: "what is asked about a message is of a kind that is not known")
        }
        let chosen =
            answers.first { Self.stands($0.1) } ?? answers.first { Self.isByConsent($0.1) } ?? answers.first { $0.1.isAllowed }
            ?? answers.first { if case .refused = $0.1 { true } else { false } } ?? first
        var decided = decided(chosen.0, chosen.1, of: kept.messageID)
        if known.consents.isEmpty { decided.settled = settled(decided.decision, of: child, known, at: now) }
        decided.isByMemory = known.isByMemory
        return decided
    }

    /// Without anybody's word, the rules look at nothing that changes but the child's age.
    private func settled(
        _ decision: ConsentDecision, of child: ConsentRecord.Child, _ known: ConsentBook.Known, at now: Date
    ) -> SettledSharing? {
        known.words.map {
            SettledSharing(
                isAllowed: decision.isAllowed,
                until: judge.ages.nextChange(born: child.birthDate, after: now) ?? .distantFuture, rules: judge.rules.version,
                wordsBefore: $0)
        }
    }

    /// A «no» that nothing else outdoes. That a consent was withdrawn, or that guardians disagree in one, says nothing of another.
    private static func stands(_ decision: ConsentDecision) -> Bool {
        guard case .refused(let refusal) = decision else { return false }
        return refusal.kind != .withdrawn && refusal.kind != .guardiansDisagree
    }

    private static func isByConsent(_ decision: ConsentDecision) -> Bool {
        if case .allowed(let allowance) = decision, case .consent = allowance.by { return true }
        return false
    }

    private func decided(_ question: SharingQuestion, _ decision: ConsentDecision, of messageID: String) -> Decided {
        var consents: [ConsentDigest] = []
        if case .allowed(let allowance) = decision, case .consent(let digests) = allowance.by { consents = digests }
        let verdict = ConsentVerdict(messageID: messageID, question: question, rules: judge.rules, decision: decision)
        return Decided(
            question: question, decision: decision,
            verdict: KeptVerdict(
                checkpoint: question.checkpoint.rawValue, at: question.at, bytes: verdict.bytes, consents: consents))
    }

    /// Whether a message that should name nobody has been found to name nobody.
    static func isNameless(
        _ document: ClinicalDocument, _ attachments: [SubmittedAttachment], isLookedThrough: Bool, at now: Date
    ) -> Bool {
        guard document.summary.attachments.isEmpty else { return false }
        let check = NamelessCheck(
            DocumentCheck(document, attachments: attachments), attachments: attachments, today: OsloDay(at: now))
        return check.outcome(isLookedThrough: isLookedThrough) == .cleared
    }

    // MARK: - Submission

    /// - Throws: ``SubmissionError`` `.notShareable` with the words, when a consent is required and not there.
    func look(
        _ submission: Submission, _ document: ClinicalDocument, _ summary: DocumentSummary, from sender: RegisteredParty,
        to receivers: [PreparedSubmission.Receiver], at now: Date
    ) throws -> [CheckedSharing?] {
        let known = try submission.sharing ?? familyAnswer(summary, from: sender, to: receivers.map(\.party))
        guard mode != .off, known?.tellsNothingNew != true, let kind = known?.message ?? SharingMessage(summary) else {
            return receivers.map { _ in nil }
        }
        let isCleared =
            kind == .anonymousDiscussion
            && Self.isNameless(
                document, submission.attachments, isLookedThrough: submission.isLookedThrough, at: now)
        return try receivers.enumerated().map { index, receiver in
            do {
                let kept = try KeptQuestion(
                    summary, attachments: submission.attachments.count, from: sender, to: receiver.party,
                    in: book.signing.registry, isCopy: index > 0,
                    emergency: submission.emergency, isCleared: isCleared, known: known)
                return try kept.map { try checked($0, receiver.party, at: now) }
            } catch is KeptQuestion.Missing {
                let reason = "Dokumentet sier ikke når barnet er født. Da kan ingen si hvem som må samtykke."
                if mode == .require { throw SubmissionError(.notShareable, Self.shown(reason, receiver.party)) }
                return CheckedSharing(remarks: [Self.shown(reason, receiver.party)])
            } catch let error as ConsentDeskError {
                if mode == .require { throw SubmissionError(.notShareable, "\(error)") }
                return CheckedSharing(remarks: ["\(error)"])
            }
        }
    }

    private func checked(_ kept: KeptQuestion, _ receiver: RegisteredParty, at now: Date) throws -> CheckedSharing {
        // Nobody is refused by memory.
        let decided = try decide(kept, .submission, at: now, byMemory: mode == .warn)
        if !decided.decision.isAllowed, mode == .require {
            throw SubmissionError(.notShareable, Self.shown(decided.decision.line, receiver))
        }
        let mark =
            kept.message == SharingMessage.anonymousDiscussion.rawValue
            ? nil : try ChildMark.best(of: decided.question.child, under: book.store.vault.key)
        return CheckedSharing(
            question: kept.text, mark: mark, decided, remarks: decided.decision.remarks.map { Self.shown($0, receiver) })
    }

    private static func shown(_ words: String, _ receiver: RegisteredParty) -> String {
        "\(receiver.name) (\(receiver.herID)): \(words)"
    }

    // MARK: - Sending

    /// Asked in every attempt, behind the commit that took the lease: whatever was withdrawn before that commit is known here, and
    /// whatever is withdrawn after it finds the message under way.
    func ask(_ claimed: ClaimedMessage, at now: Date) -> Asked {
        // That commit has confirmed it, and kept the verdict.
        if let settled = claimed.settled, holds(settled, at: now) { return Asked() }
        return ask(claimed.message, at: now)
    }

    func ask(_ message: MessageRecord, at now: Date) -> Asked {
        guard mode != .off, !message.isSignal else { return Asked() }
        do {
            if let verdict = try settled(message, at: now) { return Asked(verdict: verdict) }
            guard let decided = try look(message, at: now) else { return Asked() }
            guard mode == .require, !decided.decision.isAllowed else { return Asked(verdict: decided.verdict) }
            return Asked(verdict: decided.verdict, refusal: DeliveryError(.notShareable, decided.decision.line))
        } catch {
            guard mode == .require else { return Asked() }
            // What cannot be read now may be read later; what is not as it was written, nobody may decide by.
            let isForNow = (error as? StoreError)?.code == .cannotOpen
            return Asked(refusal: DeliveryError(isForNow ? .notSealedNow : .notShareable, "\(error)"))
        }
    }

    struct Asked: Sendable {
        var verdict: KeptVerdict?
        var refusal: DeliveryError?
    }

    /// What was decided at submission without anybody's word, and is so still: nobody has said anything since, the rules are
    /// the same, and the child is not of another age by them. Everything else is asked from the start.
    private func settled(_ message: MessageRecord, at now: Date) throws -> KeptVerdict? {
        let settled = try book.store.look { try ConsentRows.settled($0, message: message.id) }
        guard let settled, holds(settled, at: now) else { return nil }
        return .again(at: now)
    }

    private func holds(_ settled: SettledSharing, at now: Date) -> Bool {
        (settled.isAllowed || mode == .warn) && settled.rules == judge.rules.version && now < settled.until
    }

    /// - Returns: nil when nothing is asked about the message.
    private func look(_ message: MessageRecord, at now: Date) throws -> Decided? {
        guard let found = try book.store.look({ try ConsentRows.question($0, message: message.id) }) else { return nil }
        let text = try book.store.vault.text(of: found.sealed, with: found.key)
        guard let kept = try? JSONDecoder().decode(KeptQuestion.self, from: Data(text.utf8)) else {
            throw StoreError(.damaged, reason: "what is asked about a message does not carry what was written")
        }
        return try decide(kept, .sending, at: now)
    }
}

/// What is known of sharing a submission with one receiver.
struct CheckedSharing: Sendable {
    private let question: String?
    private let mark: ChildMark?
    let decided: SharingDesk.Decided?
    /// For the sender, when it was taken all the same.
    let remarks: [String]
    private var sealed: [UInt8]?

    init(question: String? = nil, mark: ChildMark? = nil, _ decided: SharingDesk.Decided? = nil, remarks: [String]) {
        (self.question, self.mark, self.decided, self.remarks) = (question, mark, decided, remarks)
    }

    mutating func seal(with payload: StoredPayload, in vault: PayloadVault) throws(StoreError) {
        if let question { sealed = try vault.sealed(question, with: payload) }
    }

    /// - Parameter lease: whether the commit also takes the lease of the first attempt.
    /// - Returns: what is settled as of this commit: before nobody says anything, the attempt need not ask again.
    /// - Throws: ``SaidMeanwhile``
    func insert(message: Int64, withLease lease: Bool, in database: Database) throws -> SettledSharing? {
        guard let sealed, let decided else { return nil }
        let words = try decided.settled.map { _ in try ConsentRows.words(in: database) }
        let isSettled = words != nil && words == decided.settled?.wordsBefore
        if decided.isByMemory, !isSettled { throw SaidMeanwhile(words: words ?? 0) }
        try ConsentRows.insert(sealed, mark: mark, settled: decided.settled, message: message, in: database)
        try ConsentRows.insertFirst(decided.verdict, message: message, in: database)
        guard isSettled, lease else { return nil }
        try ConsentRows.insertFirst(.again(at: decided.verdict.at), message: message, in: database)
        return decided.settled
    }
}
