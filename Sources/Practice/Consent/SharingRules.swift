/// What law and practice ask before something may be shared, as data: by kind of message, sender, receiver and information.
///
/// The first rule that fits decides. Where none fits a consent is needed. The legal basis is named in every rule, and how sure
/// we are of it; the rules are no legal advice, and their owner must have them read by a lawyer (``uncertain`` lists which).
public struct SharingRules: Sendable, Hashable {
    public enum Requirement: String, Sendable, Hashable, CaseIterable {
        /// The law lets or makes the sender share.
        case nothing
        /// As `nothing`, as long as nobody who may has objected.
        case noObjection = "unless-objected"
        case consent
        /// May not be shared this way at all.
        case never
        /// Only a text that names nobody, cleared by the anonymity check.
        case anonymous
    }

    /// A place in the law, and how sure it is.
    public struct LegalBasis: Sendable, Hashable {
        public enum Certainty: String, Sendable, Hashable, CaseIterable {
            /// Read in a source that could be opened.
            case sourced
            /// Known, not read again.
            case recalled
            /// The act is right as far as we know; paragraph or reach must be settled by a lawyer.
            case uncertain
        }
        public let law: String
        public let paragraph: String?
        public let certainty: Certainty

        public init(law: String, paragraph: String?, certainty: Certainty) {
            (self.law, self.paragraph, self.certainty) = (law, paragraph, certainty)
        }

        public var name: String { paragraph.map { "\(law) \($0)" } ?? law }
    }

    public struct Rule: Sendable, Hashable {
        public let id: String
        /// Empty: every kind. The same for the lists below.
        public let messages: Set<SharingMessage>
        public let from: Set<CareService>
        public let to: Set<CareService>
        public let relations: Set<SharingQuestion.Relation>
        public let information: Set<InformationKind>
        public let requirement: Requirement
        public let basis: LegalBasis
        /// Whether a consent to treatment is asked for too.
        public let needsTreatmentConsent: Bool
        /// Bokmål, for the sender.
        public let reason: String
        public let action: String

        func fits(_ question: SharingQuestion, _ kind: InformationKind) -> Bool {
            (messages.isEmpty || messages.contains(question.message)) && (from.isEmpty || from.contains(question.sender.service))
                && (to.isEmpty || to.contains(question.receiver.service))
                && (relations.isEmpty || !relations.isDisjoint(with: question.relations))
                && (information.isEmpty || information.contains(kind))
        }
    }

    /// When life or health is at stake: who may then be told without a consent.
    public struct Emergency: Sendable, Hashable {
        public let to: Set<CareService>
        public let basis: LegalBasis
        public let reason: String
    }

    public let version: String
    public let rules: [Rule]
    public let emergency: Emergency
    /// Whether one guardian is enough when the other could not be reached, with the reason recorded.
    public let oneGuardianWhenOtherNotReached: Bool

    public var uncertain: [Rule] { rules.filter { $0.basis.certainty == .uncertain } }

    /// Says what in a rule file is wrong: rule and member, never what stands there.
    public struct ReadingError: Error, Sendable, Hashable, CustomStringConvertible {
        public let place: String
        public let reason: String
        public var description: String { "sharing rules: \(place) \(reason)" }
    }

    public init(parsing bytes: [UInt8]) throws(ReadingError) {
        let json: CanonicalJSON
        do { json = try CanonicalJSON(parsing: bytes) } catch {
            throw ReadingError(place: "the file", reason: "is not JSON: \(error)")
        }
        guard json["format"]?.text == "msggw-sharing-rules/1" else {
            throw ReadingError(place: "format", reason: "is not msggw-sharing-rules/1")
        }
        version = try Self.text(json, "version", "the file")
        guard let one = json["oneGuardianWhenOtherNotReached"]?.boolean else {
            throw ReadingError(place: "oneGuardianWhenOtherNotReached", reason: "is not true or false")
        }
        oneGuardianWhenOtherNotReached = one
        guard let urgent = json["emergency"] else { throw ReadingError(place: "emergency", reason: "is missing") }
        emergency = Emergency(
            to: try Self.set(urgent, "to", "emergency"), basis: try Self.basis(urgent, "emergency"),
            reason: try Self.text(urgent, "reason", "emergency"))
        var read: [Rule] = []
        for item in json["rules"]?.items ?? [] { read.append(try Self.rule(item)) }
        guard !read.isEmpty, Set(read.map(\.id)).count == read.count else {
            throw ReadingError(place: "rules", reason: "are missing, or two have the same id")
        }
        rules = read
    }

    private static func rule(_ json: CanonicalJSON) throws(ReadingError) -> Rule {
        let id = try text(json, "id", "a rule")
        let known: Set<String> = [
            "id", "messages", "from", "to", "relations", "information", "requirement", "basis", "treatmentConsent", "reason",
            "action",
        ]
        guard case .object(let members) = json, known.isSuperset(of: members.keys) else {
            // A misspelt condition would make the rule wider.
            throw ReadingError(place: "rule \(id)", reason: "has a member that is not known")
        }
        guard let requirement = Requirement(rawValue: try text(json, "requirement", "rule \(id)")) else {
            throw ReadingError(place: "rule \(id), requirement", reason: "is not known")
        }
        return Rule(
            id: id, messages: try set(json, "messages", "rule \(id)"), from: try set(json, "from", "rule \(id)"),
            to: try set(json, "to", "rule \(id)"), relations: try set(json, "relations", "rule \(id)"),
            information: try set(json, "information", "rule \(id)"), requirement: requirement,
            basis: try basis(json, "rule \(id)"), needsTreatmentConsent: json["treatmentConsent"]?.boolean ?? false,
            reason: try text(json, "reason", "rule \(id)"), action: try text(json, "action", "rule \(id)"))
    }

    private static func basis(_ json: CanonicalJSON, _ place: String) throws(ReadingError) -> LegalBasis {
        guard let basis = json["basis"], let certainty = basis["certainty"]?.text.flatMap(LegalBasis.Certainty.init) else {
            throw ReadingError(place: "\(place), basis", reason: "is missing, or does not say how sure it is")
        }
        return LegalBasis(
            law: try text(basis, "law", "\(place), basis"), paragraph: basis["paragraph"]?.text, certainty: certainty)
    }

    private static func text(_ json: CanonicalJSON, _ key: String, _ place: String) throws(ReadingError) -> String {
        guard let text = json[key]?.text, !text.isEmpty else {
            throw ReadingError(place: "\(place), \(key)", reason: "is missing or empty")
        }
        return text
    }

    private static func set<Value: RawRepresentable & Hashable>(
        _ json: CanonicalJSON, _ key: String, _ place: String
    ) throws(ReadingError) -> Set<Value> where Value.RawValue == String {
        var values: Set<Value> = []
        for item in json[key]?.items ?? [] {
            guard let value = item.text.flatMap({ Value(rawValue: $0) }) else {
                throw ReadingError(place: "\(place), \(key)", reason: "has a code that is not known")
            }
            values.insert(value)
        }
        // An empty list would mean «every»: nobody writes that on purpose.
        if let found = json[key], found.items == nil || values.isEmpty {
            throw ReadingError(place: "\(place), \(key)", reason: "is not a list with something in it")
        }
        return values
    }
}
