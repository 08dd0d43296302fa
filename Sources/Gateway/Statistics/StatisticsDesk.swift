import Envelope
import Foundation
import GRDB
import Practice

/// Why figures cannot be given.
public struct StatisticsError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// Counts referrals in whole months that are over. That somebody asked is in the audit trail: whoever compares many periods could
/// work out what one of them hides.
public struct StatisticsDesk: Sendable {
    let store: GatewayStore
    let registry: Registry
    let reading: Reading

    /// - Parameters:
    ///   - from: the first month; nil for January of the year of the last one.
    ///   - to: the last month; nil for the last that is over.
    /// - Throws: ``StatisticsError`` for months that are not over, or stand the wrong way round.
    public func statistics(from: StatisticsMonth? = nil, to: StatisticsMonth? = nil) async throws -> Statistics {
        let current = StatisticsMonth(OsloTime.day(of: reading.at))
        let to = to ?? current.previous
        let from = from ?? StatisticsMonth("\(to.description.prefix(4))-01") ?? to
        guard to < current else {
            throw StatisticsError(
                description:
                    "\(to) is not over: its figures change from day to day, and what changes would tell of one child. Ask for \(current.previous) or earlier"
            )
        }
        guard from <= to else { throw StatisticsError(description: "\(from) is after \(to); give the first month with --from") }
        try await store.commit { [reading] database in
            try AuditTrail.append(
                AuditRecord(
                    at: reading.at, by: reading.actor, action: "statistics", detail: "\(from) to \(to)",
                    purpose: reading.purpose?.text), in: database)
        }
        if reading.actor != .node { WakePipe.poke(folder: store.folder) }
        let period = OsloTime.time(from.first, hour: 0)..<OsloTime.time(to.next.first, hour: 0)
        let (received, sent) = try store.read { database in
            (try lines(period, database), try lacks(period, database))
        }
        return Statistics(
            from: from.description, to: to.description, received: ReferralTable(received).received, sent: sent.sent)
    }

    // MARK: - Received

    /// Read by the index of referrals, however many other messages there are.
    static let referrals = """
        SELECT id, sender, conversationID, created, answerBy FROM message
        WHERE \(OverviewSchema.referral) AND created >= ? AND created < ? AND direction = ?
        """

    private func lines(_ period: Range<Date>, _ database: Database) throws -> [ReferralLine] {
        var kinds: [String: CareService] = [:]
        let rows = try Row.fetchCursor(
            database, sql: Self.referrals,
            arguments: [period.lowerBound.microseconds, period.upperBound.microseconds, MessageRecord.Direction.in.rawValue])
        var lines: [ReferralLine] = []
        while let row = try rows.next() {
            let sender: String = row["sender"]
            let kind =
                kinds[sender] ?? HERID(sender).flatMap { try? registry.party($0) }.map { CareService($0, in: registry) } ?? .other
            kinds[sender] = kind
            if let line = try line(row, from: kind, database) { lines.append(line) }
        }
        return lines
    }

    /// - Returns: nil for one that nobody here owes an answer: a copy.
    private func line(_ row: Row, from kind: CareService, _ database: Database) throws -> ReferralLine? {
        let created = Date(microseconds: row["created"])
        let answers = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT kind, at, receivedOn FROM answer WHERE referral = ? ORDER BY id"),
            arguments: [row["id"] as Int64])
        let conversation = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT message.kind, message.created FROM name JOIN message ON message.id = name.message
                    WHERE name.kind = 'conversation' AND name.value = ? AND message.direction = 'out'
                      AND message.kind IN ('DIALOG_STATUS_HENVISNING', 'DIALOG_AVVIK', 'DIALOG_FORESPORSEL') ORDER BY message.id
                    """), arguments: [row["conversationID"] as String])
        let others = conversation.filter { $0["kind"] != MessageType.dialogForesporsel.rawValue }
        let outcome: ReferralLine.Outcome
        switch answers.last.map({ $0["kind"] as String }) {
        case "rejection": outcome = .rejected
        case "acceptance": outcome = .accepted
        case "forwarding": outcome = .forwarded
        default:
            if others.isEmpty, row["answerBy"] == nil { return nil }
            outcome = others.isEmpty ? .unanswered : .answeredElsewhere
        }
        let answered: Int64? = answers.first?["at"] ?? others.first?["created"]
        let received = (answers.first?["receivedOn"] as String?).flatMap { Self.day($0) } ?? OsloTime.day(of: created)
        let day = answered.map { OsloTime.day(of: Date(microseconds: $0)) }
        return ReferralLine(
            referrer: kind, outcome: outcome, days: day.map { max(0, $0.number - received.number) },
            isWithinTen: day.map { $0 <= store.deadlines.calendar.workingDay(10, after: received) } ?? false,
            isAskedAgain: others.count < conversation.count)
    }

    private static func day(_ text: String) -> CivilDay? { OsloDay(text).flatMap { CivilDay($0.year, $0.month, $0.day) } }

    // MARK: - Sent

    private func lacks(_ period: Range<Date>, _ database: Database) throws -> LackTable {
        let ids = try Row.fetchAll(
            database, sql: Self.referrals,
            arguments: [period.lowerBound.microseconds, period.upperBound.microseconds, MessageRecord.Direction.out.rawValue]
        ).map { $0["id"] as Int64 }
        let lists = try ids.compactMap { id -> [LackTable.Question: Bool]? in
            guard let list = try ChecklistRows.fetch(database, message: id, vault: store.vault) else { return nil }
            return Dictionary(
                list.lines.map {
                    (LackTable.Question(checklist: list.checklistID, question: $0.question), $0.state == .missing)
                }, uniquingKeysWith: { $0 || $1 })
        }
        return LackTable(referrals: ids.count, lists)
    }
}

extension Node {
    /// Figures about referrals, without persons.
    public func statistics(for reading: Reading) -> StatisticsDesk {
        StatisticsDesk(store: store, registry: registry, reading: reading)
    }
}
