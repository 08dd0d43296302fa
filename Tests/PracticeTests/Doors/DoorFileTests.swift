import Foundation
import Practice
import Testing

@Suite("The registry's file")
struct DoorFileTests {
    @Test("oslo.json reads alone, as it always did")
    func older() throws {
        let book = try DoorFile.read([try Oslo.bytes("oslo.json")], certificates: DoorFile.noCertificates)
        let registry = DoorRegistry(book)
        #expect(book.agreements.count == 12)
        #expect(registry.doors.count == 51)
        let bup = try #require(registry.complete(id(80_000_401)))
        #expect(bup.organisationNumber == "314000013")
        #expect(bup.capabilities?.maxBytes == 2_147_483_648)
        #expect(bup.capabilities?.opens("image/JPEG") == true)
        #expect(bup.capabilities?.opens("image/heic") == false)
        let answer = Resolver(registry).resolve(.contactPoint, for: .named("Sagene"), on: Oslo.today)
        #expect(answer.door == id(80_000_203), "bydeler are known by the names in the file when no areas are described")
    }

    @Test("what is written reads as the same book")
    func roundTrip() throws {
        let book = try Oslo.book()
        let again = try DoorFile.read([DoorFile.written(book)], certificates: DoorFile.noCertificates)
        #expect(again.doors == book.doors)
        #expect(again.agreements == book.agreements)
        #expect(again.geography.areas == book.geography.areas)
        #expect(again.geography.reforms == book.geography.reforms)
        #expect(again.catchments == book.catchments)
        #expect(again.vocabulary == book.vocabulary)
        #expect(again.offers == book.offers)
        #expect(again.deputies == book.deputies)
        #expect(DoorFile.written(again) == DoorFile.written(book))
    }

    @Test("certificates are written as they were stated, fingerprints as they were read")
    func certificates() throws {
        let file = #"""
            {"parties":[{"herId":"90000100","kind":"organisation","name":"A","organisationNumber":"314000021",
            "certificates":{"signing":["keys/a.pem"]},
            "fingerprints":[{"use":"encryption","fingerprint":"sha1:42b5d65754297e5417182530cd2fe473d45cf7d5","validTo":"2028-08-25"}]}]}
            """#
        let facts = CertificateFacts(sha1: "00", sha256: String(repeating: "ab", count: 32), organisationNumber: "314000021")
        let book = try DoorFile.read([Array(file.utf8)]) { $0 == "keys/a.pem" ? facts : nil }
        #expect(
            book.doors[0].certificates.map(\.fingerprint) == [
                "sha256:\(facts.sha256)", "sha1:42b5d65754297e5417182530cd2fe473d45cf7d5",
            ])
        let again = try DoorFile.read([DoorFile.written(book)]) { $0 == "keys/a.pem" ? facts : nil }
        #expect(again.doors == book.doors)
    }

    static let party = #"{"herId":"90000100","kind":"organisation","name":"A","organisationNumber":"314000021"}"#
    static let service = #"{"herId":"90000101","kind":"service","name":"B","parent":"90000100"}"#

    @Test(
        "a mistake in a file is refused with its place",
        arguments: [
            (#"{"parties":[PARTY],"extra":1}"#, DoorError.Code.unknownField), (#"{"parties":{}}"#, .malformed),
            (#"{"parties":[PARTY,PARTY]}"#, .duplicate), (#"{"parties":[SERVICE]}"#, .unknownParent),
            (#"{"parties":[{"herId":80000100}]}"#, .malformed), (#"{"parties":[{"herId":"0123"}]}"#, .invalidValue),
            (#"{"parties":[{"herId":"1","kind":"department","name":"A"}]}"#, .invalidValue),
            (#"{"parties":[{"herId":"1","kind":"organisation","name":"A","organisationNumber":"314000022"}]}"#, .invalidValue),
            (#"{"parties":[{"herId":"1","kind":"organisation","name":"A"}]}"#, .invalidValue),
            (
                #"{"parties":[{"herId":"1","kind":"organisation","name":"A","organisationNumber":"314000021","validFrom":"2026-01-02","validTo":"2026-01-01"}]}"#,
                .invalidValue
            ),
            (
                #"{"parties":[{"herId":"1","kind":"organisation","name":"A","organisationNumber":"314000021","certificates":{"signing":["x.pem"]}}]}"#,
                .certificate
            ),
            (
                #"{"parties":[{"herId":"1","kind":"organisation","name":"A","organisationNumber":"314000021","fingerprints":[{"fingerprint":"sha256:12"}]}]}"#,
                .invalidValue
            ),
            (#"{"parties":[PARTY,SERVICE,{"herId":"3","kind":"person","name":"C","parent":"90000101"}]}"#, .parentLoop),
            (#"{"parties":[PARTY],"catchments":[{"need":"bup","herId":"5","areas":["0301"]}]}"#, .invalidValue),
            (#"{"parties":[PARTY],"catchments":[{"need":"bup","herId":"90000100","areas":["0301"]}]}"#, .unknownArea),
            (#"{"parties":[PARTY],"catchments":[{"need":"bup","herId":"90000100","areas":[]}]}"#, .malformed),
            (#"{"parties":[PARTY],"areas":[{"id":"1","name":"A"},{"id":"1","name":"B"}]}"#, .duplicate),
            (#"{"parties":[PARTY],"areas":[{"id":"1","name":"A","parent":"2"}]}"#, .unknownArea),
            (#"{"parties":[PARTY],"areas":[{"id":"1","name":"A","parent":"2"},{"id":"2","name":"B","parent":"1"}]}"#, .areaLoop),
            (#"{"parties":[PARTY],"vocabulary":[{"id":"a","label":"A","broader":["b"]}]}"#, .unknownTerm),
            (
                #"{"parties":[PARTY],"areas":[{"id":"1","name":"A"}],"services":[{"id":"s","name":"S","area":"1","terms":["x"]}]}"#,
                .unknownTerm
            ),
            (
                #"{"parties":[PARTY],"areas":[{"id":"1","name":"A"}],"services":[{"id":"s","name":"S","area":"1","ages":{"from":9,"to":3}}]}"#,
                .invalidValue
            ),
            (#"{"parties":[PARTY],"deputies":[{"herId":"90000100","next":["90000100"],"workingHours":8}]}"#, .invalidValue),
            (#"{"parties":[PARTY],"deputies":[{"herId":"90000100","next":[],"workingHours":0}]}"#, .invalidValue),
            (#"{"parties":[PARTY],"needs":[{"need":"x","label":"x","reach":["near"]}]}"#, .invalidValue),
            (#"{"parties":[PARTY"#, .truncated),
        ])
    func refused(text: String, code: DoorError.Code) {
        let file = text.replacingOccurrences(of: "PARTY", with: Self.party).replacingOccurrences(
            of: "SERVICE", with: Self.service)
        #expect(throws: DoorError(code, at: "", "")) {
            try DoorFile.read([Array(file.utf8)], certificates: DoorFile.noCertificates)
        }
    }

    @Test("the error never repeats what stands in a party's name")
    func noNames() {
        let file = #"{"parties":[{"herId":"1","kind":"person","name":"Hemmelig Navn","parent":"2","hprNumber":"x"}]}"#
        do {
            _ = try DoorFile.read([Array(file.utf8)], certificates: DoorFile.noCertificates)
            Issue.record("was taken")
        } catch {
            #expect(!error.description.contains("Hemmelig"))
            #expect(error.description.contains("hprNumber"))
        }
    }
}

@Suite("Areas and reforms as data")
struct GeographyTests {
    static func reform(_ begins: [Area]) throws -> Geography {
        try Geography(
            areas: [
                Area(id: AreaID("1"), kind: .municipality, name: "By"),
                Area(id: AreaID("11"), kind: .bydel, name: "Øst", parent: AreaID("1")),
                Area(id: AreaID("12"), kind: .bydel, name: "Vest", parent: AreaID("1")),
                Area(id: AreaID("121"), kind: .part, name: "Vest inn", parent: AreaID("12")),
                Area(id: AreaID("122"), kind: .part, name: "Vest ut", parent: AreaID("12")),
            ],
            reforms: [Reform(id: "r", name: "R", effective: Oslo.mergerDay, ends: [AreaID("11"), AreaID("12")], begins: begins)])
    }

    static func new(_ id: String, _ parts: [String]) -> Area {
        Area(id: AreaID(id), kind: .bydel, name: "Ny \(id)", parent: AreaID("1"), parts: parts.map(AreaID.init))
    }

    @Test("a reform that forgets a piece is refused")
    func gap() {
        #expect(throws: DoorError(.reformGap, at: "", "")) { try Self.reform([Self.new("21", ["11", "121"])]) }
    }

    @Test("a reform that gives a piece to two is refused")
    func overlap() {
        #expect(throws: DoorError(.reformOverlap, at: "", "")) {
            try Self.reform([Self.new("21", ["11", "121"]), Self.new("22", ["12"])])
        }
    }

    @Test("a reform of unknown areas is refused")
    func unknown() {
        #expect(throws: DoorError(.unknownArea, at: "", "")) { try Self.reform([Self.new("21", ["11", "12", "99"])]) }
    }

    @Test("a new area without parts is refused")
    func empty() {
        #expect(throws: DoorError(.malformed, at: "", "")) { try Self.reform([Self.new("21", [])]) }
    }

    @Test("each piece of Oslo lies in exactly one bydel on every day around the merger")
    func onePieceOneBydel() throws {
        let geography = try Oslo.book().geography
        let atoms = geography.atoms(of: AreaID("0301"))
        #expect(atoms.count == 18)
        for offset in Int32(-3)...3 {
            let day = DoorDay(number: Oslo.mergerDay.number + offset)
            for atom in atoms { #expect(geography.holders(of: [atom], on: day).count == 1, "\(atom) on \(day)") }
            let bydeler = geography.areas.values.filter { $0.kind == .bydel && $0.period.contains(day) }
            #expect(bydeler.count == (offset < 0 ? 15 : 7))
        }
    }

    @Test("names are found as people write them", arguments: ["Sagene", "bydel sagene", "BYDEL SAGENE", "030103"])
    func names(text: String) throws {
        #expect(try Oslo.book().geography.areas(named: text).map(\.id.value) == ["030103"])
    }

    @Test(
        "signs and accents do not matter",
        arguments: [("St Hanshaugen", "030104"), ("st. hanshaugen", "030104"), ("GRUNERLØKKA", "030102")])
    func folded(text: String, area: String) throws {
        #expect(try Oslo.book().geography.areas(named: text).map(\.id.value) == [area])
    }
}
