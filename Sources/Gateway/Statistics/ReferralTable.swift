import Foundation
import GRDB
import Practice

/// What is counted: one line for each referral, without anything of whom it is about.
struct ReferralLine: Sendable {
    enum Outcome: Int, Sendable, CaseIterable {
        case rejected, accepted, forwarded, answeredElsewhere, unanswered
    }

    let referrer: CareService
    let outcome: Outcome
    /// From receipt to the first answer.
    let days: Int?
    let isWithinTen: Bool
    let isAskedAgain: Bool
}

/// Received referrals as a table in which small numbers are hidden.
struct ReferralTable {
    private let lines: [ReferralLine]
    private let kinds: [CareService]
    private let network: SmallNumbers

    /// Nodes: 0 all, 1 all by referrer, then one for each kind of referrer, one for each outcome, one for those answered, and one
    /// for all again. What was answered in time stands behind what was answered, whether they asked again behind everything: each
    /// count is part of one sum before it and one behind it.
    init(_ lines: [ReferralLine]) {
        self.lines = lines
        kinds = CareService.allCases.filter { kind in lines.contains { $0.referrer == kind } }
        let outcomes = ReferralLine.Outcome.allCases
        let (row, column) = (2, 2 + kinds.count)
        let (answered, end) = (column + outcomes.count, column + outcomes.count + 1)
        func count(_ wanted: (ReferralLine) -> Bool) -> Int { lines.count { wanted($0) } }
        var edges = [SmallNumbers.Edge(from: 0, to: 1, count: lines.count)]
        for outcome in outcomes {
            edges.append(
                SmallNumbers.Edge(
                    from: column + outcome.rawValue, to: outcome == .unanswered ? end : answered,
                    count: count { $0.outcome == outcome }))
        }
        for isWithin in [true, false] {
            edges.append(
                SmallNumbers.Edge(
                    from: answered, to: end, count: count { $0.outcome != .unanswered && $0.isWithinTen == isWithin }))
        }
        for isAsked in [true, false] {
            edges.append(SmallNumbers.Edge(from: end, to: 0, count: count { $0.isAskedAgain == isAsked }))
        }
        for (number, kind) in kinds.enumerated() {
            edges.append(SmallNumbers.Edge(from: 1, to: row + number, count: count { $0.referrer == kind }))
            for outcome in outcomes {
                edges.append(
                    SmallNumbers.Edge(
                        from: row + number, to: column + outcome.rawValue,
                        count: count { $0.referrer == kind && $0.outcome == outcome }))
            }
        }
        network = SmallNumbers(edges)
    }

    var received: Statistics.Received {
        let outcomes = ReferralLine.Outcome.allCases.count
        let (within, later) = (shown(outcomes + 1), shown(outcomes + 2))
        let isWhole = within.value != nil && later.value != nil
        return Statistics.Received(
            all: self.outcomes(total: 0, first: 1),
            referrers: kinds.enumerated().map { number, kind in
                let total = outcomes + 5 + number * (outcomes + 1)
                return Statistics.Referrers(kind: kind.rawValue, outcomes: self.outcomes(total: total, first: total + 1))
            }, days: days, withinTenWorkingDays: within, later: later,
            withinTenWorkingDaysPercent: isWhole ? percentWithin : nil, askedAgain: shown(outcomes + 3))
    }

    private func shown(_ edge: Int) -> Statistics.Count { Statistics.Count(shown: network.shown[edge]) }

    private func outcomes(total: Int, first: Int) -> Statistics.Outcomes {
        Statistics.Outcomes(
            referrals: shown(total), rejected: shown(first), accepted: shown(first + 1), forwarded: shown(first + 2),
            answeredElsewhere: shown(first + 3), unanswered: shown(first + 4))
    }

    private var percentWithin: Int? {
        let answered = lines.filter { $0.outcome != .unanswered }
        guard !answered.isEmpty else { return nil }
        return Int((Double(answered.count { $0.isWithinTen }) * 100 / Double(answered.count)).rounded())
    }

    /// Of the days in order, the ones a quarter, half and three quarters of the way (nearest rank).
    private var days: Statistics.Days? {
        let days = lines.compactMap(\.days).sorted()
        guard days.count >= SmallNumbers.least else { return nil }
        func at(_ quarters: Int) -> Int { days[max(0, (days.count * quarters + 3) / 4 - 1)] }
        return Statistics.Days(lowerQuartile: at(1), median: at(2), upperQuartile: at(3))
    }
}

/// What was missing in referrals when they were sent, with small numbers hidden.
struct LackTable {
    struct Question: Hashable {
        let checklist: String
        let question: String
    }

    private let questions: [Question]
    private let network: SmallNumbers

    /// - Parameters:
    ///   - referrals: all that were sent.
    ///   - lists: of each that was asked the receiver's list, whether the answer to each question was missing.
    init(referrals: Int, _ lists: [[Question: Bool]]) {
        questions = Set(lists.flatMap(\.keys)).sorted { ($0.checklist, $0.question) < ($1.checklist, $1.question) }
        var edges = [
            SmallNumbers.Edge(from: 0, to: 1, count: referrals), SmallNumbers.Edge(from: 1, to: 2, count: lists.count),
            SmallNumbers.Edge(from: 1, to: 0, count: referrals - lists.count),
        ]
        // One question behind the other, each a sum of its own: asked and missing, asked and answered, not asked.
        for (number, question) in questions.enumerated() {
            let here = 2 + number * 2
            let next = number == questions.count - 1 ? 0 : here + 2
            let asked = lists.count { $0[question] != nil }
            let missing = lists.count { $0[question] == true }
            edges += [
                SmallNumbers.Edge(from: here, to: here + 1, count: asked),
                SmallNumbers.Edge(from: here, to: next, count: lists.count - asked),
                SmallNumbers.Edge(from: here + 1, to: next, count: missing),
                SmallNumbers.Edge(from: here + 1, to: next, count: asked - missing),
            ]
        }
        if questions.isEmpty { edges.append(SmallNumbers.Edge(from: 2, to: 0, count: lists.count)) }
        network = SmallNumbers(edges)
    }

    var sent: Statistics.Sent {
        func shown(_ edge: Int) -> Statistics.Count { Statistics.Count(shown: network.shown[edge]) }
        return Statistics.Sent(
            referrals: shown(0), withChecklist: shown(1),
            missing: questions.enumerated().map { number, question in
                Statistics.Lack(
                    checklist: question.checklist, question: question.question, asked: shown(3 + number * 4),
                    missing: shown(5 + number * 4))
            })
    }
}
