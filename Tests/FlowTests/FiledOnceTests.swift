import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("What happens to a message once")
    struct FiledOnceTests {
        @Test("it is filed once, also when its AppRec cannot be made: the answer is due, the message is not")
        func filedOnce() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let answer = try await LetterWriter.referral().write().post(to: bup)
                #expect(answer.reply.status == 200)
            }
            // An AppRec has more than 1024 bytes, so this node can file the referral and cannot answer it.
            let settings = try NodeSettings(
                folder: site.folder(.bup), environment: ["MSGGW_INTAKE_DOCUMENT_BYTES": "1024"])
            let bup = try Node(settings, surroundings: Surroundings(clock: site.clock.clock), logger: site.logs.logger)
            _ = try await bup.inbox.save("#1", to: site.scratch.path + "/saved")
            await bup.stop()
            let message = try #require(try bup.store.status(of: "#1").messages.first)
            #expect(message.state == .filed)
            #expect(message.failure?.contains("intake.documentBytes") == true)
            #expect(message.steps.map(\.what) == ["opened", "filed", "postponed"])

            // The next start answers what is due, and files nothing a second time.
            site.clock.advance(by: 3600)
            let again = try site.open(.bup)
            try await site.serving([again]) { try await site.steps.first("taken", "bup", kind: "APPREC") }
            let steps = try again.store.status(of: "#1").messages.first?.steps.map(\.what)
            #expect(steps?.prefix(3) == ["opened", "filed", "postponed"] && steps?.count { $0 == "filed" } == 1)
            #expect(!FileManager.default.fileExists(atPath: site.folder(.bup) + "/filed/80000401"))
        }

        @Test("what could not be filed is filed in its time, also when the node was started again meanwhile")
        func filedLater() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in _ = try await LetterWriter.referral().write().post(to: bup) }
            let folder = site.folder(.bup) + "/filed"
            try FileManager.default.removeItem(atPath: folder)
            try Data("in the way".utf8).write(to: URL(filePath: folder))
            let bup = try site.open(.bup)
            let due = try await site.serving([bup]) {
                while true {
                    let due = try await bup.store.commit {
                        try Int64.fetchOne($0, sql: "SELECT due FROM message WHERE failure IS NOT NULL")
                    }
                    if let due { return Date(microseconds: due) }
                    await Task.yield()
                }
            }
            #expect(due == site.clock.now + 60)

            try FileManager.default.removeItem(atPath: folder)
            let (asked, asks) = AsyncStream<Date>.makeStream()
            let still = site.clock.clock
            let clock = NodeClock(
                now: still.now,
                sleep: { until in
                    asks.yield(until)
                    try await still.sleep(until)
                })
            let again = try Node(site.settings(.bup), surroundings: Surroundings(clock: clock), logger: site.logs.logger)
            site.steps.watch(again)
            try await site.serving([again]) {
                for await until in asked where until == due { break }
                site.clock.advance(by: 60)
                try await site.steps.first("filed", "bup")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/80000401").count == 1)
        }

        @Test("a peer that asks for centuries gets an hour at the most", arguments: [3601, 315_360_000, 9_999_999_999_999])
        func patience(seconds: Int) async throws {
            let site = try Site()
            let peer = Peer([{ _ in ExchangeReply(status: 503, retryAfterSeconds: seconds) }])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                }
                let next = try #require(try gp.store.status(of: Referral.documentID).messages.first?.nextAttempt)
                #expect(next <= site.clock.clock.now() + 3600)
            }
        }
    }
}
