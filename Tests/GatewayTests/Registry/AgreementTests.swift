import Envelope
import Testing

@testable import Gateway

@Suite("Agreements")
struct AgreementTests {
    @Test("without one in the registry, two parties use the strongest protection that both can")
    func strongest() throws {
        let registry = try TestRegistry.registry()
        let strong = try registry.agreement(between: TestRegistry.gp, and: TestRegistry.bup)
        #expect(strong.protection == .strong)
        #expect(strong.signals == .synchronous)
        #expect(strong.cpaID == "msggw:410:610")
        #expect(!strong.isExplicit && !strong.acceptsTripleDES && !strong.acceptsLegacySHA1)
        #expect(try registry.agreement(between: TestRegistry.bup, and: TestRegistry.gp) == strong)
        #expect(try registry.agreement(between: TestRegistry.ppt, and: TestRegistry.office).protection == .national)
    }

    @Test("two that have no protection in common have no agreement: there is none in between and none without")
    func nothingInCommon() throws {
        let registry = try TestRegistry.registry()
        #expect(throws: RegistryError(.noCommonProtection, reason: "")) {
            try registry.agreement(between: TestRegistry.office, and: TestRegistry.bup)
        }
    }

    @Test("one in the registry counts before what both can, also for what stands below its parties")
    func stated() throws {
        let registry = try TestRegistry.registry(
            agreements: """
                [{"cpaId": "parents", "parties": ["400", "100"], "signals": "separate", "accepts3DES": true, "roles": {"100": "PPT"}},
                 {"cpaId": "services", "parties": ["110", "410"], "protection": "strong", "service": "S", "action": "A"},
                 {"cpaId": "weaker", "parties": ["610", "100"], "protection": "national", "acceptsLegacySHA1": true}]
                """)
        let own = try registry.agreement(between: TestRegistry.bup, and: TestRegistry.ppt)
        #expect(own.cpaID == "services")
        #expect(own.service == "S" && own.action == "A" && own.isExplicit)
        let all = try registry.agreements(between: TestRegistry.bup, and: TestRegistry.ppt)
        #expect(all.map(\.cpaID) == ["services", "parents"])
        #expect(all[1].roles == [TestRegistry.ppt: "PPT"])
        #expect(all[1].parties == [TestRegistry.ppt, TestRegistry.bup])
        #expect(all[1].signals == .separate && all[1].acceptsTripleDES && all[1].protection == .strong)
        let weaker = try registry.agreement(between: TestRegistry.ppt, and: TestRegistry.gp)
        #expect(weaker.protection == .national && weaker.acceptsLegacySHA1)
    }

    @Test("nobody has an agreement with a stranger")
    func stranger() throws {
        let registry = try TestRegistry.registry()
        #expect(throws: RegistryError(.unknownParty, reason: "")) {
            try registry.agreement(between: TestRegistry.gp, and: #require(HERID("999")))
        }
    }
}
