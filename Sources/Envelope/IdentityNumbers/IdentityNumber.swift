/// A Norwegian identity number of a person: eleven digits, checked. Neither sex nor date of birth is ever taken from it;
/// from 2032 it holds neither, and today it misleads for D-numbers and synthetic persons.
///
/// Printing one shows no digits: numbers must not reach a log by accident. ``value`` is the number.
public struct IdentityNumber: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable {
        case fodselsnummer = "FNR"
        /// Day + 40.
        case dNumber = "DNR"
        /// Month + 40. The same form marks synthetic persons of some test sets.
        case hNumber = "HNR"
        /// Felles hjelpenummer: begins with 8 or 9 and holds no date.
        case commonHelpNumber = "FHN"
    }

    /// How the first check digit is judged.
    public enum CheckRule: Sendable, Hashable {
        /// Both check digits exact, as for every number issued before 2032.
        case strict
        /// The first check digit may leave a remainder of 0 to 3, as the tax authority will issue from 2032.
        case from2032
    }

    /// Where a number may be used.
    public enum Environment: Sendable, Hashable { case production, test }

    /// How a number shows that nobody bears it.
    public enum SyntheticMark: Sendable, Hashable {
        /// Tenor and Test-Norge: month + 80.
        case month80
        /// Test sets of Norsk Helsenett and others: month + 65.
        case month65
        /// Month + 40, which is also the form of an H-number.
        case month40
    }

    public let value: String
    public let kind: Kind
    public let syntheticMark: SyntheticMark?

    /// - Throws: ``EnvelopeError`` `.identityNumberInvalid`; its reason never holds the number.
    public init(_ text: String, rule: CheckRule = .strict) throws(EnvelopeError) {
        let bytes = Array(text.utf8)
        guard bytes.count == 11, bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw EnvelopeError(.identityNumberInvalid, reason: "the identity number does not have eleven digits")
        }
        let digits = bytes.map { Int($0 - UInt8(ascii: "0")) }
        guard Self.checksHold(digits, rule) else {
            throw EnvelopeError(.identityNumberInvalid, reason: "the identity number's check digits are wrong")
        }
        value = text
        if digits[0] >= 8 {
            (kind, syntheticMark) = (.commonHelpNumber, nil)
            return
        }
        guard let form = Self.form(of: digits) else {
            throw EnvelopeError(.identityNumberInvalid, reason: "the identity number holds no day of a calendar")
        }
        (kind, syntheticMark) = form
    }

    /// Whether the number is certainly of no living person. A month + 40 may be, and is not counted.
    public var isSynthetic: Bool { syntheticMark == .month80 || syntheticMark == .month65 }

    /// Refuses invented persons in production and anyone who may be real in a test.
    ///
    /// Month + 40 passes in both: it is an H-number in the one and a test person in the other. A felles hjelpenummer has no
    /// mark at all and passes in production only.
    ///
    /// - Throws: ``EnvelopeError`` `.identityNumberInvalid`.
    public func check(allowedIn environment: Environment) throws(EnvelopeError) {
        switch environment {
        case .production where isSynthetic:
            throw EnvelopeError(.identityNumberInvalid, reason: "a synthetic identity number in production")
        case .test where syntheticMark == nil:
            throw EnvelopeError(.identityNumberInvalid, reason: "an identity number that may be a real person's in a test")
        case .production, .test: break
        }
    }

    /// `Ident` of this number, with the type of its kind (list 8116).
    public var identifier: Identifier { Identifier(value, type: PersonIDType(rawValue: kind.rawValue).coded) }

    public var description: String { "\(kind.rawValue) ***********" }

    private static func checksHold(_ digits: [Int], _ rule: CheckRule) -> Bool {
        let first = zip(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).reduce(0) { $0 + $1.0 * $1.1 } % 11
        let second = zip(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).reduce(0) { $0 + $1.0 * $1.1 } % 11
        switch rule {
        case .strict: return first == 0 && second == 0
        case .from2032: return first <= 3 && second == 0
        }
    }

    /// What day and month say once their marks are taken off; nil when no such day exists in any year.
    private static func form(of digits: [Int]) -> (Kind, SyntheticMark?)? {
        var day = digits[0] * 10 + digits[1]
        var month = digits[2] * 10 + digits[3]
        let isD = day > 40
        if isD { day -= 40 }
        var mark: SyntheticMark?
        switch month {
        case 81...92: (mark, month) = (.month80, month - 80)
        case 66...77: (mark, month) = (.month65, month - 65)
        case 41...52: (mark, month) = (.month40, month - 40)
        default: break
        }
        guard CalendarDay(year: 2000, month: month, day: day).exists else { return nil }
        if isD { return (.dNumber, mark) }
        return (mark == .month40 ? .hNumber : .fodselsnummer, mark)
    }
}
