import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    /// The samples' reform, brought forward to 2 June 2026: the clock stands at 02:00 in Oslo on Monday 1 June.
    @Suite("Who has what was sent to another door")
    struct HolderTests {
        static let contactPoint = "80000203"
        /// Midnight in Oslo between 1 and 2 June.
        static let midnight: TimeInterval = 22 * 3600

        static func site(reform: Bool, _ change: @escaping (inout String) -> Void = { _ in }) throws -> Site {
            let source = Repository.root.appending(path: "samples/registry/oslo-services.json")
            var services = String(decoding: try Data(contentsOf: source), as: UTF8.self)
            if reform { services = forward(services) }
            // Beside the nodes' folders.
            let site = try Site([.oslo, .bup, .gp], filesItself: false, settings: ["registry.also": "[../../services.json]"]) {
                if reform { $0 = forward($0) }
                change(&$0)
            }
            _ = try site.scratch.write(services, to: "services.json")
            return site
        }

        private static func forward(_ text: String) -> String {
            text.replacing("2028-01-01", with: "2026-06-02").replacing("2027-12-31", with: "2026-06-01")
        }

        private static func rows(_ node: Node) throws -> [(message: Int64, from: String, to: String)] {
            try node.store.read {
                try Row.fetchAll($0, sql: "SELECT message, fromDoor, toDoor FROM rehoming ORDER BY id").map {
                    ($0["message"], $0["fromDoor"], $0["toDoor"])
                }
            }
        }

        private static func number(_ node: Node, to receiver: String) throws -> Int64 {
            try #require(
                try node.store.read {
                    try Int64.fetchOne($0, sql: "SELECT id FROM message WHERE receiver = ?", arguments: [receiver])
                })
        }

        private static func holder(_ node: Node, _ receiver: String) throws -> String? {
            try node.store.holder(of: number(node, to: receiver))
        }

        private static func has(_ kind: AlertKind, _ nodes: Node...) throws -> Bool {
            try nodes.allSatisfy { try alerts($0).contains(kind) }
        }

        private static func alerts(_ node: Node) throws -> [AlertKind] { try node.store.listAlerts().map(\.kind) }

        /// The discharge summary to four, delivered and opened by nobody.
        private static func delivered(_ site: Site) async throws {
            let (bup, oslo) = (try site.open(.bup), try site.open(.oslo))
            try await site.serving([bup, oslo]) {
                _ = try await bup.intake.submit(Flow.discharge.submission(from: bup))
                for receiver in [contactPoint, "80000303", "80000110"] {
                    try await site.steps.first("delivered", "bup", receiver: receiver)
                }
            }
        }

        @Test("what is queued is moved when the day begins in Oslo: not a second before, and once, as the dry run has counted")
        func day() async throws {
            let site = try Self.site(reform: true)
            try await site.with(.bup) { bup in
                _ = try await bup.intake.submit(Flow.discharge.submission(from: bup))
                let book = try RegistryDesk(
                    store: bup.store, settings: bup.settings.registry, actor: .node, clock: bup.clock
                ).book()
                let day = try #require(DoorDay(2026, 6, 2))
                let run = DryRun(
                    DoorRegistry(book), on: day, needs: [], inFlight: try bup.store.inFlight(), decided: day.eve)
                #expect(run.moves.count == 4)
                let counted = run.moves.count { $0.outcome != .stays }
                let waiting = try Self.number(bup, to: Self.contactPoint)
                let before = try bup.store.read { try MessageRecord.fetch($0, id: waiting) }

                site.clock.advance(by: Self.midnight - 1)
                #expect(await bup.holders.look() == site.clock.now + 1)
                #expect(try Self.rows(bup).isEmpty)
                site.clock.advance(by: 1)
                await bup.holders.look()
                await bup.holders.look()
                let rows = try Self.rows(bup)
                #expect(rows.count == counted && counted == 2)
                let moved = try #require(rows.first { $0.from == Self.contactPoint })
                #expect(moved.to == "80000222")
                #expect(try bup.store.holder(of: moved.message) == "80000222")
                // The envelope, the document and every deadline are as they were.
                let after = try bup.store.read { try MessageRecord.fetch($0, id: moved.message) }
                #expect(after == before)
                let steps = try bup.store.status(of: "#\(moved.message)").messages[0].steps
                #expect(steps.last?.what == "rehomed" && steps.last?.detail?.contains("Fristen er den samme") == true)
            }
        }

        @Test("the note is signed by the party of ours that it concerns, and says no place")
        func signed() async throws {
            let site = try Self.site(reform: true)
            try await site.with(.bup) { bup in
                _ = try await bup.intake.submit(Flow.discharge.submission(from: bup))
                site.clock.advance(by: Self.midnight)
                await bup.holders.look()
                let row = try #require(
                    try bup.store.read {
                        try Row.fetchOne($0, sql: "SELECT * FROM rehoming WHERE fromDoor = ?", arguments: [Self.contactPoint])
                    })
                let (bytes, signature): (Data, Data) = (row["signedBytes"], row["signature"])
                let certificate = try Certificate(der: [UInt8](row["certificate"] as Data))
                #expect(DetachedSignature.holds([UInt8](signature), over: [UInt8](bytes), by: certificate))
                #expect(certificate.organisationNumber == "314000013")
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(text.contains("from 80000203\nto 80000222\nreform oslo-2028\n") && !text.contains("Sagene"))
                #expect(!DetachedSignature.holds([UInt8](signature), over: [UInt8](bytes) + [10], by: certificate))
            }
        }

        @Test("a node that died between two commits goes on where it was, and moves nothing twice")
        func died() async throws {
            let site = try Self.site(reform: true)
            try await site.with(.bup) { bup in
                _ = try await bup.intake.submit(Flow.discharge.submission(from: bup))
                site.clock.advance(by: Self.midnight)
                let book = try RegistryDesk(
                    store: bup.store, settings: bup.settings.registry, actor: .node, clock: bup.clock
                ).book()
                let run = ReformRun(
                    store: bup.store, view: bup.current.view, doors: DoorRegistry(book), pool: WorkPool(threads: 1))
                _ = try await run.run(at: site.clock.now, pages: 1)
                #expect(try Self.rows(bup).count == 1)
            }
            try await site.with(.bup) { bup in
                await bup.holders.look()
                let moved = try Self.rows(bup).map(\.from).sorted()
                #expect(moved == [Self.contactPoint, "80000303"])
            }
        }

        @Test(
            "what was received and not opened is listed for the new door, and the sender sees it; its receipt is still believed")
        func received() async throws {
            let site = try Self.site(reform: true) {
                $0.replace("\"herId\" : \"80000203\"", with: "\"validTo\" : \"2026-06-01\", \"herId\" : \"80000203\"")
            }
            try await Self.delivered(site)
            site.clock.advance(by: Self.midnight + 3 * 3600)
            let (bup, oslo) = (try site.open(.bup), try site.open(.oslo))
            for node in [bup, oslo] {
                await node.holders.look()
                #expect(try Self.holder(node, Self.contactPoint) == "80000222")
                #expect(try Self.holder(node, "80000110") == "80000110")
            }
            let old = try oslo.registry.party(#require(HERID(Self.contactPoint)))
            #expect(!old.isActive(at: site.clock.now))
            let number = try Self.number(oslo, to: Self.contactPoint)
            _ = try await oslo.inbox.save("#\(number)", to: site.scratch.path + "/saved")
            try await site.serving([bup, oslo]) {
                try await site.steps.first("accepted", "bup", receiver: Self.contactPoint)
            }
        }

        @Test("a split that nobody has decided is an alert, until a person says which door; never another organisation's")
        func split() async throws {
            let site = try Self.site(reform: true)
            try await site.with(.bup) { bup in
                var submission = try Flow.discharge.submission(from: bup)
                submission.document = Array(
                    String(decoding: submission.document, as: UTF8.self).replacing(Self.contactPoint, with: "80000202").utf8)
                _ = try await bup.intake.submit(submission)
                site.clock.advance(by: Self.midnight)
                await bup.holders.look()
                #expect(try Self.has(.doorUndecided, bup))
                let number = try Self.number(bup, to: "80000202")
                #expect(try bup.store.holder(of: number) == "80000202")
                let desk = HolderDesk(bup)
                for door in ["80000401", "99999999", "80000202"] {
                    let id = try #require(DoorID(door))
                    if door == "80000202" { continue }
                    await #expect(throws: HolderError.self) { try await desk.move(["#\(number)"], to: id) }
                }
                let words = try await desk.move(["#\(number)"], to: #require(DoorID("80000221")))
                #expect(words.count == 1 && words[0].contains("80000221"))
                #expect(try bup.store.holder(of: number) == "80000221")
                await bup.holders.look()
                #expect(try !Self.has(.doorUndecided, bup))
                #expect(try bup.store.holder(of: number) == "80000221")
            }
        }

        @Test("a door that ended without a successor keeps what it has, and operators are told")
        func stranded() async throws {
            let site = try Self.site(reform: false) {
                $0.replace("\"herId\" : \"80000110\"", with: "\"validTo\" : \"2026-06-01\", \"herId\" : \"80000110\"")
            }
            try await site.with(.bup) { bup in
                _ = try await bup.intake.submit(Flow.discharge.submission(from: bup))
                site.clock.advance(by: Self.midnight)
                await bup.holders.look()
                #expect(try Self.alerts(bup) == [.doorStranded])
                #expect(try Self.rows(bup).isEmpty)
            }
        }

        // MARK: - Deputies

        @Test("what a door has not opened in its hours goes to the next in line at both nodes; at the end somebody is told")
        func deputies() async throws {
            let site = try Self.site(reform: false)
            try await Self.delivered(site)
            let (bup, oslo) = (try site.open(.bup), try site.open(.oslo))
            func holders() throws -> [String?] {
                try [bup, oslo].map { try $0.store.holder(of: Self.number($0, to: Self.contactPoint)) }
            }
            func look() async { for node in [bup, oslo] { await node.holders.look() } }
            // Eight hours of a working day: to 16:00 in Oslo.
            site.clock.advance(by: 14 * 3600 - 1)
            #expect(await oslo.holders.look() == site.clock.now + 1)
            await look()
            #expect(try holders() == [Self.contactPoint, Self.contactPoint])
            site.clock.advance(by: 1)
            await look()
            await look()
            #expect(try holders() == ["80000303", "80000303"])
            let number = try Self.number(bup, to: Self.contactPoint)
            let steps = try bup.store.status(of: "#\(number)").messages[0].steps.filter { $0.what == "passed on" }
            #expect(steps.count == 1 && steps[0].detail?.contains("åpnet ikke meldingen i tide") == true)
            #expect(try Self.alerts(oslo).isEmpty)
            // The deputy has the same hours of its own.
            site.clock.advance(by: 86_400 - 1)
            await look()
            #expect(try !Self.has(.notOpened, oslo))
            site.clock.advance(by: 1)
            await look()
            #expect(try Self.has(.notOpened, oslo, bup))
            _ = try await oslo.inbox.save("#\(Self.number(oslo, to: Self.contactPoint))", to: site.scratch.path + "/saved")
            await look()
            #expect(try !Self.has(.notOpened, oslo))
            for node in [bup, oslo] { await node.stop() }
        }

        @Test("what was opened in time is passed on to nobody")
        func opened() async throws {
            let site = try Self.site(reform: false)
            try await Self.delivered(site)
            try await site.with(.oslo) { oslo in
                let number = try Self.number(oslo, to: Self.contactPoint)
                _ = try await oslo.inbox.save("#\(number)", to: site.scratch.path + "/saved")
                site.clock.advance(by: 14 * 3600)
                await oslo.holders.look()
                #expect(try oslo.store.holder(of: number) == Self.contactPoint)
            }
        }

        @Test("a deputy that this node does not host is passed over")
        func notHosted() async throws {
            let site = try Self.site(reform: false)
            let file = site.folder(.oslo) + "/msggw.yaml"
            try await Self.delivered(site)
            let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
            try Data(text.replacing("80000303", with: "80000301").utf8).write(to: URL(filePath: file))
            try await site.with(.oslo) { oslo in
                site.clock.advance(by: 14 * 3600)
                await oslo.holders.look()
                let holder = try Self.holder(oslo, Self.contactPoint)
                #expect(holder == Self.contactPoint)
                #expect(try Self.has(.notOpened, oslo))
            }
        }
    }
}
