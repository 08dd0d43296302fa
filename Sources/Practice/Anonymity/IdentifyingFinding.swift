/// Something in a text that may show who the child is.
///
/// Made to be shown to the author of the text, and only there: printing one tells kind and place, never the words. The words
/// are in the text itself, at ``range``.
public struct IdentifyingFinding: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case identityNumber, otherNumber, birthDate, phone, email, webHandle, streetAddress, postalCode
        case name, schoolOrKindergarten, club
        /// A file or property that could not be read as text.
        case unchecked
    }

    /// How sure the finding is. `certain` always stops an anonymous discussion.
    public enum Sureness: Int, Sendable, Hashable, CaseIterable, Comparable {
        case possible, likely, certain
        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    public let kind: Kind
    public let sureness: Sureness
    /// Bytes of the text's UTF-8.
    public let range: Range<Int>
    /// What the author may write instead, bokmål.
    public let suggestion: String

    public init(_ kind: Kind, _ sureness: Sureness, range: Range<Int>, suggestion: String) {
        (self.kind, self.sureness, self.range, self.suggestion) = (kind, sureness, range, suggestion)
    }

    /// The words, for the author's eyes.
    public func words(in text: String) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    /// Line and column of the beginning, both from 1, counted in characters as people see them.
    public func position(in text: String) -> (line: Int, column: Int) {
        let before = String(decoding: text.utf8.prefix(range.lowerBound), as: UTF8.self)
        let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return (max(1, lines.count), (lines.last?.count ?? 0) + 1)
    }

    public var description: String { "\(kind.rawValue) (\(sureness)) at bytes \(range.lowerBound)..<\(range.upperBound)" }
}

extension IdentifyingFinding.Kind {
    /// For the author, bokmål.
    public var name: String {
        switch self {
        case .identityNumber: "fødselsnummer eller lignende"
        case .otherNumber: "nummer som peker på én person"
        case .birthDate: "fødselsdato"
        case .phone: "telefonnummer"
        case .email: "e-postadresse"
        case .webHandle: "brukernavn"
        case .streetAddress: "gateadresse"
        case .postalCode: "postnummer og sted"
        case .name: "navn"
        case .schoolOrKindergarten: "skole eller barnehage"
        case .club: "lag eller korps"
        case .unchecked: "ikke kontrollert"
        }
    }

    var suggestion: String {
        switch self {
        case .identityNumber: "Ta bort nummeret."
        case .otherNumber: "Ta bort nummeret."
        case .birthDate: "Skriv alderen i stedet for datoen."
        case .phone: "Ta bort telefonnummeret."
        case .email: "Ta bort e-postadressen."
        case .webHandle: "Ta bort brukernavnet."
        case .streetAddress: "Ta bort adressen. Skriv bydelen hvis den betyr noe."
        case .postalCode: "Ta bort postnummer og sted. Skriv bydelen hvis den betyr noe."
        case .name: "Skriv hvem det er i stedet: «gutten», «mor», «læreren»."
        case .schoolOrKindergarten: "Skriv «skolen», «barnehagen» eller trinnet i stedet for navnet."
        case .club: "Skriv «idrettslaget» eller «korpset» i stedet for navnet."
        case .unchecked: "Skriv innholdet som tekst, eller ta bort filen."
        }
    }
}
