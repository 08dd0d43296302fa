import Foundation
import Practice
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Answers of the national registry")
struct NationalAnswerTests {
    static func sample(_ name: String) throws -> [UInt8]? {
        guard let url = Repository.shared("standards/transport-samples/address-registry/\(name)") else { return nil }
        return [UInt8](try Data(contentsOf: url))
    }

    /// Stands in for whoever reads XML in the gateway.
    static func element(_ name: String) throws -> RegistryElement? {
        guard let bytes = try sample("soap/\(name)") else { return nil }
        return ElementBuilder.read(Data(bytes))
    }

    static let hasShared = Repository.shared("standards/transport-samples/address-registry") != nil

    @Test("the export's party: service, parent, type, municipality, addresses of its own, no end", .enabled(if: hasShared))
    func export() throws {
        let bytes = try #require(try Self.sample("cpe/CommunicationDetailsRest_8141705.json"))
        let answer = try NationalAnswer.export(bytes)
        let door = try #require(answer.doors.first)
        #expect(answer.doors.count == 1 && answer.serverDay == DoorDay("2024-06-13"))
        #expect(door.id == id(8_141_705) && door.kind == .service && door.parent == id(8_141_703))
        #expect(door.serviceType == DoorCode("05", list: "8666") && door.municipality == AreaID("0301"))
        #expect(door.period == DoorPeriod(from: DoorDay("2023-04-04"), to: nil) && door.isActive)
        #expect(door.endpoints.isEmpty, "all of its addresses are the parent's")
    }

    @Test("the REST party with its certificates", .enabled(if: hasShared))
    func rest() throws {
        let party = try #require(try Self.sample("rest/NavCommunicationParty.json"))
        let signing = try #require(try Self.sample("rest/NavSignCert.json"))
        let facts = CertificateFacts(sha1: "42b5d65754297e5417182530cd2fe473d45cf7d5", sha256: String(repeating: "cd", count: 32))
        let door = try #require(try NationalAnswer.rest(party: party, signing: signing) { _ in facts }.doors.first)
        #expect(
            door.kind == .organisation && door.organisationNumber == "990983291"
                && door.businessType == DoorCode("99", list: "9040"))
        #expect(door.certificates.map(\.use) == [.signing, .encryption])
        #expect(door.certificates[0].fingerprint == "sha256:\(facts.sha256)")
        #expect(door.certificates[1].fingerprint == "sha1:252e4186d078861c480941e55fb7b7cbf558a6c8")
        #expect(door.endpoints.map(\.type) == ["E_EDI"])
    }

    @Test("a certificate with another thumbprint than the party states is refused", .enabled(if: hasShared))
    func otherCertificate() throws {
        let party = try #require(try Self.sample("rest/NavCommunicationParty.json"))
        let wrong = try #require(try Self.sample("rest/NavEncryptCert.json"))
        let right = try #require(try Self.sample("rest/NavSignCert.json"))
        let facts = CertificateFacts(sha1: "00", sha256: "11")
        for certificate in [wrong, right] {
            #expect(throws: DoorError(.certificate, at: "", "")) {
                try NationalAnswer.rest(party: party, signing: certificate) { _ in facts }
            }
        }
    }

    @Test("SOAP: an organisation with its services, of which one has ended", .enabled(if: hasShared))
    func organisation() throws {
        let envelope = try #require(try Self.element("get-communication-party-details-organzation-response.xml"))
        let answer = try NationalAnswer.soap(envelope)
        #expect(answer.doors.map(\.id) == [id(8_142_987), id(8_143_040), id(8_143_060)])
        #expect(answer.doors[0].organisationNumber == "931796003" && answer.doors[0].isActive)
        #expect(
            answer.doors[0].certificates.map(\.fingerprint) == [
                "serial:1978614801669301597418371", "serial:1978620698775221943443289",
            ])
        #expect(!answer.doors[1].isActive && answer.doors[1].period.to == DoorDay("2025-04-24"))
        #expect(answer.doors[2].serviceType == DoorCode("8", list: "8666") && answer.doors[2].isActive)
        #expect(answer.serverDay == DoorDay("2025-06-03"))
    }

    @Test("SOAP: a person comes with the organisation, and no birth date or identity number is kept", .enabled(if: hasShared))
    func person() throws {
        let envelope = try #require(try Self.element("get-communication-party-details-person-response.REDACTED.xml"))
        let answer = try NationalAnswer.soap(envelope)
        #expect(answer.doors.map(\.kind) == [.person, .organisation])
        #expect(answer.doors[0].hprNumber == "9999999" && answer.doors[0].parent == answer.doors[1].id)
        #expect(!"\(answer.doors)".contains("010170"))
    }

    @Test("SOAP: a party without a parent, and fragments of older interfaces, read", .enabled(if: hasShared))
    func others() throws {
        let alone = try #require(try Self.element("get-communication-party-details-no-parent-response.xml"))
        #expect(try NationalAnswer.soap(alone.replacing("123456789", with: "314000021")).doors.first?.parent == nil)
        let fragment = try #require(try Self.element("CommunicationDetails_94867.xml"))
        #expect(try NationalAnswer.soap(fragment).doors.first?.endpoints.contains { $0.type == "E_SB_ASYNC" } == true)
    }

    @Test("SOAP: 'no such party' is an answer of its own, not a fault", .enabled(if: hasShared))
    func notFound() throws {
        let envelope = try #require(try Self.element("get-communication-party-details-not-found-response.xml"))
        #expect(throws: DoorError(.notFound, at: "", "")) { try NationalAnswer.soap(envelope) }
    }

    static let exported = #"""
        {"HerId":90000101,"Type":"Service","Name":"Kontaktpunkt","Active":true,"IsValidCommunicationParty":true,"ParentHerId":90000100,
        "Valid":{"From":"2025-01-01T00:00:00","To":"9999-12-31T00:00:00"}}
        """#

    @Test(
        "an answer that contradicts itself is refused",
        arguments: [
            ("90000101,", "-1,", DoorError.Code.malformed), ("\"Service\"", "\"Department\"", .invalidValue),
            ("\"Kontaktpunkt\"", "\"  \"", .malformed),
            ("90000100,", "-1,", .invalidValue), ("9999-12-31T00:00:00", "2024-12-31T00:00:00", .invalidValue),
            ("2025-01-01T00:00:00", "01.01.2025", .invalidValue), ("2025-01-01T00:00:00", "2025-02-30T00:00:00", .invalidValue),
            ("\"Valid\"", "\"valid\"", .malformed), ("\"Service\"", "\"Organization\"", .invalidValue), ("}}", "}", .truncated),
        ])
    func contradictory(what: String, with: String, code: DoorError.Code) {
        let text = Self.exported.replacingOccurrences(of: what, with: with)
        #expect(text != Self.exported)
        #expect(throws: DoorError(code, at: "", "")) { try NationalAnswer.export(Array(text.utf8)) }
    }

    @Test("the wrapper of the export must name the party that is in it")
    func wrapper() throws {
        let right = #"[{"herId":90000101,"communicationParty":\#(Self.exported)}]"#
        #expect(try NationalAnswer.export(Array(right.utf8)).doors.count == 1)
        let wrong = right.replacingOccurrences(of: "\"herId\":90000101", with: "\"herId\":90000102")
        #expect(throws: DoorError(.invalidValue, at: "", "")) { try NationalAnswer.export(Array(wrong.utf8)) }
    }

    @Test("an envelope without a party, and one that repeats an element, are refused")
    func shapes() {
        #expect(throws: DoorError(.notElements, at: "", "")) { try NationalAnswer.soap(RegistryElement("Envelope")) }
        let twice = RegistryElement(
            "CommunicationParty",
            children: [
                RegistryElement("HerId", text: "1"), RegistryElement("HerId", text: "2"), RegistryElement("Name", text: "A"),
            ])
        #expect(throws: DoorError(.duplicateKey, at: "", "")) { try NationalAnswer.soap(twice) }
    }
}

extension RegistryElement {
    fileprivate func replacing(_ old: String, with new: String) -> RegistryElement {
        var copy = self
        copy.text = text.replacingOccurrences(of: old, with: new)
        copy.children = children.map { $0.replacing(old, with: new) }
        return copy
    }
}

private final class ElementBuilder: NSObject, XMLParserDelegate {
    private var stack: [RegistryElement] = [RegistryElement("")]

    static func read(_ data: Data) -> RegistryElement? {
        let builder = ElementBuilder()
        let parser = XMLParser(data: data)
        parser.shouldProcessNamespaces = true
        parser.delegate = builder
        return parser.parse() ? builder.stack.first?.children.first : nil
    }

    func parser(
        _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
    ) {
        let isNil = attributes.contains { $0.key.hasSuffix(":nil") && $0.value == "true" }
        stack.append(RegistryElement(name, namespace: namespaceURI ?? "", isNil: isNil))
    }

    func parser(_: XMLParser, foundCharacters text: String) { stack[stack.count - 1].text += text }

    func parser(_: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?) {
        let element = stack.removeLast()
        stack[stack.count - 1].children.append(element)
    }
}
