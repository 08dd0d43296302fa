/// The number or code of an area: `0301` a municipality, `030103` a bydel, `0301031` a part of one.
public struct AreaID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { value }
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A municipality, a bydel or a part of one, while it exists.
public struct Area: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable { case municipality, bydel, part }

    public var id: AreaID
    public var kind: Kind
    public var name: String
    /// Other names and spellings that people write.
    public var aliases: [String]
    public var parent: AreaID?
    /// Of an area that a reform makes: what it is made of. Otherwise what has it for parent.
    public var parts: [AreaID]
    public var period: DoorPeriod

    public init(
        id: AreaID, kind: Kind, name: String, aliases: [String] = [], parent: AreaID? = nil, parts: [AreaID] = [],
        period: DoorPeriod = DoorPeriod()
    ) {
        (self.id, self.kind, self.name, self.aliases) = (id, kind, name, aliases)
        (self.parent, self.parts, self.period) = (parent, parts, period)
    }
}

/// Bydeler that end on a day and what comes in their place. Areas that are split name the parts that go where.
public struct Reform: Sendable, Hashable {
    public var id: String
    public var name: String
    /// The first day of what is new.
    public var effective: DoorDay
    public var ends: [AreaID]
    public var begins: [Area]

    public init(id: String, name: String, effective: DoorDay, ends: [AreaID], begins: [Area]) {
        (self.id, self.name, self.effective, self.ends, self.begins) = (id, name, effective, ends, begins)
    }
}

/// Areas and how they hang together over time.
///
/// Every area is a set of atoms: the smallest pieces that are known. A merged bydel has the atoms of both, a split one gives its
/// atoms away; so "who covers this place" is one question before, on and after a reform.
public struct Geography: Sendable {
    public private(set) var areas: [AreaID: Area] = [:]
    public let reforms: [Reform]
    private var atomsOf: [AreaID: [AreaID]] = [:]
    private var named: [String: [AreaID]] = [:]

    /// - Throws: ``DoorError`` when an area is unknown or made of itself, or a reform leaves a piece without a bydel or with two.
    public init(areas list: [Area] = [], reforms: [Reform] = []) throws(DoorError) {
        self.reforms = reforms.sorted { ($0.effective, $0.id) < ($1.effective, $1.id) }
        for area in list { try add(area) }
        for reform in self.reforms {
            for var area in reform.begins {
                guard !area.parts.isEmpty else {
                    throw DoorError(.malformed, at: "reforms \(reform.id)", "\(area.id) has no parts")
                }
                area.period.from = reform.effective
                try add(area)
            }
            for id in reform.ends {
                guard areas[id] != nil else {
                    throw DoorError(.unknownArea, at: "reforms \(reform.id).ends", "\(id) is not known")
                }
                areas[id]?.period.to = reform.effective.eve
            }
        }
        var children: [AreaID: [AreaID]] = [:]
        for area in areas.values.sorted(by: { $0.id < $1.id }) {
            guard let parent = area.parent else { continue }
            guard areas[parent] != nil else {
                throw DoorError(.unknownArea, at: "areas \(area.id).parent", "\(parent) is not known")
            }
            children[parent, default: []].append(area.id)
        }
        for id in areas.keys.sorted() { _ = try collect(id, children: children, below: []) }
        for reform in self.reforms { try check(reform) }
        for area in areas.values.sorted(by: { $0.id < $1.id }) {
            for name in Set(([area.name] + area.aliases).map(Self.folded)) { named[name, default: []].append(area.id) }
        }
    }

    /// The smallest pieces of an area, in order. An area that nobody described is its own only piece.
    public func atoms(of id: AreaID) -> [AreaID] { atomsOf[id] ?? [id] }

    /// The areas of that name or number; a name that several have, and that do not end at once, gives several.
    public func areas(named text: String) -> [Area] {
        if let area = areas[AreaID(text)] { return [area] }
        return (named[Self.folded(text)] ?? []).compactMap { areas[$0] }
    }

    /// Every name that people may write, folded, with the area; for finding places in a search.
    var foldedNames: [String: [AreaID]] { named }

    /// The bydeler, or the municipality where there are none, that hold any of these pieces on that day.
    public func holders(of atoms: [AreaID], on day: DoorDay) -> [Area] {
        let wanted = Set(atoms)
        return areas.values
            .filter { $0.kind == .bydel && $0.period.contains(day) && !wanted.isDisjoint(with: self.atoms(of: $0.id)) }
            .sorted { $0.id < $1.id }
    }

    /// The municipality above an area.
    public func municipality(of id: AreaID) -> AreaID? {
        var next: AreaID? = id
        // Parents are a tree (checked when read), so this ends.
        while let current = next, let area = areas[current] {
            if area.kind == .municipality { return current }
            next = area.parent
        }
        return nil
    }

    /// Lower case, without "bydel" and punctuation: `Bydel St. Hanshaugen` and `st hanshaugen` are one.
    static func folded(_ name: String) -> String {
        var words = WordForms.words(of: name)
        if words.count > 1, words.first == "bydel" { words.removeFirst() }
        return words.joined(separator: " ")
    }

    private mutating func add(_ area: Area) throws(DoorError) {
        guard areas.updateValue(area, forKey: area.id) == nil else {
            throw DoorError(.duplicate, at: "areas \(area.id)", "is there twice")
        }
    }

    private mutating func collect(
        _ id: AreaID, children: [AreaID: [AreaID]], below: Set<AreaID>
    ) throws(DoorError) -> [AreaID] {
        if let known = atomsOf[id] { return known }
        guard let area = areas[id] else { throw DoorError(.unknownArea, at: "areas", "\(id) is not known") }
        guard !below.contains(id) else { throw DoorError(.areaLoop, at: "areas \(id)", "is made of itself") }
        let pieces = area.parts.isEmpty ? children[id] ?? [] : area.parts
        var atoms: Set<AreaID> = []
        for piece in pieces { atoms.formUnion(try collect(piece, children: children, below: below.union([id]))) }
        let sorted = pieces.isEmpty ? [id] : atoms.sorted()
        atomsOf[id] = sorted
        return sorted
    }

    /// What ends must be given away wholly, and once.
    private func check(_ reform: Reform) throws(DoorError) {
        var given: Set<AreaID> = []
        for area in reform.begins {
            for atom in atoms(of: area.id) where !given.insert(atom).inserted {
                throw DoorError(.reformOverlap, at: "reforms \(reform.id)", "\(atom) goes to two new areas")
            }
        }
        let ended = Set(reform.ends.flatMap { atoms(of: $0) })
        if let left = ended.subtracting(given).min() {
            throw DoorError(.reformGap, at: "reforms \(reform.id)", "\(left) goes nowhere")
        }
        if let taken = given.subtracting(ended).min() {
            throw DoorError(.reformOverlap, at: "reforms \(reform.id)", "\(taken) is taken from an area that does not end")
        }
    }
}

extension Geography {
    /// Without any area.
    public static let empty = Geography()

    private init() { reforms = [] }
}
