import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Registry")
struct RegistryTests {
    @Test("what a party does not say, its parent says for it")
    func inheritance() throws {
        let registry = try TestRegistry.registry()
        let ppt = try registry.party(TestRegistry.ppt)
        #expect(ppt.organisationNumber == "314000021")
        #expect(ppt.endpoint == "https://kommune.test.invalid/ebxml")
        #expect(ppt.capabilities.protections == [.strong, .national])
        #expect(
            try registry.certificates(for: TestRegistry.ppt, use: .signing) == [TestRegistry.certificate("314000021/signing")])
        let bup = try registry.party(TestRegistry.bup)
        #expect(bup.capabilities.maxBytes == 1000)
        #expect(try registry.endpoint(for: TestRegistry.bup) == "https://bup.test.invalid/ebxml")
        #expect(try registry.party(TestRegistry.gp).capabilities.protections == [.strong, .national])
        #expect(try registry.party(TestRegistry.office).capabilities.protections == [.national])
    }

    @Test("a party without endpoint or certificate, its own or its parent's, is refused when asked for")
    func nothingThere() throws {
        let registry = try TestRegistry.registry()
        #expect(throws: RegistryError(.noEndpoint, reason: "")) { try registry.endpoint(for: TestRegistry.hospital) }
        for use in CertificateUse.allCases {
            #expect(throws: RegistryError(.noCertificate, reason: "")) {
                try registry.certificates(for: TestRegistry.gp, use: use)
            }
        }
    }

    @Test(
        "a party is active within its days and those of its parent, to the end of the last day",
        arguments: [(1_735_689_599.0, false), (1_735_689_600, true), (1_782_863_999, true), (1_782_864_000, false)])
    func activity(time: TimeInterval, active: Bool) throws {
        let registry = try TestRegistry.registry()
        let time = Date(timeIntervalSince1970: time)
        #expect(try registry.party(TestRegistry.ppt).isActive(at: time) == active)
        if !active {
            #expect(throws: RegistryError(.inactive, reason: "")) { try registry.activeParty(TestRegistry.ppt, at: time) }
        }
    }

    @Test("an unknown receiver is refused with the HER-id that was meant, and without names")
    func unknown() throws {
        let registry = try Registry(file: Repository.root.appending(path: "samples/registry/oslo.json").path)
        let error = try #require(throws: RegistryError.self) { try registry.party(#require(HERID("80000411"))) }
        #expect(error.code == .unknownParty)
        #expect(error.description.contains("did you mean 80000401?"))
        #expect(!error.isTemporary)
        #expect(throws: RegistryError(.unknownParty, reason: "")) { try registry.endpoint(for: #require(HERID("1"))) }
    }

    @Test("people find an address by the beginning of its HER-id or a part of its name")
    func search() throws {
        let registry = try TestRegistry.registry()
        #expect(registry.search("41").map(\.herID) == [TestRegistry.bup])
        #expect(registry.search("bup").map(\.herID) == [TestRegistry.bup])
        #expect(registry.search("").isEmpty)
        #expect(registry.search("nobody").isEmpty)
    }
}
