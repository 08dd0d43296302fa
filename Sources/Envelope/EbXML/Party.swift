import Native

/// One identifier of a party. ebMS 2.0 §3.1.1.1.
public struct PartyID: Sendable, Hashable {
    public static let herType = "HER"
    /// The types under which a Norwegian organisation number comes.
    public static let organisationTypes = ["ENH", "orgnummer"]
    /// What may stand beside a number and is never routed on.
    static let otherTypes = ["DN", "commonname"]

    public var type: String?
    public var value: String

    public init(type: String?, value: String) { (self.type, self.value) = (type, value) }

    public static func her(_ herID: String) -> PartyID { PartyID(type: herType, value: herID) }

    /// Whether it is one that we route on.
    fileprivate var isNumber: Bool { type.map { $0 == Self.herType || Self.organisationTypes.contains($0) } ?? false }
    fileprivate var isOfKnownType: Bool { isNumber || type.map(Self.otherTypes.contains) ?? false }
}

/// `From` or `To`: who, by several identifiers, and in which role. ebMS 2.0 §3.1.1.
public struct Party: Sendable, Hashable {
    public var ids: [PartyID]
    public var role: String?

    public init(ids: [PartyID], role: String?) { (self.ids, self.role) = (ids, role) }

    public init(her herID: String, role: String?) { self.init(ids: [.her(herID)], role: role) }

    /// The number of the address registry: what we route on.
    public var herID: String? { value(ofType: [PartyID.herType]) }
    public var organisationNumber: String? { value(ofType: PartyID.organisationTypes) }

    /// Whether an identifier that we route on names the same party. HER-id decides when both have one.
    public func matches(_ other: Party) -> Bool {
        if let mine = herID, let theirs = other.herID { return mine == theirs }
        guard let mine = organisationNumber, let theirs = other.organisationNumber else { return false }
        return mine == theirs
    }

    private func value(ofType types: [String]) -> String? {
        ids.first { id in id.type.map(types.contains) ?? false }?.value
    }
}

extension Party {
    static let mostIDs = 10
    private static let order = XMLNameTable("PartyId", "Role")

    /// - Throws: `.headerMalformed` when no identifier is of a type that we route on, a number is not made of ASCII digits, or
    ///   two of one type differ.
    init(_ element: EbXMLElement) throws(EnvelopeError) {
        var ids: [PartyID] = []
        for id in element.all("PartyId") {
            ids.append(PartyID(type: try id.attribute("type"), value: try id.text()))
            guard ids.count <= Self.mostIDs else { throw element.malformed("there are more than \(Self.mostIDs) PartyIds") }
        }
        try element.checkChildren(Self.order)
        self.init(ids: ids, role: try element.optionalText(of: "Role"))
        if let problem = problemWithIDs() { throw element.malformed(problem) }
        for id in ids where !id.isOfKnownType { element.log.note("a PartyId of unknown type", at: element.place) }
    }

    /// Why nobody is named clearly, read or before it is written.
    func problemWithIDs() -> String? {
        if ids.count > Self.mostIDs { return "there are more than \(Self.mostIDs) PartyIds" }
        var values: [String: String] = [:]
        for id in ids {
            guard let type = id.type, id.isOfKnownType else { continue }
            guard !id.isNumber || id.value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                return "a number in a PartyId is not made of digits"
            }
            let key = PartyID.organisationTypes.contains(type) ? "ENH" : type
            guard values.updateValue(id.value, forKey: key) ?? id.value == id.value else {
                return "two PartyIds of one type differ"
            }
        }
        return ids.contains(where: \.isNumber) ? nil : "no PartyId of a known type"
    }

    func write(_ name: String, _ writer: inout XMLWriter) {
        writer.element(name) { writer in
            for id in ids { writer.element("eb:PartyId", [("eb:type", id.type)], text: id.value) }
            writer.element("eb:Role", text: role)
        }
    }
}
