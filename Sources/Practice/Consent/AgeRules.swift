import Foundation

/// Who decides about sharing, by the child's age. The one place where 12, 16 and 18 stand.
///
/// pasient- og brukerrettighetsloven §§ 3-4, 4-3 and 4-4 as the project's standards give them: from 16 the young person
/// decides; between 12 and 16 what the child has good reason to keep may be kept from the parents, and its view weighs more.
/// Never computed from an identity number: the date of birth is a value of its own.
public struct AgeRules: Sendable, Hashable {
    /// Who decides at an age.
    public enum Capacity: String, Sendable, Hashable, CaseIterable {
        /// Under 12: those with parental responsibility decide.
        case guardiansDecide = "under-12"
        /// 12 to 15: they decide, the child is heard, and something may be kept from them.
        case guardiansDecideChildHeard = "12-15"
        /// 16 and 17: the young person decides; guardians have no say and no access without a power of attorney.
        case youngPersonDecides = "16-17"
        case adult = "18+"

        /// Whether the child itself is the one who consents.
        public var ownDecision: Bool { self == .youngPersonDecides || self == .adult }
    }

    public var heardFrom = 12
    public var decidesFrom = 16
    public var adultFrom = 18

    public init() {}

    public static let standard = Self()

    /// Completed years on a day; negative before birth.
    public func age(born: OsloDay, on day: OsloDay) -> Int {
        let years = day.year - born.year
        return day < birthday(years, born: born) ? years - 1 : years
    }

    /// The day somebody completes `years` years.
    ///
    /// Born on 29 February: in a year without that day it is 1 March, the day after which the year is surely complete. A
    /// convention of ours, to be confirmed; at 12 and 16 it is asked only when a century year that is no leap year (2100)
    /// falls there.
    public func birthday(_ years: Int, born: OsloDay) -> OsloDay {
        OsloDay(year: born.year + years, month: born.month, day: born.day)
            ?? OsloDay(year: born.year + years, month: 3, day: 1) ?? born
    }

    /// The instant an age is reached: midnight in Oslo, at the beginning of the birthday.
    public func reaches(_ years: Int, born: OsloDay) -> Date { birthday(years, born: born).start }

    public func capacity(born: OsloDay, at instant: Date) -> Capacity {
        switch age(born: born, on: OsloDay(at: instant)) {
        case ..<heardFrom: .guardiansDecide
        case ..<decidesFrom: .guardiansDecideChildHeard
        case ..<adultFrom: .youngPersonDecides
        default: .adult
        }
    }

    /// The next instant at which ``capacity(born:at:)`` changes: a decision must be taken anew then. Nil for an adult.
    public func nextChange(born: OsloDay, after instant: Date) -> Date? {
        [heardFrom, decidesFrom, adultFrom].map { reaches($0, born: born) }.first { $0 > instant }
    }
}
