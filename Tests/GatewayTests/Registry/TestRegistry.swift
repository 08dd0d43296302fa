import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

/// A small registry over the test PKI: a kommune with a service, a hospital with a service, a GP office with a person.
enum TestRegistry {
    static let kommune = HERID("100")!  // digits
    static let ppt = HERID("110")!  // digits
    static let hospital = HERID("400")!  // digits
    static let bup = HERID("410")!  // digits
    static let office = HERID("600")!  // digits
    static let gp = HERID("610")!  // digits

    /// - Parameter signing: the hospital's signing certificates, by name in the PKI.
    static func json(
        signing: [String] = ["314000013/signing"], encryption: [String] = ["314000013/encryption"], agreements: String = "[]"
    ) throws -> String {
        let pki = try TestPKI.shared.folder().path
        func files(_ names: [String]) -> String { "[" + names.map { "\"\(pki)/\($0).crt\"" }.joined(separator: ", ") + "]" }
        return """
            {"parties": [
            {"herId": "100", "kind": "organisation", "name": "Kommune", "organisationNumber": "314000021", "validFrom": "2025-01-01",
             "capabilities": {"protections": ["strong", "national"]}, "endpoint": "https://kommune.test.invalid/ebxml",
             "certificates": {"signing": \(files(["314000021/signing"])), "encryption": \(files(["314000021/encryption"]))}},
            {"herId": "110", "kind": "service", "name": "PPT", "parent": "100", "validTo": "2026-06-30"},
            {"herId": "400", "kind": "organisation", "name": "Sykehus", "organisationNumber": "314000013",
             "capabilities": {"protections": ["strong"], "attachmentFormats": ["application/pdf"], "maxBytes": 1000},
             "certificates": {"signing": \(files(signing)), "encryption": \(files(encryption))}},
            {"herId": "410", "kind": "service", "name": "BUP", "parent": "400", "endpoint": "https://bup.test.invalid/ebxml"},
            {"herId": "600", "kind": "organisation", "name": "Legesenter", "organisationNumber": "314000005",
             "capabilities": {"protections": ["national"]}},
            {"herId": "610", "kind": "person", "name": "Lege", "parent": "600", "hprNumber": "990000601",
             "capabilities": {"protections": ["national", "strong"]}}
            ], "agreements": \(agreements)}
            """
    }

    static func registry(
        signing: [String] = ["314000013/signing"], encryption: [String] = ["314000013/encryption"], agreements: String = "[]"
    ) throws -> Registry {
        let json = try json(signing: signing, encryption: encryption, agreements: agreements)
        return try Registry(json: Array(json.utf8), folder: "/")
    }

    static func trust(lists: [String] = ["ca/root.crl", "ca/issuing.crl"]) throws -> TrustStore {
        let pki = try TestPKI.shared.folder().path
        let settings = try NodeSettings(
            yaml: [], folder: pki,
            flags: [
                "trust.roots": "ca/root.crt", "trust.intermediates": "ca/issuing.crt",
                "trust.revocationLists": lists.joined(separator: ","),
            ])
        return try TrustMaterial.load(settings.trust)
    }

    static func certificate(_ name: String) throws -> Certificate { try Certificate(pem: TestPKI.shared.pem("\(name).crt")) }
}
