import Foundation
import Practice
import TestSupport

/// The sample registry, read once: its parties with the services, areas and reform made up beside it.
enum Oslo {
    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Repository.root.appending(path: "samples/registry/\(name)")))
    }

    static func book() throws -> DoorBook { try loaded.get().book }
    static func registry() throws -> DoorRegistry { try loaded.get() }

    private static let loaded = Result {
        DoorRegistry(
            try DoorFile.read([bytes("oslo.json"), bytes("oslo-services.json")], certificates: DoorFile.noCertificates))
    }

    static let today = DoorDay(2026, 11, 22)!
    static let mergerDay = DoorDay(2028, 1, 1)!
    static let bydeler = [
        "Gamle Oslo", "Grünerløkka", "Sagene", "St. Hanshaugen", "Frogner", "Ullern", "Vestre Aker", "Nordre Aker", "Bjerke",
        "Grorud",
        "Stovner", "Alna", "Østensjø", "Nordstrand", "Søndre Nordstrand",
    ]
}

func id(_ number: Int64) -> DoorID { DoorID(number: number)! }

/// A registry small enough to see through: one organisation with a key of its own.
enum SmallRegistry {
    static let key = "sha256:" + String(repeating: "a1", count: 32)
    static let otherKey = "sha256:" + String(repeating: "b2", count: 32)
    static let serverDay = Oslo.today

    static func organisation(_ number: Int64 = 90_000_100, name: String = "Fjellbygda kommune", key: String? = key) -> Door {
        var door = Door(id: id(number), kind: .organisation, name: name)
        door.organisationNumber = number == 90_000_100 ? "314000021" : "314000013"
        door.businessType = DoorCode(number == 90_000_100 ? "102" : "101", list: "9040")
        door.capabilities = DoorCapabilities(protections: ["strong", "national"])
        door.endpoints = [DoorEndpoint(type: DoorEndpoint.ebXML, address: "https://node.fjellbygda.example/ebxml")]
        if let key {
            door.certificates = [DoorCertificate(use: .encryption, fingerprint: key, organisationNumber: door.organisationNumber)]
        }
        return door
    }

    static func service(_ number: Int64 = 90_000_101, of parent: Int64 = 90_000_100) -> Door {
        var door = Door(id: id(number), kind: .service, name: "Kontaktpunkt", parent: id(parent))
        door.serviceType = DoorCode("02", list: "8666")
        door.area = AreaID("Fjellbygda")
        return door
    }

    static func person(_ number: Int64 = 90_000_102, of parent: Int64 = 90_000_100) -> Door {
        var door = Door(id: id(number), kind: .person, name: "Rolig Bjørkeløv", parent: id(parent))
        door.hprNumber = "990000102"
        return door
    }

    static var doors: [Door] {
        [organisation(), service(), person(), organisation(90_000_200, name: "Dalen sykehus", key: otherKey)]
    }
}
