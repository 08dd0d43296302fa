import Envelope
import Foundation
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("The registry is fetched on its schedule")
struct RegistryRefreshTests {
    private struct Unreachable: Error {}

    private func refresh(
        _ room: RegistryRoom, _ logs: LogLines, every: Duration = .seconds(86_400), status: Int = 200, _ body: String?
    ) -> RegistryRefresh {
        RegistryRefresh(
            "https://registry.example/export", desk: room.desk, every: every, clock: room.clock.clock,
            heartbeats: Heartbeats(clock: room.clock.clock), logger: logs.logger
        ) {
            guard let body else { throw Unreachable() }
            return (status, Array(body.utf8))
        }
    }

    @Test("what may be believed becomes a version, and the next look is as the schedule says")
    func taken() async throws {
        let (room, logs) = (try RegistryRoom(try TestRegistry.json()), LogLines())
        let text = try TestRegistry.json().replacing("\"validTo\": \"2026-06-30\"", with: "\"validTo\": \"2026-12-31\"")
        #expect(await refresh(room, logs, text).look() == room.clock.now + 86_400)
        #expect(try room.store.registryVersion() == 2 && room.registry().name.hasPrefix("version 2"))
        #expect(logs.all.contains { $0.contains("new version") })
    }

    @Test("a key is held, as from a file, and an operator is told")
    func held() async throws {
        let (room, logs) = (try RegistryRoom(try TestRegistry.json()), LogLines())
        _ = await refresh(room, logs, try TestRegistry.json(signing: ["314000013/encryption"])).look()
        #expect(try room.store.heldRegistryChanges().map(\.subject) == ["400"])
        #expect(logs.all.contains { $0.contains("msggw registry held") })
        let key = try TestRegistry.certificate("314000013/signing")
        #expect(try room.registry().certificates(for: TestRegistry.hospital, use: .signing) == [key])
    }

    @Test(
        "an answer that is none changes nothing, is told, and is asked for again within the hour",
        arguments: [(404, "{\"parties\": []}"), (302, ""), (500, ""), (304, ""), (200, "<html></html>"), (200, ""), (0, nil)])
    func failed(status: Int, body: String?) async throws {
        let (room, logs) = (try RegistryRoom(try TestRegistry.json()), LogLines())
        #expect(await refresh(room, logs, status: status, body).look() == room.clock.now + 3600)
        #expect(try room.store.registryVersion() == nil && room.trail().isEmpty)
        #expect(logs.all.contains { $0.contains("cannot be refreshed") })
        #expect(await refresh(room, logs, every: .seconds(300), status: status, body).look() == room.clock.now + 300)
    }

    @Test("a poisoned whole that lacks most of what is known is held, not taken")
    func shrunken() async throws {
        let (room, logs) = (try RegistryRoom(try TestRegistry.json()), LogLines())
        let party = #"{"herId": "100", "kind": "organisation", "name": "Kommune", "organisationNumber": "314000021"}"#
        _ = await refresh(room, logs, "{\"parties\": [\(party)]}").look()
        #expect(try room.registry().parties.count == 6)
    }

    @Test(
        "an address that is not https is refused when the settings are read",
        arguments: ["ftp://a", "a.example", "http://a.example", "https://a b"])
    func address(url: String) throws {
        let error = #expect(throws: SettingsError.self) {
            try NodeSettings(yaml: [], folder: "/node", flags: ["registry.url": url])
        }
        #expect(error?.description.contains("registry.url") == true || error?.description.contains("https://") == true)
    }
}
