/// One vocabulary for what services do, the same in every bydel.
public struct Vocabulary: Sendable, Hashable {
    public struct Term: Sendable, Hashable {
        public var id: String
        /// What people read: `angst og uro`.
        public var label: String
        /// What people write for it, of one or more words, in bokmål or nynorsk; the label counts too.
        public var words: [String]
        /// Terms that hold this one: help with `angst` is help with `psykisk-helse`.
        public var broader: [String]
        /// National service types that do this, so that doors nobody has described are found as well.
        public var serviceTypes: [DoorCode]

        public init(id: String, label: String, words: [String] = [], broader: [String] = [], serviceTypes: [DoorCode] = []) {
            (self.id, self.label, self.words) = (id, label, words)
            (self.broader, self.serviceTypes) = (broader, serviceTypes)
        }
    }

    public var terms: [Term]
    public init(terms: [Term]) { self.terms = terms }
}

/// What one service in the directory offers, under the name that it has locally.
public struct ServiceOffer: Sendable, Hashable {
    public enum Audience: String, Sendable, CaseIterable {
        case children = "barn"
        case youth = "ungdom"
        case parents = "foreldre"
        case professionals = "fagfolk"
    }

    public enum Access: String, Sendable, CaseIterable {
        /// The family comes or calls by itself.
        case direct = "direkte"
        case referral = "henvisning"
    }

    public var id: String
    public var name: String
    /// Where messages to it go, when it has a door of its own.
    public var door: DoorID?
    public var area: AreaID
    public var terms: [String]
    public var ages: ClosedRange<Int>?
    public var audience: [Audience]
    public var access: Access
    public var phone: String?
    public var page: String?
    /// One sentence for families.
    public var about: String?
    public var period: DoorPeriod

    public init(
        id: String, name: String, door: DoorID? = nil, area: AreaID, terms: [String], ages: ClosedRange<Int>? = nil,
        audience: [Audience] = [], access: Access = .direct, phone: String? = nil, page: String? = nil, about: String? = nil,
        period: DoorPeriod = DoorPeriod()
    ) {
        (self.id, self.name, self.door, self.area, self.terms, self.ages) = (id, name, door, area, terms, ages)
        (self.audience, self.access, self.phone, self.page) = (audience, access, phone, page)
        (self.about, self.period) = (about, period)
    }
}
