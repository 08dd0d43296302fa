import Practice

/// Figures about referrals for whoever leads a service: no person, no message, no number from which one could be found out.
public struct Statistics: Sendable, Encodable, Hashable {
    /// A count as it may be shown: a number, `<5`, or `-` where it would tell of another that is small.
    public struct Count: Sendable, Encodable, Hashable, CustomStringConvertible {
        let shown: SmallNumbers.Shown

        public var value: Int? { shown.value }

        public var description: String {
            switch shown {
            case .count(let count): String(count)
            case .few: "<\(SmallNumbers.least)"
            case .hidden: "-"
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let value { try container.encode(value) } else { try container.encode(description) }
        }
    }

    /// Referrals that came, by what was answered.
    public struct Outcomes: Sendable, Encodable, Hashable {
        public let referrals: Count
        public let rejected: Count
        public let accepted: Count
        public let forwarded: Count
        /// By a system that sends its own answers: this node does not know what they say.
        public let answeredElsewhere: Count
        public let unanswered: Count
        /// Whole percent; absent where one of the two counts is not shown.
        public var rejectedPercent: Int? { Statistics.percent(rejected, of: referrals) }

        enum CodingKeys: String, CodingKey {
            case referrals, rejected, accepted, forwarded, answeredElsewhere, unanswered, rejectedPercent
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(referrals, forKey: .referrals)
            try container.encode(rejected, forKey: .rejected)
            try container.encode(accepted, forKey: .accepted)
            try container.encode(forwarded, forKey: .forwarded)
            try container.encode(answeredElsewhere, forKey: .answeredElsewhere)
            try container.encode(unanswered, forKey: .unanswered)
            try container.encodeIfPresent(rejectedPercent, forKey: .rejectedPercent)
        }
    }

    public struct Referrers: Sendable, Encodable, Hashable {
        /// What kind of service they are, in the words of the rules: `gp`, `skolehelsetjeneste`, `annen`.
        public let kind: String
        public let outcomes: Outcomes
    }

    /// Calendar days from receipt to answer; absent when fewer than five were answered.
    public struct Days: Sendable, Encodable, Hashable {
        public let lowerQuartile: Int
        public let median: Int
        public let upperQuartile: Int
    }

    public struct Received: Sendable, Encodable, Hashable {
        public let all: Outcomes
        public let referrers: [Referrers]
        public let days: Days?
        public let withinTenWorkingDays: Count
        public let later: Count
        /// Of those that were answered, whole percent.
        public let withinTenWorkingDaysPercent: Int?
        /// Referrals about which the referrer was asked at least once more.
        public let askedAgain: Count
    }

    /// One question of a receiver's list.
    public struct Lack: Sendable, Encodable, Hashable {
        public let checklist: String
        public let question: String
        /// Of how many referrals it was asked, and of how many the answer was missing when they were sent.
        public let asked: Count
        public let missing: Count
    }

    public struct Sent: Sendable, Encodable, Hashable {
        public let referrals: Count
        /// Those of which the receiver's list was asked.
        public let withChecklist: Count
        public let missing: [Lack]
    }

    /// The first and the last month, as `2026-01`.
    public let from: String
    public let to: String
    public let received: Received
    public let sent: Sent

    static func percent(_ part: Count, of whole: Count) -> Int? {
        guard let part = part.value, let whole = whole.value, whole > 0 else { return nil }
        return Int((Double(part) * 100 / Double(whole)).rounded())
    }
}

/// A month of the calendar in Norway.
public struct StatisticsMonth: Sendable, Hashable, Comparable, CustomStringConvertible {
    let first: CivilDay

    /// Reads `2026-01`.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, let year = Int(parts[0]), let month = Int(parts[1]),
            let first = CivilDay(year, month, 1)
        else { return nil }
        self.first = first
    }

    init(_ day: CivilDay) { first = day + (1 - day.day) }

    var next: StatisticsMonth { StatisticsMonth(first + 31) }
    var previous: StatisticsMonth { StatisticsMonth(first + -1) }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.first < rhs.first }
    public var description: String { "\(first.year)-\(first.month < 10 ? "0" : "")\(first.month)" }
}
