import Foundation

/// A unit as a letter names it. `explanation` says in words what an abbreviation in the name stands for.
public struct LetterUnit: Sendable, Hashable {
    public var name: String
    public var explanation: String?

    public init(_ name: String, explanation: String? = nil) { (self.name, self.explanation) = (name, explanation) }

    /// With the explanation, for the first time it is named.
    var introduced: String { explanation.map { "\(name) (\($0))" } ?? name }

    var cleaned: LetterUnit {
        LetterUnit(name.cleanedLine, explanation: explanation.map(\.cleanedLine).flatMap { $0.isEmpty ? nil : $0 })
    }
}

/// A person in a letter: who it is and how to reach them.
public struct LetterPerson: Sendable, Hashable {
    public var name: String
    /// Profession or role: `psykologspesialist`.
    public var role: String
    public var phone: PhoneNumber?
    /// When they answer: `hverdager fra 9 til 15`.
    public var hours: String?
    /// Number in the register of health personnel. Kept in the record, not written in a letter.
    public var hpr: String?

    public init(_ name: String, role: String, phone: PhoneNumber? = nil, hours: String? = nil, hpr: String? = nil) {
        (self.name, self.role, self.phone, self.hours, self.hpr) = (name, role, phone, hours, hpr)
    }

    var cleaned: LetterPerson {
        LetterPerson(
            name.cleanedLine, role: role.cleanedLine, phone: phone, hours: hours?.cleanedLine, hpr: hpr?.cleanedLine)
    }
    /// `Kari Nordmann, psykologspesialist`.
    var introduced: String { role.isEmpty ? name : "\(name), \(role)" }
}

/// A service in the family's own bydel, as the registry gives it.
public struct LetterService: Sendable, Hashable {
    public var name: String
    /// What it does, in a few words.
    public var what: String
    public var phone: PhoneNumber?
    public var address: String?

    public init(_ name: String, what: String, phone: PhoneNumber? = nil, address: String? = nil) {
        (self.name, self.what, self.phone, self.address) = (name, what, phone, address)
    }

    var cleaned: LetterService {
        LetterService(
            name.cleanedLine, what: what.cleanedLine.trimmingCharacters(in: CharacterSet(charactersIn: ".")), phone: phone,
            address: address?.cleanedLine)
    }
}

/// Who holds the responsibility from now on and what they do.
public struct NextHolder: Sendable, Hashable {
    public var name: String
    /// A sentence to the family: `Fastlegen ringer dere i løpet av uka.`
    public var does: String
    public var phone: PhoneNumber?

    public init(_ name: String, does: String, phone: PhoneNumber? = nil) {
        (self.name, self.does, self.phone) = (name, does, phone)
    }

    var cleaned: NextHolder { NextHolder(name.cleanedLine, does: does.cleanedText, phone: phone) }
}

/// What every letter about a referral names.
public struct LetterCase: Sendable, Hashable {
    public var unit: LetterUnit
    /// As the letter calls the child.
    public var child: String
    /// `fastlege Per Hansen`.
    public var referrer: String
    public var receivedOn: LetterDay?
    /// The referral's own id, which stays the same through changes. Only in the record.
    public var referral: String
    /// Whom the family and the referrer can call.
    public var contact: LetterPerson?

    public init(
        unit: LetterUnit, child: String, referrer: String, receivedOn: LetterDay?, referral: String, contact: LetterPerson?
    ) {
        (self.unit, self.child, self.referrer, self.receivedOn) = (unit, child, referrer, receivedOn)
        (self.referral, self.contact) = (referral, contact)
    }

    var cleaned: LetterCase {
        LetterCase(
            unit: unit.cleaned, child: child.cleanedLine, referrer: referrer.cleanedLine, receivedOn: receivedOn,
            referral: referral.cleanedLine, contact: contact?.cleaned)
    }

    /// Whether `day` is missing or lies before the referral came.
    func isUnusable(_ day: LetterDay?) -> Bool {
        guard let day else { return true }
        return receivedOn.map { day < $0 } ?? false
    }

    /// What is missing for any letter at all.
    var lacks: [LetterLack] {
        var lacks: [LetterLack] = []
        if unit.name.isEmpty { lacks.append(.unit) }
        if child.isEmpty { lacks.append(.child) }
        if referrer.isEmpty || referral.isEmpty { lacks.append(.referral) }
        if receivedOn == nil { lacks.append(.receivedOn) }
        if contact?.name.isEmpty ?? true {
            lacks.append(.contact)
        } else if contact?.phone?.canBeDirect != true {
            lacks.append(.contactNumber)
        }
        return lacks
    }
}

extension String {
    /// Composed, lines ended by LF, and without what could not be seen or would turn the text round.
    var cleanedText: String {
        var scalars = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0D, 0x85, 0x2028, 0x2029: scalars.append("\n")
            case 0x0A: if !wasReturn { scalars.append("\n") }
            case 0x09: scalars.append(" ")
            case let code where Self.isUnseen(code): break
            default: scalars.append(scalar)
            }
            wasReturn = scalar.value == 0x0D
        }
        return String(scalars).precomposedStringWithCanonicalMapping.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Control characters, marks of direction and of nothing.
    private static func isUnseen(_ code: UInt32) -> Bool {
        switch code {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x200B, 0x200E, 0x200F: true
        case 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF0...0xFFFF: true
        default: false
        }
    }

    /// As ``cleanedText``, on one line.
    var cleanedLine: String {
        cleanedText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Array where Element == String {
    /// Each on one line, without those that say nothing.
    var cleanedLines: [String] { map(\.cleanedLine).filter { !$0.isEmpty } }
}
