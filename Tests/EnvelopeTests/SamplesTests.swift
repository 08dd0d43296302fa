import Foundation
import TestSupport
import Testing

/// The samples hold what `samples/README.md` says, judged without our own readers.
@Suite struct SamplesTests {
    struct Registry: Decodable {
        struct Party: Decodable {
            struct Code: Decodable { let code, oid: String }
            let herId, kind, name: String
            let parent, organisationNumber, bydel, hprNumber: String?
            let businessType, serviceType: Code?
        }
        struct Agreement: Decodable { let cpaId, protection, signals: String, parties: [String] }
        let parties: [Party], agreements: [Agreement]
    }

    static let registry = Result {
        try JSONDecoder().decode(
            Registry.self, from: Data(contentsOf: Repository.root.appending(path: "samples/registry/oslo.json")))
    }

    @Test func `HER-ids are unique, and every service and person has an organisation as its parent`() throws {
        let parties = try Self.registry.get().parties
        #expect(Set(parties.map(\.herId)).count == parties.count)
        let organisations = Set(parties.filter { $0.kind == "organisation" }.map(\.herId))
        for party in parties {
            if party.kind == "organisation" {
                #expect(party.parent == nil)
            } else {
                #expect(party.parent.map(organisations.contains) == true, "\(party.herId)")
            }
        }
    }

    @Test func `organisation numbers are synthetic, have a right check digit and are those the test PKI knows`() throws {
        let numbers = try Self.registry.get().parties.filter { $0.kind == "organisation" }.compactMap(\.organisationNumber)
        for number in numbers {
            let digits = number.utf8.map { Int($0) - 48 }
            let sum = zip(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]).map { $0 * $1 }.reduce(0, +)
            #expect(digits.count == 9 && (2...3).contains(digits[0]) && sum % 11 == 0, "\(number)")
        }
        #expect(Set(numbers) == Set(TestOrganisation.allCases.map(\.rawValue)))
    }

    @Test func `each of the 15 bydeler has one contact point and one school health service`() throws {
        let services = try Self.registry.get().parties.filter { $0.kind == "service" && $0.bydel != nil }
        let byDistrict = Dictionary(grouping: services) { $0.bydel ?? "" }
        #expect(byDistrict.count == 15)
        for (bydel, services) in byDistrict {
            #expect(services.compactMap(\.serviceType?.code).sorted() == ["02", "KF01"], "\(bydel)")
        }
    }

    @Test func `an agreement is between two known parties and says how they protect and signal`() throws {
        let registry = try Self.registry.get()
        let known = Set(registry.parties.map(\.herId))
        #expect(Set(registry.agreements.map(\.cpaId)).count == registry.agreements.count)
        for agreement in registry.agreements {
            #expect(Set(agreement.parties).count == 2 && known.isSuperset(of: agreement.parties), "\(agreement.cpaId)")
            #expect(["strong", "national"].contains(agreement.protection))
            #expect(["synchronous", "separate"].contains(agreement.signals))
        }
    }

    @Test(.enabled("needs ../shared/standards/xsd") { Repository.shared("standards/xsd/own/all.xsd") != nil })
    func `the official schema finds the referral valid`() throws {
        let schema = try #require(Repository.shared("standards/xsd/own/all.xsd"))
        let referral = Repository.root.appending(path: "samples/flow1/henvisning.xml")
        let outcome = try Tool.run("xmllint", ["--nonet", "--noout", "--schema", schema.path, referral.path])
        #expect(outcome.status == 0, "\(String(decoding: outcome.err, as: UTF8.self))")
    }

    @Test(arguments: ["pedagogisk-rapport.pdf": "%PDF-1.", "spoerreskjema.jpg": "\u{FF}\u{D8}\u{FF}"])
    func `an attachment is what its name says`(_ name: String, magic: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Repository.root.appending(path: "samples/flow1/\(name)")))
        #expect(bytes.starts(with: magic.unicodeScalars.map { UInt8($0.value) }))
        #expect((1_000..<2_000_000).contains(bytes.count))
    }
}
