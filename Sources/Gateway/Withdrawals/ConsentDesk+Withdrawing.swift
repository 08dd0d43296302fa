import Foundation
import GRDB
import Native
import Practice

extension ConsentDesk {
    /// Somebody takes a consent, or an objection, back. What waits because of it is stopped, and what goes to those who have or may have
    /// something is queued, in the commit that stores it.
    ///
    /// Taking the same back once more changes nothing, and tells whoever could not be told the first time.
    ///
    /// - Parameters:
    ///   - role: of whoever takes it back.
    ///   - how: how they said it, for the record.
    ///   - receivers: empty for the whole consent; otherwise only what goes to these.
    public func withdraw(
        _ id: String, by role: ConsentRecord.GiverRole, how: String, receivers: [HERID] = [], asksDeletion: Bool = true
    ) async throws -> WithdrawnConsent {
        let now = clock.now()
        let known = try versions(of: id)
        guard let consent = known.consents.last, let row = try store.read({ try ConsentRows.versions(of: id, in: $0).last })
        else { throw ConsentDeskError(.notFound, "no consent has the id '\(id.prefix(80))'") }
        let giver = consent.record.givers.first { $0.role == role } ?? ConsentRecord.Giver(role)
        let reached = try receivers.map { KeptQuestion.Party(try registry.party($0), in: registry).named(.her) }
        let withdrawal: ConsentWithdrawal
        do {
            withdrawal = try ConsentWithdrawal(
                id: ids.next(), of: consent, by: giver, at: now, howGiven: how, recordedBy: consent.record.recordedBy,
                receivers: reached, asksDeletion: asksDeletion)
        } catch { throw ConsentDeskError(.mayNotWithdraw, error.description) }
        let writing = Writing(child: consent.record.child, until: end(from: now))
        if let before = known.withdrawals.first(where: { $0.consentDigest == consent.digest && $0.receivers == reached }) {
            return try await tellTheRest(before, writing)
        }
        let bytes = withdrawal.bytes
        let signed = SignedBytes(bytes, try book.signing.sign(bytes, as: withdrawal.recordedBy.identity))
        let stop = WithdrawalStop(
            withdrawal: withdrawal, marks: try ChildMark.all(of: consent.record.child, under: store.vault.key),
            registry: registry, actor: actor, now: now)
        let new = New(withdrawal: withdrawal, signed: signed, payload: try book.sealed(signed), consent: row.id, stop: stop)
        let done = try await carryOut(new, writing)
        store.wakeDaemon()
        return done
    }

    private func end(from now: Date) -> Date { store.deadlines.calendar.end(ofWorkingDay: answerDays, after: now) }

    /// What the letters say.
    private struct Writing: Sendable {
        let child: ConsentRecord.Child
        let until: Date
    }

    private struct New: Sendable {
        let withdrawal: ConsentWithdrawal
        let signed: SignedBytes
        let payload: StoredPayload
        let consent: Int64
        let stop: WithdrawalStop
    }

    /// A letter to the holder of one message.
    private struct Letter: Sendable {
        let message: Int64
        let submission: Submission
    }

    private struct Letters: Sendable {
        var letters: [Letter] = []
        /// Everybody who has to be told as things stood, also those to whom there is no letter.
        var planned: Set<Int64> = []
        var remarks: [String] = []
    }

    // MARK: - The first time

    /// Letters are written before the commit, and stand in it only when those who must be told are still the same.
    private func carryOut(_ new: New, _ writing: Writing) async throws -> WithdrawnConsent {
        for _ in 0..<4 {
            let plan = try store.read { try new.stop.plan(in: $0) }
            let messages = plan.compactMap { item, message -> (MessageRecord, Bool)? in
                switch item.step {
                case .tell: (message, true)
                case .stopAndTell: (message, false)
                case .stop, .goesOn, .nothing: nil
                }
            }
            let letters = write(messages, new.withdrawal, new.signed, writing)
            if let done = try await store(new, letters, mustMatch: true) { return done }
        }
        // Somebody sends all the time. What waits is stopped now; who has it is told when the same is ordered again.
        let remark = "Receivers were not told yet, since messages moved meanwhile: give the same command again."
        return try await store(new, Letters(remarks: [remark]), mustMatch: false)
            ?? WithdrawnConsent(withdrawal: new.withdrawal.id, consent: new.withdrawal.consentID, messages: [])
    }

    private func write(
        _ messages: [(message: MessageRecord, isThere: Bool)], _ withdrawal: ConsentWithdrawal, _ signed: SignedBytes,
        _ writing: Writing
    ) -> Letters {
        let writer = WithdrawalWriter(intake: intake, now: clock.now())
        var letters = Letters()
        for (message, isThere) in messages {
            letters.planned.insert(message.id)
            do {
                let submission = try writer.notice(
                    withdrawal, signed, about: message, isThere: isThere, child: writing.child, until: writing.until)
                letters.letters.append(Letter(message: message.id, submission: submission))
            } catch { letters.remarks.append(Self.untold(message.id, message.receiver, error)) }
        }
        return letters
    }

    private static func untold(_ message: Int64, _ receiver: String, _ error: any Error) -> String {
        "\(receiver), who has or may have #\(message), was not told: \(error). Tell them in another way, or give the same command again when that is mended."
    }

    /// - Returns: nil when somebody else must be told than the letters are to; nothing is stored then.
    private func store(_ new: New, _ letters: Letters, mustMatch: Bool) async throws -> WithdrawnConsent? {
        let (now, actor, days, table) = (new.stop.now, actor, answerDays, store.deadlines)
        let keep: @Sendable (Database, [[MessageRecord]]) throws -> Done = { database, stored in
            let number = try ConsentRows.insert(new.withdrawal, of: new.consent, new.payload, at: now, in: database)
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "consent withdrawn", detail: new.withdrawal.consentID,
                    digest: Digest.of(new.signed.bytes, .sha256)), in: database)
            var done = Done()
            (done.messages, done.transitions) = try new.stop.carryOut(number, in: database)
            if mustMatch, Set(done.messages.filter(\.isToBeTold).map(\.number)) != letters.planned { throw Self.otherwise }
            try done.note(letters.letters.map(\.message), stored, of: number, days, at: now, table, in: database)
            return done
        }
        let done: Done
        do {
            if letters.letters.isEmpty {
                done = try await store.commit { try keep($0, []) }
            } else {
                done = try await intake.submit(letters.letters.map(\.submission), with: keep).more
            }
        } catch let error as SubmissionError {
            if error.code == Self.otherwise.code, error.reason == Self.otherwise.reason { return nil }
            guard error.code != .store, !letters.letters.isEmpty else { throw error }
            // That one cannot be written to stops nothing of what must be stopped.
            var none = letters
            none.letters = []
            none.remarks.append(
                "Receivers were not told: \(error). Tell them in another way, or give the same command again later.")
            return try await store(new, none, mustMatch: mustMatch)
        }
        done.transitions.forEach(onTransition)
        return WithdrawnConsent(
            withdrawal: new.withdrawal.id, consent: new.withdrawal.consentID, messages: done.messages, remarks: letters.remarks)
    }

    private static let otherwise = SubmissionError(.tryLater, "what must be told is otherwise by now")

    /// What one transaction did.
    private struct Done: Sendable {
        var messages: [WithdrawnConsent.Message] = []
        var transitions: [Transition] = []

        /// Which message tells of which; and that an answer is waited for.
        mutating func note(
            _ about: [Int64], _ stored: [[MessageRecord]], of withdrawal: Int64, _ days: Int, at now: Date,
            _ table: DeadlineTable, in database: Database
        ) throws {
            for (message, sent) in zip(about, stored) {
                guard let letter = sent.first else { continue }
                try database.execute(
                    sql: "UPDATE withdrawalAnswer SET told = ? WHERE withdrawal = ? AND message = ?",
                    arguments: [letter.id, withdrawal, message])
                try letter.expectAnswer(within: days, at: now, by: table, in: database)
                for index in messages.indices where messages[index].number == message { messages[index].told = letter.id }
            }
        }
    }

    // MARK: - Once more

    private func tellTheRest(_ withdrawal: ConsentWithdrawal, _ writing: Writing) async throws -> WithdrawnConsent {
        let (number, rows, row) = try store.read { database in
            guard let row = try ConsentRows.withdrawal(withdrawal.id, in: database) else {
                throw ConsentDeskError(.notFound, "the withdrawal is not in the store")
            }
            return (row.id, try ShownWithdrawal.rows(of: row.id, in: database), row)
        }
        let signed = try book.signedBytes(row)
        let untold = try store.read { database in
            try rows.filter(\.mustBeTold).compactMap { row in
                try MessageRecord.fetch(database, id: row.number).map { ($0, row.step == .tell) }
            }
        }
        let letters = write(untold, withdrawal, signed, writing)
        var done = Done(messages: rows.map(\.withdrawn))
        let (now, days, table) = (clock.now(), answerDays, store.deadlines)
        if !letters.letters.isEmpty {
            done = try await intake.submit(letters.letters.map(\.submission)) { [done] database, stored in
                let left = try ShownWithdrawal.rows(of: number, in: database).filter(\.mustBeTold).map(\.number)
                guard Set(letters.letters.map(\.message)).isSubset(of: left) else {
                    throw SubmissionError(.duplicate, "somebody else tells them at this moment; see 'msggw consent show'")
                }
                var told = done
                try told.note(letters.letters.map(\.message), stored, of: number, days, at: now, table, in: database)
                return told
            }.more
            store.wakeDaemon()
        }
        return WithdrawnConsent(
            withdrawal: withdrawal.id, consent: withdrawal.consentID, messages: done.messages, remarks: letters.remarks)
    }
}
