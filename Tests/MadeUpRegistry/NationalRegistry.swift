public import Practice

/// A registry of national size around another one, made from a seed: 356 municipalities with one municipal organisation each, GP
/// offices after them, services and persons below all. Names and numbers are made up; the same seed gives the same registry.
public struct NationalRegistry {
    private var numbers: SeededNumbers
    private var nextID: Int64 = 1_000_000

    public init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    /// Adds parties to the book until it has so many.
    public mutating func book(around book: DoorBook, parties: Int) throws -> DoorBook {
        var book = book
        book.geography = try widened(book.geography)
        var organisations = 0
        while book.doors.count < parties {
            let organisation = organisation(organisations)
            book.doors.append(organisation)
            for place in 0..<Int.random(in: 3...12, using: &numbers) where book.doors.count < parties {
                book.doors.append(party(place, below: organisation))
            }
            organisations += 1
        }
        return book
    }

    private func widened(_ geography: Geography) throws -> Geography {
        let ended = Set(geography.reforms.flatMap(\.ends))
        let begun = Set(geography.reforms.flatMap { $0.begins.map(\.id) })
        var areas = geography.areas.values.filter { !begun.contains($0.id) }
        for position in areas.indices where ended.contains(areas[position].id) { areas[position].period.to = nil }
        for number in 0..<Self.municipalities {
            areas.append(Area(id: AreaID("\(4000 + number)"), kind: .municipality, name: "Prøvekommune \(number)"))
        }
        return try Geography(areas: areas, reforms: geography.reforms)
    }

    private mutating func organisation(_ number: Int) -> Door {
        let isMunicipal = number < Self.municipalities
        let name =
            isMunicipal
            ? "Prøvekommune \(number)" : "\(pick(Self.words))\(pick(Self.words).lowercased()) \(pick(Self.kinds)) \(number)"
        var door = Door(id: takeID(), kind: .organisation, name: name)
        door.organisationNumber = Self.organisationNumber(number)
        door.businessType = DoorCode(isMunicipal ? "102" : "103", list: "9040")
        door.municipality = AreaID("\(4000 + number % Self.municipalities)")
        door.capabilities = DoorCapabilities(protections: ["national"])
        door.endpoints = [DoorEndpoint(type: "E_EDI", address: "edi\(number)@edi.example")]
        door.certificates = [DoorCertificate.Use.signing, .encryption].map { use in
            let hex = (0..<4).map { _ in Self.padded(String(numbers.next(), radix: 16)) }.joined()
            return DoorCertificate(use: use, fingerprint: "sha256:\(hex)", organisationNumber: door.organisationNumber)
        }
        return door
    }

    private mutating func party(_ place: Int, below parent: Door) -> Door {
        let isService = place.isMultiple(of: 2)
        var door = Door(
            id: takeID(), kind: isService ? .service : .person, name: "\(pick(Self.words)) \(pick(Self.words))", parent: parent.id
        )
        if isService {
            let (code, list) = pick(Self.codes)
            door.serviceType = DoorCode(code, list: list)
        } else {
            door.hprNumber = "\(door.id)"
        }
        return door
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: list.indices, using: &numbers)] }

    private mutating func takeID() -> DoorID {
        nextID += 1
        // Seven digits, and never a thousand million of them.
        return DoorID(number: nextID)!
    }

    /// From the synthetic range, with a right check digit: where the ninth would be ten, the next number that has one.
    private static func organisationNumber(_ number: Int) -> String {
        var base = 20_000_000 + number * 3
        while true {
            let digits = String(base).compactMap(\.wholeNumberValue)
            let check = (11 - zip(digits, [3, 2, 7, 6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 } % 11) % 11
            if check < 10 { return "\(base)\(check)" }
            base += 1
        }
    }

    private static func padded(_ hex: String) -> String { String(repeating: "0", count: 16 - hex.count) + hex }

    private static let municipalities = 356
    private static let words = [
        "Solvang", "Fjell", "Dal", "Vik", "Nes", "Haug", "Bjørk", "Gran", "Furu", "Elve", "Strand", "Myr", "Heia", "Lia", "Åsen",
        "Torg",
    ]
    private static let kinds = ["legesenter", "legekontor", "sykehus", "familiesenter", "helsehus", "klinikk"]
    private static let codes = [
        ("KF01", "8663"), ("KX16", "8663"), ("02", "8666"), ("KP03", "8666"), ("PB", "8668"), ("KX12", "8663"), ("KX15", "8663"),
        ("05", "8666"), ("KA02", "8663"), ("R", "8666"),
    ]
}
