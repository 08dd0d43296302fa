import Envelope
import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("The registry in the store")
struct RegistryDeskTests {
    private let bupEast = #"{"herId": "420", "kind": "service", "name": "BUP Øst", "parent": "400"}"#

    private func adding(_ party: String, to registry: String) -> String {
        registry.replacing("\n], \"agreements\"", with: ", \(party)\n], \"agreements\"")
    }

    @Test("what the node's file said becomes version 1, and what is new version 2")
    func versions() async throws {
        let before = try TestRegistry.json()
        let room = try RegistryRoom(before)
        #expect(try room.registry().name.hasSuffix("registry.json"))
        let report = try await room.take(adding(bupEast, to: before))
        #expect(report.version == 2 && !report.isRefused)
        #expect(report.lines.map(\.summary) == ["added 420"])
        let registry = try room.registry()
        #expect(registry.name == "version 2 of the registry in the store")
        #expect(try registry.party(#require(HERID("420"))).signing == [TestRegistry.certificate("314000013/signing")])
        let history = try room.store.registryHistory(of: #require(HERID("400")))
        #expect(history.versions.map(\.source) == ["settings"] && history.held.isEmpty)
    }

    @Test("every party of the file reads the same out of the store, agreements too")
    func same() async throws {
        let agreement = #"[{"cpaId": "a", "parties": ["100", "400"], "signals": "separate"}]"#
        let before = try TestRegistry.json(agreements: agreement)
        let room = try RegistryRoom(before)
        let file = try room.registry()
        try await room.take(adding(bupEast, to: before))
        let stored = try room.registry()
        for party in file.parties { #expect(try stored.party(party.herID) == party) }
        let (kommune, hospital) = (TestRegistry.kommune, TestRegistry.hospital)
        #expect(
            try stored.agreement(between: kommune, and: hospital) == file.agreement(between: kommune, and: hospital))
    }

    @Test("the same once more makes no version")
    func nothingNew() async throws {
        let text = try TestRegistry.json()
        let room = try RegistryRoom(text)
        #expect(try await room.take(text).version == 1)
        #expect(try await room.take(text).version == nil)
        #expect(try room.store.registryVersion() == 1)
        #expect(try room.trail().map(\.action) == ["registry imported", "registry imported"])
    }

    @Test("another key is held, and the old one counts until somebody has approved it")
    func key() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let report = try await room.take(try TestRegistry.json(signing: ["314000013/encryption"]))
        #expect(report.lines.map(\.verdict) == [.held] && report.lines[0].suspicions == ["keyReplaced"])
        let held = try room.store.heldRegistryChanges()
        #expect(held.map(\.subject) == ["400"] && held[0].summary == "changed 400: certificates")
        let old = try TestRegistry.certificate("314000013/signing")
        #expect(try room.registry().certificates(for: TestRegistry.hospital, use: .signing) == [old])

        #expect(try await room.desk.approve(["400"]) == 2)
        let new = try TestRegistry.certificate("314000013/encryption")
        #expect(try room.registry().certificates(for: TestRegistry.hospital, use: .signing) == [new])
        #expect(try room.store.heldRegistryChanges().isEmpty)
        let trail = try room.trail()
        #expect(trail.map(\.action) == ["registry imported", "registry approved"])
        #expect(trail.allSatisfy { $0.actor == "command:kari" })
        #expect(trail[1].detail == "changed 400: certificates (keyReplaced), version 2")
        let history = try room.store.registryHistory(of: TestRegistry.hospital)
        #expect(history.versions.map(\.change) == ["added 400", "changed 400: certificates"])
        #expect(history.held.map(\.decision) == ["approved"] && history.held[0].decidedBy == "command:kari")
    }

    @Test("a key of another organisation is refused, and nobody can approve it")
    func foreignKey() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let report = try await room.take(try TestRegistry.json(signing: ["314000021/signing"]))
        #expect(report.isRefused && report.lines[0].suspicions.contains("foreignCertificate"))
        #expect(try room.store.heldRegistryChanges().isEmpty)
        await #expect(throws: RegistryDeskError("no change of 400 is held; see 'msggw registry held'")) {
            try await room.desk.approve(["400"])
        }
        #expect(try room.store.registryVersion() == nil)
    }

    @Test("a rejected change leaves the registry as it was, and stands in its history")
    func rejected() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        try await room.take(try TestRegistry.json(signing: ["314000013/encryption"]))
        try await room.desk.reject(["400"])
        #expect(try room.store.registryVersion() == 1 && room.store.heldRegistryChanges().isEmpty)
        #expect(try room.store.registryHistory(of: TestRegistry.hospital).held.map(\.decision) == ["rejected"])
        await #expect(throws: RegistryDeskError.self) { try await room.desk.approve(["400"]) }
        #expect(try room.trail().map(\.action) == ["registry imported", "registry rejected"])
    }

    @Test("what the source has taken back can no longer be approved")
    func takenBack() async throws {
        let right = try TestRegistry.json()
        let room = try RegistryRoom(right)
        try await room.take(try TestRegistry.json(signing: ["314000013/encryption"]))
        try await room.take(right)
        #expect(try room.store.heldRegistryChanges().isEmpty)
        await #expect(throws: RegistryDeskError.self) { try await room.desk.approve(["400"]) }
    }

    @Test("the same doubt twice waits once; another one about the same party takes its place")
    func onceHeld() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let poisoned = try TestRegistry.json(signing: ["314000013/encryption"])
        try await room.take(poisoned)
        try await room.take(poisoned)
        #expect(try room.store.registryHistory(of: TestRegistry.hospital).held.count == 1)
        try await room.take(poisoned.replacing("\"Sykehus\"", with: "\"Sjukehus\""))
        let held = try room.store.registryHistory(of: TestRegistry.hospital).held
        #expect(held.map(\.decision) == ["superseded", nil])
        #expect(held[1].suspicions.contains("renamed") && held[1].suspicions.contains("keyReplaced"))
    }

    @Test("of two that are named none is approved when one of them is not held")
    func allOrNone() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        try await room.take(try TestRegistry.json(signing: ["314000013/encryption"]))
        await #expect(throws: RegistryDeskError.self) { try await room.desk.approve(["400", "100"]) }
        await #expect(throws: RegistryDeskError.self) { try await room.desk.reject(["400", "100"]) }
        await #expect(throws: RegistryDeskError.self) { try await room.desk.approve(["four hundred"]) }
        #expect(try room.store.heldRegistryChanges().count == 1 && room.store.registryVersion() == 1)
    }

    @Test("other agreements are held as a whole, for they say how messages are protected")
    func lists() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let agreement = #"[{"cpaId": "a", "parties": ["100", "600"], "protection": "national"}]"#
        let report = try await room.take(try TestRegistry.json(agreements: agreement))
        #expect(report.lines.map(\.summary) == ["lists that differ: agreements"] && report.lines[0].verdict == .held)
        #expect(try !room.registry().agreement(between: TestRegistry.kommune, and: TestRegistry.office).isExplicit)
        try await room.desk.approve(["lists"])
        #expect(try room.registry().agreement(between: TestRegistry.kommune, and: TestRegistry.office).isExplicit)
    }

    @Test("a version that the node could not start with is never made")
    func holdsTogether() async throws {
        let agreement = #"[{"cpaId": "a", "parties": ["100", "600"], "protection": "national"}]"#
        let room = try RegistryRoom(try TestRegistry.json(agreements: agreement))
        let text = try TestRegistry.json()
        let start = try #require(text.range(of: ",\n{\"herId\": \"600\""))
        let end = try #require(text.range(of: "\n], \"agreements\""))
        let report = try await room.take(text.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: ""))
        #expect(report.lines.filter { $0.summary.hasPrefix("removed") }.map(\.verdict) == [.held, .held])
        await #expect(throws: RegistryDeskError.self) { try await room.desk.approve(["600", "610"]) }
        #expect(try room.store.registryVersion() == 1)
        // Both at once hold together.
        #expect(try await room.desk.approve(["600", "610", "lists"]) == 2)
        #expect(throws: RegistryError(.unknownParty, reason: "")) { try room.registry().party(TestRegistry.office) }
    }

    @Test("with --part a file says nothing about whom it leaves out")
    func part() async throws {
        let room = try RegistryRoom(try TestRegistry.json())
        let party =
            #"{"herId": "600", "kind": "organisation", "name": "Legesenter", "organisationNumber": "314000005", "capabilities": {"protections": ["national"]}, "validTo": "2030-12-31"}"#
        let report = try await room.take("{\"parties\": [\(party)]}", isPart: true)
        #expect(report.lines.map(\.summary) == ["changed 600: validTo"] && report.version == 2)
        #expect(try room.registry().parties.count == 6)
    }

    @Test("where there was no registry, the first one is believed")
    func first() async throws {
        let room = try RegistryRoom()
        let report = try await room.take(try TestRegistry.json())
        #expect(report.version == 1 && report.lines.allSatisfy { $0.verdict == .accepted })
        #expect(try room.registry().parties.count == 6)
    }
}
