import Foundation

/// Who of a family may write to a service about a child, and who may read what comes of it. By what was written, in which role, and the
/// child's age; ``AgeRules`` has the ages.
///
/// What one wrote is that one's. Under 16 the guardians may read what a child of 12 or more wrote, unless the child keeps it from them;
/// from 16 nothing without the young person, who may then read all of it. That a child under 16 does not read what its guardians wrote alone
/// is our choice: it is theirs to show.
public struct FamilyRights: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
        case guardian = "foresatt"
        case youngPerson = "ungdom"
        /// The young person and the guardians.
        case together = "begge"
    }

    /// Why somebody may not write so, with what to do. Bokmål.
    public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case tooYoungForOwnMail, youngPersonDecides, keptBySomebodyElse, notBorn
        }

        public let kind: Kind
        public let description: String
    }

    public let role: Role
    /// The child, 12 to 15, keeps it from the guardians.
    public let isKept: Bool
    public let born: OsloDay
    private let ages: AgeRules

    public init(_ role: Role, isKept: Bool = false, born: OsloDay, ages: AgeRules = .standard) {
        (self.role, self.isKept, self.born, self.ages) = (role, isKept, born, ages)
    }

    /// - Throws: ``Refusal``.
    public func checkWriting(at instant: Date) throws(Refusal) {
        guard instant >= born.start else {
            throw Refusal(kind: .notBorn, description: "Fødselsdatoen ligger fram i tid. Rett den.")
        }
        let capacity = ages.capacity(born: born, at: instant)
        if isKept, role != .youngPerson || capacity != .guardiansDecideChildHeard {
            throw Refusal(
                kind: .keptBySomebodyElse,
                description:
                    "Bare en som er mellom 12 og 16 år og skriver alene, kan be om at foresatte ikke får vite det. Ta bort ønsket."
            )
        }
        switch (capacity, role) {
        case (.guardiansDecide, .youngPerson), (.guardiansDecide, .together):
            throw Refusal(
                kind: .tooYoungForOwnMail,
                description: "Barnet er under 12 år og har ikke egen postkasse her. Skriv som foresatt.")
        case (.youngPersonDecides, .guardian), (.adult, .guardian):
            throw Refusal(
                kind: .youngPersonDecides,
                description:
                    "Ungdommen har fylt 16 år og bestemmer selv. Ungdommen kan skrive alene, eller dere kan skrive sammen.")
        default: break
        }
    }

    /// Whether somebody in that role may read what was written and what was answered, now.
    public func mayRead(_ reader: Role, at instant: Date) -> Bool {
        let capacity = ages.capacity(born: born, at: instant)
        switch reader {
        case .guardian:
            if capacity.ownDecision { return role == .together }
            return !isKept
        case .youngPerson:
            if capacity == .guardiansDecide { return false }
            return role != .guardian || capacity.ownDecision
        case .together: return false
        }
    }
}
