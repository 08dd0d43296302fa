/// What a receiver needs to know in a kind of message, with why: data, so that the receiver can change it without a new program.
public struct Checklist: Sendable, Hashable {
    public enum Weight: String, Sendable, Hashable, CaseIterable {
        /// Missing, it holds the message until the sender has answered or says why it goes all the same.
        case must = "maa"
        /// Missing, it is shown.
        case should = "boer"
    }

    public enum Condition: String, Sendable, Hashable, CaseIterable {
        case under12, from12, under16, from16
        /// The child's address is not protected. Where it is, nobody asks for it.
        case openAddress = "aapen-adresse"
    }

    public struct Item: Sendable, Hashable {
        public let id: String
        /// Bokmål, one question.
        public let question: String
        /// Why the receiver needs it, bokmål, one sentence.
        public let why: String
        public let weight: Weight
        /// All of these must be answered.
        public let keys: [AnswerKey]
        /// Whether «asked, none» and «not known, because» answer it. A name cannot be «none».
        public let acceptsNone: Bool
        /// The fewest letters an answer has. Shorter ones count as missing.
        public let shortest: Int
        public let onlyWhen: Set<Condition>
    }

    public struct Section: Sendable, Hashable {
        public let title: String
        public let items: [Item]
    }

    public let id: String
    public let version: String
    public let title: String
    public let receiver: CareService
    public let messages: Set<SharingMessage>
    public let sections: [Section]

    public var items: [Item] { sections.flatMap(\.items) }

    public struct ReadingError: Error, Sendable, Hashable, CustomStringConvertible {
        public let place: String
        public let reason: String
        public var description: String { "checklist: \(place) \(reason)" }
    }

    public init(parsing bytes: [UInt8]) throws(ReadingError) {
        let json: CanonicalJSON
        do { json = try CanonicalJSON(parsing: bytes) } catch {
            throw ReadingError(place: "the file", reason: "is not JSON: \(error)")
        }
        guard json["format"]?.text == "msggw-checklist/1" else {
            throw ReadingError(place: "format", reason: "is not msggw-checklist/1")
        }
        id = try Self.text(json, "id", "the file")
        version = try Self.text(json, "version", "the file")
        title = try Self.text(json, "title", "the file")
        receiver = try Self.code(json["receiver"], "receiver")
        var kinds: Set<SharingMessage> = []
        for item in json["messages"]?.items ?? [] { kinds.insert(try Self.code(item, "messages")) }
        guard !kinds.isEmpty else { throw ReadingError(place: "messages", reason: "names no kind of message") }
        messages = kinds
        var sections: [Section] = []
        for section in json["sections"]?.items ?? [] {
            let title = try Self.text(section, "title", "a section")
            var items: [Item] = []
            for item in section["items"]?.items ?? [] { items.append(try Self.item(item)) }
            guard !items.isEmpty else { throw ReadingError(place: "a section", reason: "has no items") }
            sections.append(Section(title: title, items: items))
        }
        self.sections = sections
        let ids = sections.flatMap(\.items).map(\.id)
        guard !ids.isEmpty, Set(ids).count == ids.count else {
            throw ReadingError(place: "sections", reason: "have no items, or two with the same id")
        }
    }

    private static let members: Set<String> = ["id", "question", "why", "weight", "keys", "acceptsNone", "shortest", "onlyWhen"]

    private static func item(_ json: CanonicalJSON) throws(ReadingError) -> Item {
        let id = try text(json, "id", "an item")
        let place = "item \(id)"
        guard case .object(let found) = json, members.isSuperset(of: found.keys) else {
            throw ReadingError(place: place, reason: "has a member that is not known")
        }
        var keys: [AnswerKey] = []
        for key in json["keys"]?.items ?? [] { keys.append(try code(key, "\(place), keys")) }
        guard !keys.isEmpty else { throw ReadingError(place: "\(place), keys", reason: "are missing") }
        var conditions: Set<Condition> = []
        for condition in json["onlyWhen"]?.items ?? [] { conditions.insert(try code(condition, "\(place), onlyWhen")) }
        return Item(
            id: id, question: try text(json, "question", place), why: try text(json, "why", place),
            weight: try code(json["weight"], "\(place), weight"), keys: keys, acceptsNone: json["acceptsNone"]?.boolean ?? true,
            shortest: json["shortest"]?.integer ?? 2, onlyWhen: conditions)
    }

    private static func text(_ json: CanonicalJSON, _ key: String, _ place: String) throws(ReadingError) -> String {
        guard let text = json[key]?.text, !text.isEmpty else {
            throw ReadingError(place: "\(place), \(key)", reason: "is missing or empty")
        }
        return text
    }

    private static func code<Value: RawRepresentable>(
        _ json: CanonicalJSON?, _ place: String
    ) throws(ReadingError) -> Value where Value.RawValue == String {
        guard let value = json?.text.flatMap({ Value(rawValue: $0) }) else {
            throw ReadingError(place: place, reason: "is missing, or a code that is not known")
        }
        return value
    }
}
