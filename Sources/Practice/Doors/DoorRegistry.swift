/// All doors with what decides between them, and the indexes for asking. Made once for each version of the data.
public struct DoorRegistry: Sendable {
    public let book: DoorBook
    /// In the order of their ids.
    public let doors: [Door]
    let positions: [DoorID: Int32]
    let rules: [Need: NeedRule]
    /// The pieces that a door is for, by position; empty where its entry names no place.
    private let coverage: [Int32: AreaID]
    private let byTypeAndAtom: [TypeAtom: [Int32]]
    private let catchments: [NeedAtom: [Int32]]

    struct TypeAtom: Hashable { let code: DoorCode, atom: AreaID }
    struct NeedAtom: Hashable { let need: Need, atom: AreaID }

    public init(_ book: DoorBook) {
        self.book = book
        let doors = book.doors.sorted { $0.id < $1.id }
        self.doors = doors
        let positions = Dictionary(doors.enumerated().map { ($1.id, Int32($0)) }) { first, _ in first }
        self.positions = positions
        rules = Dictionary((NeedRule.usual + book.rules).map { ($0.need, $0) }) { $1 }
        let wanted = Set(rules.values.flatMap(\.serviceTypes))
        var coverage: [Int32: AreaID] = [:]
        var byType: [TypeAtom: [Int32]] = [:]
        for (number, door) in doors.enumerated() {
            let parent = door.parent.flatMap { positions[$0] }.map { doors[Int($0)] }
            guard let area = Self.area(of: door, below: parent, in: book.geography) else { continue }
            coverage[Int32(number)] = area
            guard let type = door.serviceType, wanted.contains(type) else { continue }
            for atom in book.geography.atoms(of: area) {
                byType[TypeAtom(code: type, atom: atom), default: []].append(Int32(number))
            }
        }
        (self.coverage, byTypeAndAtom) = (coverage, byType)
        var catchments: [NeedAtom: [Int32]] = [:]
        for (number, catchment) in book.catchments.enumerated() {
            for atom in Set(catchment.areas.flatMap { book.geography.atoms(of: $0) }) {
                catchments[NeedAtom(need: catchment.need, atom: atom), default: []].append(Int32(number))
            }
        }
        self.catchments = catchments
    }

    /// Every need that somebody can ask for, in the order of their ids.
    public var needs: [NeedRule] { rules.values.sorted { $0.need.id < $1.need.id } }

    public subscript(id: DoorID) -> Door? { positions[id].map { doors[Int($0)] } }

    /// The door with what it has from its parent: endpoints, certificates, capabilities, organisation number, and no longer valid
    /// or active than the parent is.
    public func complete(_ id: DoorID) -> Door? {
        guard var door = self[id] else { return nil }
        guard let parent = door.parent.flatMap({ self[$0] }) else { return door }
        door.organisationNumber = door.organisationNumber ?? parent.organisationNumber
        door.capabilities = door.capabilities ?? parent.capabilities
        if door.endpoints.isEmpty { door.endpoints = parent.endpoints }
        if door.certificates.isEmpty { door.certificates = parent.certificates }
        door.municipality = door.municipality ?? parent.municipality
        door.period = door.period.intersection(parent.period)
        door.isActive = door.isActive && parent.isActive
        return door
    }

    /// The area that a door is for: its bydel, or the municipality that it or its parent lies in.
    public func area(of id: DoorID) -> AreaID? { positions[id].flatMap { coverage[$0] } }

    /// Doors of a service type that are for any of these pieces, whenever they are valid.
    func doors(of types: [DoorCode], for atoms: [AreaID]) -> [DoorID] {
        var found: Set<Int32> = []
        for type in types { for atom in atoms { found.formUnion(byTypeAndAtom[TypeAtom(code: type, atom: atom)] ?? []) } }
        return found.sorted().map { doors[Int($0)].id }
    }

    func catchments(for need: Need, of atoms: [AreaID]) -> [Catchment] {
        var found: Set<Int32> = []
        for atom in atoms { found.formUnion(catchments[NeedAtom(need: need, atom: atom)] ?? []) }
        return found.sorted().map { book.catchments[Int($0)] }
    }

    private static func area(of door: Door, below parent: Door?, in geography: Geography) -> AreaID? {
        guard let stated = door.area else { return door.municipality ?? parent?.municipality }
        let named = geography.areas(named: stated.value)
        if named.count <= 1 { return named.first?.id ?? stated }
        // A name that lived on through a reform: the one that exists when the door opens.
        let opens = door.period.from ?? DoorDay(number: 0)
        return (named.first { $0.period.contains(opens) } ?? named[0]).id
    }
}
