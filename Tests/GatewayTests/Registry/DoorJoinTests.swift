import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("Doors and parties are the same things")
struct DoorJoinTests {
    @Test(
        "a HER-id here is one there",
        arguments: ["1", "80000401", "9999999999", "0", "01", "", " 1", "1 ", "-1", "+1", "12345678901", "١", "8o", "1.0"])
    func ids(text: String) {
        #expect((HERID(text) == nil) == (DoorID(text) == nil))
        if let id = HERID(text) { #expect(HERID(DoorID(id)) == id) }
    }

    @Test("days are the same, also when a year begins in Oslo before it does in UTC")
    func days() throws {
        let day = try #require(DoorDay("2028-01-01"))
        #expect(CivilDay(day).description == "2028-01-01" && DoorDay(CivilDay(day)) == day)
        #expect(DoorDay(inOsloAt: day.start - 3600) == day && DoorDay(inOsloAt: day.start - 3601) == day.eve)
    }

    @Test("an expired party, one that has not begun and one that takes nothing are each told clearly")
    func inactivity() throws {
        let json = try TestRegistry.json()
        let registry = try Registry(json: Array(json.utf8), folder: "/")
        let ppt = try registry.party(TestRegistry.ppt)
        let last = try #require(DoorDay("2026-06-30"))
        #expect(throws: Never.self) { try registry.activeParty(TestRegistry.ppt, at: last.start + 86_399) }
        let expired = #expect(throws: RegistryError(.inactive, reason: "")) {
            try registry.activeParty(TestRegistry.ppt, at: last.start + 86_400)
        }
        #expect(expired?.reason.contains("has expired: 2026-06-30 was its last day") == true)
        let early = try #require(DoorDay("2024-12-31"))
        #expect(ppt.inactivity(at: early.start).contains("2025-01-01 is its first day"))
    }

    @Test("files together are one registry for the node, with doors that only the second has")
    func together() async throws {
        let scratch = try ScratchFolder()
        for name in ["oslo.json", "oslo-services.json"] {
            try scratch.write(
                [UInt8](try Data(contentsOf: Repository.root.appending(path: "samples/registry/\(name)"))), to: name)
        }
        let settings = try NodeSettings(
            yaml: [], folder: scratch.path, flags: ["registry.file": "oslo.json", "registry.also": "oslo-services.json"])
        #expect(settings.registry.files == ["oslo.json", "oslo-services.json"].map { scratch.path + "/" + $0 })
        let key = try scratch.write(String(repeating: "ab", count: 32), to: "store.key")
        let store = try GatewayStore(folder: URL(filePath: scratch.path + "/store"), key: try StoreKey(file: key))
        let registry = try Registry.current(settings.registry, in: store)
        #expect(registry.parties.count == 65)
        #expect(throws: RegistryError(.inactive, reason: "")) {
            try registry.activeParty(#require(HERID("80000221")), at: TestPKI.now)
        }
    }

    @Test("what is wrong in one of several files names that file")
    func names() throws {
        let scratch = try ScratchFolder()
        let good = Repository.root.appending(path: "samples/registry/oslo.json").path
        let bad = try scratch.write(#"{"catchments": [{"need": "bup", "herId": "1", "areas": []}]}"#, to: "bad.json")
        let error = #expect(throws: RegistryError.self) { try RegistryFiles.book([good, bad]) }
        #expect(error?.file == bad && error?.description.contains("catchments[0].areas is missing or empty") == true)
        #expect(throws: RegistryError(.fileUnreadable, reason: "")) { try RegistryFiles.book([good, "/no/such.json"]) }
    }

    @Test("a path of a certificate that means two different ones means none")
    func ambiguousPath() throws {
        let scratch = try ScratchFolder()
        try scratch.write(TestPKI.shared.pem("314000013/signing.crt"), to: "a/own.crt")
        try scratch.write(TestPKI.shared.pem("314000021/signing.crt"), to: "b/own.crt")
        let folders = ["a", "b"].map { "\(scratch.path)/\($0)" }
        #expect(StatedCertificates(folders: folders).certificate("own.crt") == nil)
        #expect(
            try StatedCertificates(folders: [folders[0]]).certificate("own.crt") == TestRegistry.certificate("314000013/signing"))
    }

    @Test("a node works by the registry of its store once there is one")
    func node() async throws {
        let site = try Site([.gp, .bup])
        try await site.with(.gp) { node in
            #expect(node.registry.name.hasSuffix("registry.json"))
            let desk = RegistryDesk(
                store: node.store, settings: node.settings.registry, actor: .node, clock: site.clock.clock)
            let text = #"{"parties": [{"herId": "80000403", "kind": "service", "name": "BUP Vest", "parent": "80000400"}]}"#
            // A part of the registry by itself: its parent stands in what is known.
            await #expect(throws: RegistryDeskError.self) {
                try await desk.take([RegistryHandIn.File(name: "part", bytes: Array(text.utf8), folder: "/")], isPart: true)
            }
            var whole = try String(contentsOfFile: node.settings.registry.file, encoding: .utf8)
            whole = whole.replacing("BUP Syd", with: "BUP Sør og Øst")
            try await desk.take([RegistryHandIn.File(name: "whole", bytes: Array(whole.utf8), folder: "/")], isPart: false)
            try await desk.approve(["80000402"])
        }
        try await site.with(.gp) { node in
            #expect(node.registry.name == "version 2 of the registry in the store")
            let party = try node.registry.party(try #require(HERID("80000402")))
            #expect(party.name == "BUP Sør og Øst")
        }
    }
}
