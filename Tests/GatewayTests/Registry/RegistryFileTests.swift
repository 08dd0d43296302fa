import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Registry file")
struct RegistryFileTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let json: String
        let code: RegistryError.Code
        let says: [String]

        init(_ name: String, _ json: String, _ code: RegistryError.Code, says: String...) {
            (testDescription, self.json, self.code, self.says) = (name, json, code, says)
        }

        /// Parties of which the first is right.
        init(_ name: String, parties: String, _ code: RegistryError.Code, says: String...) {
            self.init(name, "{\"parties\": [\(Fault.right), \(parties)]}", code)
            self = Fault(testDescription: testDescription, json: json, code: code, says: says)
        }

        private init(testDescription: String, json: String, code: RegistryError.Code, says: [String]) {
            (self.testDescription, self.json, self.code, self.says) = (testDescription, json, code, says)
        }

        static let right = """
            {"herId": "1", "kind": "organisation", "name": "A", "organisationNumber": "314000013", \
            "capabilities": {"protections": ["national"]}}
            """

        static func service(_ more: String) -> String { "{\"herId\": \"2\", \"kind\": \"service\", \"name\": \"B\", \(more)}" }
        static func agreement(_ more: String) -> String {
            "{\"parties\": [\(right), \(service("\"parent\": \"1\""))], \"agreements\": [\(more)]}"
        }
    }

    static let faults = [
        Fault("not JSON", "{", .malformed, says: "not JSON"),
        Fault("a list", "[]", .malformed),
        Fault("no parties", "{}", .malformed, says: "parties"),
        Fault("an unknown field at the top", "{\"partys\": []}", .malformed, says: "partys", "did you mean parties?"),
        Fault("a party without HER-id", parties: "{\"kind\": \"service\"}", .malformed, says: "parties[1].herId"),
        Fault("a HER-id that is a number", parties: "{\"herId\": 2}", .malformed, says: "parties[1].herId"),
        Fault("a HER-id that is none", parties: "{\"herId\": \"02\"}", .invalidValue, says: "herId"),
        Fault("an unknown field", parties: Fault.service("\"parnet\": \"1\""), .malformed, says: "party 2", "parnet", "parent?"),
        Fault("a HER-id twice", parties: Fault.right, .duplicate, says: "party 1", "herId"),
        Fault("an unknown kind", parties: "{\"herId\": \"2\", \"kind\": \"bydel\"}", .invalidValue, says: "party 2", "kind"),
        Fault("a service without parent", parties: Fault.service("\"bydel\": \"Sagene\""), .malformed, says: "party 2", "parent"),
        Fault(
            "a parent nobody knows", parties: Fault.service("\"parent\": \"3\""), .unknownParent, says: "party 2", "parent", "3"),
        Fault("its own parent", parties: Fault.service("\"parent\": \"2\""), .parentLoop, says: "party 2"),
        Fault(
            "two that are each other's parent",
            parties: Fault.service("\"parent\": \"3\"")
                + ", {\"herId\": \"3\", \"kind\": \"service\", \"name\": \"C\", \"parent\": \"2\"}",
            .parentLoop),
        Fault(
            "a wrong check digit", parties: Fault.service("\"parent\": \"1\", \"organisationNumber\": \"314000014\""),
            .invalidValue, says: "party 2", "organisationNumber", "check digit"),
        Fault(
            "no protection at all", parties: Fault.service("\"parent\": \"1\", \"capabilities\": {\"protections\": []}"),
            .malformed, says: "party 2", "capabilities.protections", "neither"),
        Fault(
            "an unknown protection", parties: Fault.service("\"parent\": \"1\", \"capabilities\": {\"protections\": [\"none\"]}"),
            .invalidValue, says: "capabilities.protections"),
        Fault(
            "capabilities without protections", parties: Fault.service("\"parent\": \"1\", \"capabilities\": {\"maxBytes\": 1}"),
            .malformed, says: "capabilities.protections"),
        Fault(
            "nobody says which protection",
            parties: "{\"herId\": \"2\", \"kind\": \"organisation\", \"name\": \"B\", \"organisationNumber\": \"314000005\"}",
            .malformed, says: "party 2", "capabilities.protections"),
        Fault(
            "plain http", parties: Fault.service("\"parent\": \"1\", \"endpoint\": \"http://a.example/\""), .invalidValue,
            says: "endpoint"),
        Fault(
            "an endpoint with a password", parties: Fault.service("\"parent\": \"1\", \"endpoint\": \"https://a:b@c.example/\""),
            .invalidValue),
        Fault(
            "a day that is none", parties: Fault.service("\"parent\": \"1\", \"validTo\": \"2025-02-30\""), .invalidValue,
            says: "validTo"),
        Fault("a day without zeros", parties: Fault.service("\"parent\": \"1\", \"validFrom\": \"2025-1-1\""), .invalidValue),
        Fault(
            "an end before the beginning",
            parties: Fault.service("\"parent\": \"1\", \"validFrom\": \"2025-02-02\", \"validTo\": \"2025-01-01\""), .invalidValue
        ),
        Fault(
            "a certificate that is not there",
            parties: Fault.service("\"parent\": \"1\", \"certificates\": {\"signing\": [\"no/such.crt\"]}"), .certificate,
            says: "party 2", "certificates.signing", "/folder/no/such.crt"),
        Fault(
            "a certificate that cannot be read",
            parties: Fault.service(
                "\"parent\": \"1\", \"certificates\": {\"encryption\": [\"-----BEGIN CERTIFICATE-----\\nAAAA\"]}"),
            .certificate, says: "party 2", "certificates.encryption"),
        Fault(
            "an agreement of one", Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\"]}"), .malformed, says: "agreements[0]"),
        Fault("an agreement with oneself", Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\", \"1\"]}"), .malformed),
        Fault(
            "an agreement with nobody", Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\", \"9\"]}"), .unknownParty,
            says: "party 9"),
        Fault("an agreement without id", Fault.agreement("{\"parties\": [\"1\", \"2\"]}"), .malformed, says: "cpaId"),
        Fault(
            "an agreement on what one cannot",
            Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\", \"2\"], \"protection\": \"strong\"}"),
            .noCommonProtection, says: "agreements[0].protection"),
        Fault(
            "an unknown way of signals",
            Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\", \"2\"], \"signals\": \"none\"}"),
            .invalidValue, says: "signals"),
        Fault(
            "two agreements with one id",
            Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\", \"2\"]}, {\"cpaId\": \"a\", \"parties\": [\"2\", \"1\"]}"),
            .duplicate),
        Fault(
            "a role of a stranger",
            Fault.agreement("{\"cpaId\": \"a\", \"parties\": [\"1\", \"2\"], \"roles\": {\"3\": \"Lege\"}}"), .malformed,
            says: "roles.3"),
    ]

    @Test("a fault is refused with the party and the field", arguments: faults)
    func fault(fault: Fault) throws {
        let error = try #require(throws: RegistryError.self) {
            try Registry(json: Array(fault.json.utf8), folder: "/folder", name: "oslo.json")
        }
        #expect(error.code == fault.code, "\(error)")
        for words in fault.says + ["oslo.json"] { #expect(error.description.contains(words), "\(error)") }
    }

    @Test("a file that is not there is refused by its name")
    func noFile() throws {
        let error = try #require(throws: RegistryError.self) { try Registry(file: "/no/such.json") }
        #expect(error.code == .fileUnreadable)
        #expect(error.description.contains("/no/such.json"))
    }

    @Test("the sample registry of Oslo is read whole")
    func oslo() throws {
        let registry = try Registry(file: Repository.root.appending(path: "samples/registry/oslo.json").path)
        #expect(registry.parties.count == 51)
        #expect(Set(registry.parties.compactMap(\.bydel)).count == 15)
        #expect(registry.parties.allSatisfy { (try? OrganisationNumber($0.organisationNumber)) != nil })
    }

    @Test("certificates are read from files beside the registry")
    func besideTheRegistry() throws {
        let scratch = try ScratchFolder()
        try scratch.write(TestPKI.shared.pem("314000013/signing.crt"), to: "certificates/a.crt")
        let party = Fault.right.dropLast() + ", \"certificates\": {\"signing\": [\"certificates/a.crt\"]}}"
        let file = try scratch.write("{\"parties\": [\(party)]}", to: "registry.json")
        let registry = try Registry(file: file)
        let certificates = try registry.certificates(for: #require(HERID("1")), use: .signing)
        #expect(try certificates == [TestRegistry.certificate("314000013/signing")])
    }
}
