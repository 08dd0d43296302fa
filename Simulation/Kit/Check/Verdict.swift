import Foundation
import GRDB
import Gateway
import Native

/// Compares, after everything has come to rest, what people were told, what lies in folders and what the stores say.
final class Verdict {
    private let plan: Plan
    private let machines: [Machine]
    private let witness: Witness
    /// Messages that a node gave up, and said so.
    private(set) var failed = 0

    init(_ plan: Plan, machines: [Machine], witness: Witness) {
        (self.plan, self.machines, self.witness) = (plan, machines, witness)
    }

    func judge() {
        for letter in plan.all {
            guard witness.submissions[letter.number]?.isTaken == true else {
                witness.report(
                    .stuck, "letter \(letter.number) was never taken: \(String(describing: witness.submissions[letter.number]))")
                continue
            }
            for receiver in Set(letter.to).sorted() { judge(letter, receiver) }
        }
        for (party, folders) in witness.handOvers.sorted(by: { $0.key < $1.key }) {
            for handOver in folders.values.sorted(by: { $0.folder < $1.folder }) { judge(handOver, party) }
        }
        for machine in machines { judge(machine) }
    }

    // MARK: - Letters

    private func judge(_ letter: Letter, _ receiver: String) {
        let handedOver = (witness.handOvers[receiver] ?? [:]).values.filter { $0.letter == letter.id }.count
        let name = "letter \(letter.number) to \(receiver)"
        if handedOver > 1 { witness.report(.twice, "\(name) was handed over \(handedOver) times") }
        guard let sender = machine(letter.machine), let host = Town.Name.hosting(receiver).flatMap({ machine($0) }) else {
            return
        }
        let states = strings(
            sender, "SELECT state FROM message WHERE direction = 'out' AND documentID = ? AND receiver = ? ORDER BY id",
            [letter.id, receiver])
        guard let state = states.last else {
            return witness.report(.lost, "\(name): its sender's node does not know it")
        }
        let isReported = ["failed", "held", "cancelled", "rejected"].contains(state)
        if isReported {
            failed += 1
            let isWanted = state == "cancelled" && plan.letters(ordered: .cancel).contains(letter.number)
            if !plan.allowsRefusals, !isWanted { witness.report(.refusedWithoutReason, "\(name) is \(state)") }
        }
        if handedOver == 0, !isReported { witness.report(.lost, "\(name) was never handed over; its sender is told \(state)") }
        if handedOver == 1, !isReported {
            let expected = letter.wantsReceipt ? "accepted" : "delivered"
            if state != expected, !(state == "delivered" && hasLostReceipt(letter, receiver, host)) {
                witness.report(.stuck, "\(name) was handed over; its sender is told \(state), not \(expected)")
            }
        }
        judgeLateness(letter, receiver, sender, name)
        let received = strings(
            host, "SELECT state FROM message WHERE direction = 'in' AND documentID = ? AND receiver = ?", [letter.id, receiver])
        if received.count > 1 { witness.report(.twice, "\(name) lies in the inbox \(received.count) times") }
        judgeHistories(letter, receiver, sender, received: received.count)
    }

    /// Whether the receiver's AppRec may rightly not have come: it was refused for good, as a letter may be.
    private func hasLostReceipt(_ letter: Letter, _ receiver: String, _ host: Machine) -> Bool {
        plan.allowsRefusals
            && !strings(
                host,
                """
                SELECT state FROM message WHERE direction = 'out' AND kind = 'APPREC' AND state IN ('failed', 'held')
                  AND sender = ? AND receiver = ?
                """, [receiver, letter.from]
            ).isEmpty
    }

    /// Whoever waits must have been told before the deadline, and of everything that nobody tries any more.
    private func judgeLateness(_ letter: Letter, _ receiver: String, _ sender: Machine, _ name: String) {
        let rows = strings(
            sender,
            """
            SELECT message.messageID || ' ' || message.state || ' ' || coalesce(min(alert.firstAt), '') || ' ' || coalesce((
              SELECT min(at) FROM audit
              WHERE audit.message = message.id AND action IN ('delivered', 'accepted', 'rejected', 'cancelled')), '')
            FROM message
            LEFT JOIN alert ON alert.message = message.id AND alert.kind IN ('deliveryLate', 'messageFailed', 'messageHeld')
            WHERE direction = 'out' AND documentID = ? AND receiver = ? GROUP BY message.id
            """, [letter.id, receiver])
        for row in rows {
            let words = row.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let (messageID, state, told) = (words[0], words[1], Int64(words[2]).map { $0 - plan.epoch })
            if ["failed", "held"].contains(state), told == nil {
                witness.report(.silentlyLate, "\(name) is \(state), and no operator was told")
            }
            guard !plan.mishaps.contains(where: { $0.setsClock(of: letter.machine) }) else { continue }
            if ["failed", "held", "cancelled"].contains(state), witness.hasReceipt(letter.machine, messageID) {
                witness.report(.histories, "\(name) is \(state), although its Acknowledgment came")
            }
            guard let taken = witness.time(of: ["taken"], letter.machine, messageID) else { continue }
            // Not what was told: a process may die between writing it down and telling it.
            let end = Int64(words[3]).map { $0 - plan.epoch }
            let deadline = taken + Duration.hours(12).microseconds
            guard end.map({ $0 > deadline }) ?? true else { continue }
            let warned = sender.firstWell(from: taken + Duration.hours(4).microseconds) + Duration.minutes(20).microseconds
            if told.map({ $0 > max(deadline, warned) }) ?? true {
                witness.report(.silentlyLate, "\(name) was not delivered within 12 hours, and nobody was told before")
            }
        }
    }

    /// Steps go forward, what is told of the other side is so, and no bad news follows good news.
    private func judgeHistories(_ letter: Letter, _ receiver: String, _ sender: Machine, received: Int) {
        let reports = (try? sender.process?.node.store.status(of: letter.id).messages) ?? []
        for report in reports where report.receiver == receiver && report.direction == .out && report.documentID == letter.id {
            let steps = report.steps.map(\.what)
            if let good = steps.firstIndex(where: { $0 == "delivered" || $0 == "accepted" }) {
                if received == 0 {
                    witness.report(
                        .histories, "letter \(letter.number) to \(receiver) is \(steps[good]), and its receiver never had it")
                }
                for bad in ["failed", "rejected"] where steps[good...].contains(bad) {
                    witness.report(.histories, "letter \(letter.number) to \(receiver): \(steps.joined(separator: ", "))")
                }
            }
            for once in ["taken", "sealed", "delivered", "accepted"] where steps.filter({ $0 == once }).count > 1 {
                witness.report(
                    .histories, "letter \(letter.number) to \(receiver): \(once) more than once: \(steps.joined(separator: ", "))"
                )
            }
        }
    }

    private func judge(_ handOver: Witness.HandOver, _ party: String) {
        guard let letter = plan.all.first(where: { $0.id == handOver.letter }), letter.to.contains(party) else {
            return witness.report(.unverified, "\(party) was given \(handOver.folder), which nobody sent there")
        }
        let digests = Set(handOver.files)
        for index in letter.attachments.indices where !digests.contains(Digest.of(letter.attachment(index), .sha256)) {
            witness.report(.lost, "letter \(letter.number) to \(party) came without attachment \(index)")
        }
        let expected = letter.attachments.count + 1
        if handOver.files.count != expected {
            witness.report(
                .unverified, "letter \(letter.number) to \(party) came as \(handOver.files.count) files, not \(expected)")
        }
        if letter.attachments.isEmpty, handOver.document != witness.documents[letter.number] {
            witness.report(.unverified, "letter \(letter.number) to \(party) came with another document")
        }
    }

    // MARK: - Nodes

    private func judge(_ machine: Machine) {
        for message in strings(
            machine,
            "SELECT kind || ' ' || messageID || ' is ' || state FROM message WHERE direction = 'out' AND kind = 'APPREC' AND state <> 'delivered'",
            [])
        {
            failed += 1
            if !plan.allowsRefusals {
                witness.report(.refusedWithoutReason, "\(machine.name): \(message)")
            }
        }
        let signals = strings(
            machine,
            "SELECT kind || ' ' || messageID || ' is ' || state FROM message WHERE kind = 'Acknowledgment' AND state <> 'sent'",
            [])
        if let signal = signals.first { witness.report(.stuck, "\(machine.name): \(signal)") }
    }

    private func machine(_ name: Town.Name) -> Machine? { machines.first { $0.name == name } }

    private func strings(_ machine: Machine, _ sql: String, _ arguments: StatementArguments) -> [String] {
        do { return try machine.database.read { try String.fetchAll($0, sql: sql, arguments: arguments) } } catch {
            witness.report(.halfDown, "\(machine.name)'s store cannot be read: \(error)")
            return []
        }
    }
}
