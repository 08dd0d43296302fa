import Foundation
import Practice
import Testing

/// Answers of a registry with one thing wrong in each, beside one that is right.
enum PoisonedAnswers {
    typealias Doubtful = @Sendable (inout IncomingAnswer) -> Void

    struct Poison: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let suspicion: Suspicion
        let apply: Doubtful

        init(_ name: String, _ suspicion: Suspicion, _ apply: @escaping Doubtful) {
            (testDescription, self.suspicion, self.apply) = (name, suspicion, apply)
        }
    }

    static func answer() -> IncomingAnswer {
        IncomingAnswer(
            .everything, doors: SmallRegistry.doors, asked: "https://registry.example/export", promisedBytes: 10,
            receivedBytes: 10,
            serverDay: SmallRegistry.serverDay)
    }

    static func certificate(_ use: DoorCertificate.Use, _ pair: String, of organisation: String? = "314000021") -> DoorCertificate
    {
        DoorCertificate(use: use, fingerprint: "sha256:" + String(repeating: pair, count: 32), organisationNumber: organisation)
    }

    static func extra(_ name: String, _ change: (inout Door) -> Void = { _ in }) -> Door {
        var door = SmallRegistry.organisation(90_000_300, name: name, key: nil)
        door.organisationNumber = "314000005"
        change(&door)
        return door
    }

    static let whole: [Poison] = [
        Poison("another address answered", .redirected) { $0.answered = "https://registry.example.evil/export" },
        Poison("a redirect to plain http", .redirected) { $0.answered = "http://registry.example/export" },
        Poison("status 301", .redirected) { $0.status = 301 },
        Poison("status 302 with a body", .redirected) { $0.status = 302 },
        Poison("status 500 with a body", .status) { $0.status = 500 },
        Poison("status 404", .status) { $0.status = 404 },
        Poison("a byte missing", .truncated) { $0.receivedBytes = 9 },
        Poison("a byte too many", .truncated) { $0.receivedBytes = 11 },
        Poison("a week old", .stale) { $0.serverDay = DoorDay("2026-11-15") },
        Poison("three days old", .stale) { $0.serverDay = DoorDay("2026-11-19") },
        Poison("from next week", .fromTheFuture) { $0.serverDay = DoorDay("2026-11-29") },
        Poison("no doors", .empty) { $0.doors = [] },
        Poison("a party twice, alike", .duplicateParty) { $0.doors.append($0.doors[1]) },
        Poison("a party twice, with two keys", .duplicateParty) {
            var twin = $0.doors[0]
            twin.certificates = [certificate(.encryption, "ee")]
            $0.doors.append(twin)
        },
        Poison("another party than asked for", .otherParty) {
            $0.scope = .party(id(90_000_100))
            $0.doors = [SmallRegistry.organisation(90_000_200)]
        },
        Poison("the party asked for, and a stranger behind it", .otherParty) {
            $0.scope = .party(id(90_000_100))
            $0.doors = [
                SmallRegistry.organisation(),
                SmallRegistry.organisation(90_000_200, name: "Dalen sykehus", key: SmallRegistry.key),
            ]
        },
    ]

    static let refused: [Poison] = [
        Poison("another organisation number", .organisationNumberChanged) { $0.doors[0].organisationNumber = "314000064" },
        Poison("the organisation number gone", .organisationNumberChanged) { $0.doors[0].organisationNumber = nil },
        Poison("an organisation number with a wrong check digit", .organisationNumberInvalid) {
            $0.doors[0].organisationNumber = "314000022"
        },
        Poison("a service that becomes an organisation", .kindChanged) { $0.doors[1].kind = .organisation },
        Poison("a person that becomes a service", .kindChanged) { $0.doors[2].kind = .service },
        Poison("another organisation's certificate", .foreignCertificate) {
            $0.doors[0].certificates = [certificate(.encryption, "cc", of: "314000013")]
        },
        Poison("another organisation's certificate for a service", .foreignCertificate) {
            $0.doors[1].certificates = [certificate(.encryption, "cc", of: "314000013")]
        },
        Poison("a Cyrillic a", .homoglyphName) { $0.doors[0].name = "Fjellbygdа kommune" },
        Poison("a Greek omicron", .homoglyphName) { $0.doors[3].name = "Dalen sykehusο" },
        Poison("a new party with Cyrillic letters", .homoglyphName) { $0.doors.append(extra("Ѕagene legesenter")) },
        Poison("fullwidth letters", .homoglyphName) { $0.doors[0].name = "Ｆjellbygda kommune" },
        Poison("a mathematical letter", .homoglyphName) { $0.doors[0].name = "𝐅jellbygda kommune" },
        Poison("a dotless i", .homoglyphName) { $0.doors.append(extra("Vıken legesenter")) },
        Poison("a division slash for a slash", .homoglyphName) { $0.doors[0].name = "Fjellbygda \u{2215} kommune" },
        Poison("a Cyrillic display name", .homoglyphName) { $0.doors[0].displayName = "Fjеllbygda" },
        Poison("letters written backwards", .malformedName) { $0.doors[0].name = "Fjellbygda \u{202E}enummok" },
        Poison("a zero-width joiner", .malformedName) { $0.doors[0].name = "Fjell\u{200D}bygda kommune" },
        Poison("a zero-width space", .malformedName) { $0.doors.append(extra("Dalen\u{200B} sykehus")) },
        Poison("a line feed", .malformedName) { $0.doors[0].name = "Fjellbygda\nkommune" },
        Poison("a soft hyphen", .malformedName) { $0.doors[0].name = "Fjell\u{AD}bygda kommune" },
        Poison("marks on marks", .malformedName) { $0.doors[0].name = "Fjellbygda\u{300}\u{301}\u{302} kommune" },
        Poison("a name without letters", .malformedName) { $0.doors[0].name = "   " },
        Poison("a name without end", .malformedName) { $0.doors[0].name = String(repeating: "a", count: 500) },
        Poison("an end before the beginning", .reversedPeriod) {
            $0.doors[0].period = DoorPeriod(from: DoorDay("2026-02-01"), to: DoorDay("2026-01-01"))
        },
        Poison("a parent that nobody knows", .unknownParent) { $0.doors[1].parent = id(90_000_999) },
        Poison("a parent that is a service", .unknownParent) { $0.doors[2].parent = id(90_000_101) },
        Poison("a parent that is itself", .unknownParent) { $0.doors[1].parent = id(90_000_101) },
        Poison("an endpoint without TLS", .plainTextEndpoint) {
            $0.doors[0].endpoints = [DoorEndpoint(type: DoorEndpoint.ebXML, address: "http://node.fjellbygda.example/ebxml")]
        },
        Poison("an endpoint that hides its host behind an @", .plainTextEndpoint) {
            $0.doors[0].endpoints = [
                DoorEndpoint(type: DoorEndpoint.ebXML, address: "https://node.fjellbygda.example@evil.example/ebxml")
            ]
        },
        Poison("a name like this machine's", .plainTextEndpoint) {
            $0.doors[0].endpoints = [DoorEndpoint(type: DoorEndpoint.ebXML, address: "http://localhost.evil.example/ebxml")]
        },
        Poison("another HPR number", .hprNumberChanged) { $0.doors[2].hprNumber = "990000103" },
        Poison("a service with another organisation's number", .foreignRegistration) {
            $0.doors[1].organisationNumber = "314000013"
        },
    ]

    static let held: [Poison] = [
        Poison("the key replaced", .keyReplaced) { $0.doors[0].certificates = [certificate(.encryption, "cc")] },
        Poison("the key replaced without saying whose it is", .keyReplaced) {
            $0.doors[0].certificates = [certificate(.encryption, "cc", of: nil)]
        },
        Poison("a key beside the first", .keyAdded) { $0.doors[0].certificates.append(certificate(.encryption, "cc")) },
        Poison("the encryption key for signing as well", .keyAdded) {
            $0.doors[0].certificates.append(
                DoorCertificate(use: .signing, fingerprint: SmallRegistry.key, organisationNumber: "314000021"))
        },
        Poison("the key gone", .keyRemoved) { $0.doors[0].certificates = [] },
        Poison("a first key for a service that had its parent's", .firstKeyOfKnownDoor) {
            $0.doors[1].certificates = [certificate(.encryption, "cc")]
        },
        Poison("another organisation's key", .certificateSharedWithOther) {
            $0.doors[0].certificates = [DoorCertificate(use: .encryption, fingerprint: SmallRegistry.otherKey)]
        },
        Poison("a new party with a known key", .certificateSharedWithOther) {
            $0.doors.append(
                extra("Nytt legesenter") { $0.certificates = [DoorCertificate(use: .encryption, fingerprint: SmallRegistry.key)] }
            )
        },
        Poison("another endpoint", .endpointMoved) {
            $0.doors[0].endpoints = [
                DoorEndpoint(type: DoorEndpoint.ebXML, address: "https://node.fjellbygda.example.evil.example/ebxml")
            ]
        },
        Poison("a second endpoint", .endpointMoved) {
            $0.doors[0].endpoints.append(DoorEndpoint(type: "E_EDI", address: "post@evil.example"))
        },
        Poison("the endpoint of a service of its own", .endpointMoved) {
            $0.doors[1].endpoints = [DoorEndpoint(type: DoorEndpoint.ebXML, address: "https://evil.example/ebxml")]
        },
        Poison("another parent", .parentChanged) { $0.doors[1].parent = id(90_000_200) },
        Poison("another name", .renamed) { $0.doors[0].name = "Fjellbygda og Dalen kommune" },
        Poison("a name with I for l", .lookalikeName) { $0.doors.append(extra("Fjeilbygda kommune")) },
        Poison("a name with a zero", .lookalikeName) { $0.doors.append(extra("Fjellbygda k0mmune")) },
        Poison("a name in capitals", .lookalikeName) { $0.doors.append(extra("FJELLBYGDA KOMMUNE")) },
        Poison("a name with rn for m", .lookalikeName) { $0.doors.append(extra("Fjellbygda kornrnune")) },
        Poison("a name with an accent", .lookalikeName) { $0.doors.append(extra("Dalén sykehus")) },
        Poison("a display name that is another's name", .lookalikeName) {
            $0.doors.append(extra("Helt annet navn") { $0.displayName = "Dalen sykehus" })
        },
        Poison("another service type", .serviceTypeChanged) { $0.doors[1].serviceType = DoorCode("PB", list: "8668") },
        Poison("another area", .areaChanged) { $0.doors[1].area = AreaID("Dalen") },
        Poison("strong protection gone", .weakerProtection) { $0.doors[0].capabilities?.protections = ["national"] },
        Poison("national before strong", .weakerProtection) { $0.doors[0].capabilities?.protections = ["national", "strong"] },
        Poison("no capabilities any more", .weakerProtection) { $0.doors[0].capabilities = nil },
        Poison("ended yesterday", .endsEarlier) { $0.doors[1].period.to = DoorDay("2026-11-21") },
        Poison("a new service with a key of its own", .newDoorWithOwnKey) {
            var door = SmallRegistry.service(90_000_103)
            door.certificates = [certificate(.encryption, "cc")]
            $0.doors.append(door)
        },
        Poison("a new service with an address of its own", .newDoorWithOwnEndpoint) {
            var door = SmallRegistry.service(90_000_103)
            door.endpoints = [DoorEndpoint(type: DoorEndpoint.ebXML, address: "https://evil.example/ebxml")]
            $0.doors.append(door)
        },
        Poison("another municipality's contact point for the same place", .claimsServedArea) {
            var door = SmallRegistry.service(90_000_201, of: 90_000_200)
            door.businessType = DoorCode("102", list: "9040")
            $0.doors.append(door)
        },
        Poison("a service gone", .removed) { $0.doors.remove(at: 1) },
    ]
}
