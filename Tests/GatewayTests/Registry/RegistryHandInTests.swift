import Envelope
import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("What is handed in to the registry")
struct RegistryHandInTests {
    static let hasShared = Repository.shared("standards/transport-samples/address-registry") != nil

    static func sample(_ name: String) throws -> [UInt8] {
        let url = try #require(Repository.shared("standards/transport-samples/address-registry/\(name)"))
        return [UInt8](try Data(contentsOf: url))
    }

    private static let organisation = #"""
        {"HerId":90000100,"Type":"Organization","Name":"Fjellbygda kommune","OrganizationNumber":"314000021","Active":true,
        "IsValidCommunicationParty":true,"Valid":{"From":"2025-01-01T00:00:00","To":"9999-12-31T00:00:00"}}
        """#

    @Test(
        "what is no registry is refused, and nothing changes",
        arguments: [
            "", "   ", "{}", "[{}]", "7", "{\"parties\": 7}", "{\"parties\": [", "hello", "<a/>", "<a>",
            "{\"herId\": \"x\"}",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><Envelope>&b;</Envelope>",
            "<CertificateDetails><Certificate>abc</Certificate></CertificateDetails>",
            "{\"certificateValue\": \"AAAA\"}", "{\"parties\": [{\"herId\": \"1\", \"kind\": \"organisation\"}]}",
            "{\"parties\": [], \"parties\": []}",
        ])
    func nonsense(text: String) async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        await #expect(throws: RegistryDeskError.self) { try await room.take(text) }
        #expect(try room.store.registryVersion() == nil && room.trail().isEmpty)
    }

    @Test("an empty export is refused whatever was known, and makes no version; the trail has it")
    func empty() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let report = try await room.take("[]")
        #expect(report.isRefused && report.lines.map(\.suspicions) == [["empty", "shrunken"]] && report.version == nil)
        #expect(try room.store.registryVersion() == nil)
        #expect(try room.trail().map(\.detail) == ["export: 0 accepted, 0 held, 1 refused (empty, shrunken)"])
    }

    @Test("one bad file among good ones, and nothing of any is taken; the file is named")
    func oneBad() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let error = await #expect(throws: RegistryDeskError.self) { try await room.take(Self.organisation, "{\"a\": 1}") }
        #expect(error?.description.hasPrefix("handed1.txt: ") == true)
        #expect(try room.store.registryVersion() == nil)
    }

    @Test("a file that is not there is named")
    func missing() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let error = await #expect(throws: RegistryDeskError.self) { try await room.desk.take(["/no/such.json"]) }
        #expect(error?.description.contains("/no/such.json") == true)
    }

    @Test("an export of one party is told apart and taken; the party can be reached by nobody, and says so")
    func export() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let report = try await room.take(Self.organisation.replacing("314000021", with: "314000048"))
        #expect(report.version == 2 && report.lines.map(\.summary) == ["added 90000100"])
        let id = try #require(HERID("90000100"))
        #expect(try room.registry().party(id).capabilities.protections == [.national])
        #expect(throws: RegistryError(.noCertificate, reason: "")) { try room.registry().certificates(for: id, use: .encryption) }
    }

    @Test("an answer that says nothing of area, protection and address leaves what is known of them")
    func keepsOurs() async throws {
        let ours = #"""
            {"parties": [{"herId": "90000100", "kind": "organisation", "name": "Fjellbygda kommune", "organisationNumber": "314000021",
            "validFrom": "2025-01-01", "bydel": "Fjell", "capabilities": {"protections": ["strong"]},
            "endpoint": "https://node.fjellbygda.example/ebxml"}]}
            """#
        let room = try RegistryRoom(ours)
        let report = try await room.take(Self.organisation)
        #expect(report.lines.isEmpty, "\(report.lines)")
        let party = try room.registry().party(#require(HERID("90000100")))
        #expect(party.endpoint == "https://node.fjellbygda.example/ebxml" && party.bydel == "Fjell")
    }

    @Test("a party that the registry calls inactive gets nothing more, and what hangs below it neither")
    func inactive() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let told = Self.organisation.replacing("90000100", with: "600").replacing("Fjellbygda kommune", with: "Legesenter")
            .replacing("314000021", with: "314000005").replacing("\"Active\":true", with: "\"Active\":false")
            .replacing("2025-01-01T00:00:00", with: "2020-01-01T00:00:00")
        try await room.take(told)
        for id in [TestRegistry.office, TestRegistry.gp] {
            let error = #expect(throws: RegistryError(.inactive, reason: "")) {
                try room.registry().activeParty(id, at: TestPKI.now)
            }
            #expect(error?.reason.contains("takes no messages") == true)
        }
    }

    @Test("the export's sample is a service of a party that nobody knows, and is refused", .enabled(if: hasShared))
    func orphan() async throws {
        let room = try RegistryRoom(try TestRegistry.json(), at: try Self.time("2024-06-13"))
        let report = try await room.take([try Self.sample("cpe/CommunicationDetailsRest_8141705.json")])
        #expect(report.isRefused && report.lines[0].suspicions.contains("unknownParent"))
    }

    @Test("a SOAP answer brings the organisation and its services; of a later day it is stale", .enabled(if: hasShared))
    func soap() async throws {
        let answer = try Self.sample("soap/get-communication-party-details-organzation-response.xml")
        let room = try RegistryRoom(try TestRegistry.json(), at: try Self.time("2025-06-03"))
        let report = try await room.take([answer])
        #expect(report.version == 2 && report.lines.map(\.subject) == ["8142987", "8143040", "8143060"])
        #expect(try room.registry().party(#require(HERID("8143060"))).organisationNumber == "931796003")
        room.clock.advance(by: 3 * 86_400)
        let again = try await room.take([answer])
        #expect(again.isRefused && again.lines.map(\.suspicions) == [["stale"]])
    }

    @Test("an answer older than one that was taken is a replay", .enabled(if: hasShared))
    func replay() async throws {
        let text = String(
            decoding: try Self.sample("soap/get-communication-party-details-organzation-response.xml"), as: UTF8.self)
        let newer = text.replacing("2025-06-03T", with: "2025-06-04T")
        try #require(newer != text)
        let room = try RegistryRoom(try TestRegistry.json(), at: try Self.time("2025-06-04"))
        #expect(try await room.take(newer).version == 2)
        #expect(try await room.take(text).lines.map(\.suspicions) == [["stale"]])
    }

    @Test("'no such party' and a certificate alone are answers, and no change", .enabled(if: hasShared))
    func noParty() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let notFound = try Self.sample("soap/get-communication-party-details-not-found-response.xml")
        let error = await #expect(throws: RegistryDeskError.self) { try await room.take([notFound]) }
        #expect(error?.description.contains("knows no such party") == true)
        let alone = try Self.sample("soap/GetCertificateDetailsForEncryption_93238.xml")
        let other = await #expect(throws: RegistryDeskError.self) { try await room.take([alone]) }
        #expect(other?.description.contains("certificates alone") == true)
    }

    @Test(
        "a REST party takes the certificates that lie beside it, and is refused with those of another unit",
        .enabled(if: hasShared))
    func rest() async throws {
        let files = try ["NavSignCert", "NavCommunicationParty", "NavEncryptCert"].map { try Self.sample("rest/\($0).json") }
        let room = try RegistryRoom(try TestRegistry.json())
        // The sample's certificates are of the legal entity above the unit that stands in the registry.
        let report = try await room.take(files)
        #expect(report.isRefused && report.lines[0].suspicions.contains("foreignCertificate"))
        let party = String(decoding: files[1], as: UTF8.self).replacing("990983291", with: "889640782")
        let right = try await room.take([files[0], Array(party.utf8), files[2]])
        #expect(right.version == 2)
        let nav = try #require(HERID("79768"))
        #expect(try room.registry().certificates(for: nav, use: .signing).map(\.keyUsage) == [.nonRepudiation])
        #expect(try room.registry().certificates(for: nav, use: .encryption).count == 1)
    }

    @Test("a certificate known by its serial number alone is the one that is held, and no other key")
    func serial() throws {
        var pool = CertificatePool()
        let certificate = try TestRegistry.certificate("314000013/encryption")
        pool.add(certificate)
        let named = DoorCertificate(use: .unstated, fingerprint: "serial:\(certificate.decimalSerial)")
        #expect(pool.resolved(named).map(\.use) == [.encryption])
        #expect(pool.resolved(named).map(\.stated) == [certificate.pem])
        let both = [DoorCertificate.Use.signing, .encryption].map { DoorCertificate(certificate, for: $0) }
        #expect(pool.resolved(named, holding: both) == both)
        let stranger = DoorCertificate(use: .unstated, fingerprint: "serial:12345")
        #expect(pool.resolved(stranger) == [stranger])
    }

    @Test("a serial number in decimal is the one in hexadecimal")
    func decimal() throws {
        for name in ["314000013/encryption", "314000021/signing"] {
            let certificate = try TestRegistry.certificate(name)
            var hexadecimal = ""
            var digits = certificate.decimalSerial.compactMap(\.wholeNumberValue)
            while digits.contains(where: { $0 > 0 }) {
                var rest = 0
                digits = digits.map { digit in
                    let value = rest * 10 + digit
                    rest = value % 16
                    return value / 16
                }
                hexadecimal = String(rest, radix: 16, uppercase: true) + hexadecimal
            }
            let digitsOf = { (text: String) in String(text.drop { $0 == "0" }) }
            #expect(digitsOf(hexadecimal) == digitsOf(certificate.serialNumber))
        }
    }

    static func time(_ day: String) throws -> Date { try #require(DoorDay(day)).start + 43_200 }
}
