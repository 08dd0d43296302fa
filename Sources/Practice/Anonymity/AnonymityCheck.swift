/// Looks through a message that names nobody for what tells all the same who the child is: the text, the attachments' text,
/// their names and their properties.
///
/// A help for the author, not a proof: who knows the family may know it again from what happened alone. That is said to the
/// author with every result (``AnonymityReport/reminder``).
public struct AnonymityCheck: Sendable {
    /// Where a finding is.
    public enum Place: Sendable, Hashable {
        case text
        /// The text of an attachment, by its position.
        case attachment(Int)
        case fileName(Int)
        case property(attachment: Int, name: String)
    }

    public struct Attachment: Sendable, Hashable {
        public var fileName: String
        /// Nil when no text could be had of it: a picture, a scan, a locked file.
        public var text: String?
        /// Author, title, last changed by, and so on.
        public var properties: [String: String]

        public init(fileName: String, text: String?, properties: [String: String] = [:]) {
            (self.fileName, self.text, self.properties) = (fileName, text, properties)
        }
    }

    /// Longer texts are cut here, and what is beyond is reported as not checked.
    public static let longest = 400_000

    /// Today in Oslo: ages are counted and two-digit years read by it.
    public let today: OsloDay

    public init(today: OsloDay) { self.today = today }

    /// What is found in one text, in the order of the text.
    public func findings(in text: String) -> [IdentifyingFinding] { findings(in: text, manner: .runningText) }

    public func report(text: String, attachments: [Attachment]) -> AnonymityReport {
        var found = findings(in: text).map { AnonymityReport.Item(place: .text, finding: $0) }
        for (position, attachment) in attachments.enumerated() {
            found += findings(inName: attachment.fileName).map { AnonymityReport.Item(place: .fileName(position), finding: $0) }
            for (name, value) in attachment.properties.sorted(by: { $0.key < $1.key }) {
                found += findings(inProperty: name, value).map {
                    AnonymityReport.Item(place: .property(attachment: position, name: name), finding: $0)
                }
            }
            if let text = attachment.text {
                found += findings(in: text).map { AnonymityReport.Item(place: .attachment(position), finding: $0) }
            } else {
                let unread = IdentifyingFinding(
                    .unchecked, .certain, range: 0..<0, suggestion: IdentifyingFinding.Kind.unchecked.suggestion)
                found.append(AnonymityReport.Item(place: .attachment(position), finding: unread))
            }
        }
        return AnonymityReport(items: found)
    }

    /// A file's name: underscores, hyphens and capitals inside part the words.
    public func findings(inName name: String) -> [IdentifyingFinding] {
        // Same length in bytes, so that ranges hold for the name itself.
        let parted = String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
        var found = findings(in: parted, manner: .fileName)
        if found.isEmpty { found = camelCase(name) }
        return found
    }

    /// The properties in which programs keep people's names.
    private static let personal: Set<String> = [
        "author", "creator", "lastmodifiedby", "last modified by", "manager", "forfatter", "company", "owner", "artist",
        "copyright",
    ]

    private func findings(inProperty name: String, _ value: String) -> [IdentifyingFinding] {
        let found = findings(in: value, manner: .property)
        let words = SearchedText(value).words
        if found.isEmpty, Self.personal.contains(name.lowercased()), !words.isEmpty {
            let sureness: IdentifyingFinding.Sureness = words.count > 1 ? .likely : .possible
            return [
                IdentifyingFinding(
                    .name, sureness, range: 0..<value.utf8.count,
                    suggestion: "Fjern «\(name)» fra filens egenskaper, eller lagre den som en ny PDF uten egenskaper.")
            ]
        }
        return found
    }

    /// «RapportOlaNordmann.pdf»: names within one word, told apart by their capitals.
    private func camelCase(_ name: String) -> [IdentifyingFinding] {
        var parts: [(Range<Int>, String)] = []
        var offset = 0
        for character in name {
            let length = character.utf8.count
            if character.isUppercase || parts.isEmpty || !character.isLetter {
                parts.append((offset..<offset + length, String(character)))
            } else if let last = parts.popLast() {
                parts.append((last.0.lowerBound..<offset + length, last.1 + String(character)))
            }
            offset += length
        }
        return parts.compactMap { range, part in
            let folded = part.lowercased()
            let isName = NameLists.given.contains(folded) || NameLists.family.contains(folded)
            guard isName, folded.count > 2, !NameLists.ambiguous.contains(folded) else { return nil }
            return IdentifyingFinding(.name, .likely, range: range, suggestion: IdentifyingFinding.Kind.name.suggestion)
        }
    }

    private func findings(in text: String, manner: NameScanner.Manner) -> [IdentifyingFinding] {
        let isCut = text.utf8.count > Self.longest
        let scanned = SearchedText(isCut ? String(decoding: text.utf8.prefix(Self.longest), as: UTF8.self) : text)
        let numbers = NumberScanner(scanned)
        let dates = DateScanner(scanned, today: today, taken: numbers.taken)
        let contacts = ContactScanner(scanned, taken: dates.taken)
        let names = NameScanner(scanned, manner: manner, taken: contacts.taken)
        var found = numbers.findings + dates.findings + contacts.findings + names.findings
        if isCut {
            found.append(
                IdentifyingFinding(
                    .unchecked, .certain, range: Self.longest..<text.utf8.count,
                    suggestion: "Teksten er for lang til å bli kontrollert. Del den, eller kort den ned."))
        }
        return found.sorted { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    }
}

/// What the check found, for the author.
public struct AnonymityReport: Sendable, Hashable {
    public struct Item: Sendable, Hashable {
        public let place: AnonymityCheck.Place
        public let finding: IdentifyingFinding
    }

    public let items: [Item]

    public init(items: [Item]) { self.items = items }

    /// Shown with every result, also when nothing was found.
    public static let reminder =
        "Kontrollen finner mye, men ikke alt. Les gjennom en gang til: Kan noen som kjenner familien, skjønne hvem det er?"

    /// Whether the message may go as an anonymous discussion.
    public enum Clearance: Sendable, Hashable {
        case cleared
        /// The author must say of each of these that it points to nobody.
        case asksAuthor([Item])
        /// These must be taken out. Nobody's word helps.
        case stopped([Item])
    }

    /// - Parameter dismissed: what the author has looked at and says points to nobody. Something certain cannot be dismissed.
    public func clearance(dismissed: Set<Item> = []) -> Clearance {
        let certain = items.filter { $0.finding.sureness == .certain }
        if !certain.isEmpty { return .stopped(certain) }
        let open = items.filter { !dismissed.contains($0) }
        return open.isEmpty ? .cleared : .asksAuthor(open)
    }

    /// How many of each kind, for the record: no words and no places.
    public var counts: [IdentifyingFinding.Kind: Int] {
        items.reduce(into: [:]) { $0[$1.finding.kind, default: 0] += 1 }
    }
}
