import Foundation
import Gateway
import TestSupport
import Testing

extension Commands {
    /// `serve` as systemd runs it.
    @Suite("the daemon")
    struct Daemon {
        @Test("says when it is ready, that it is alive, and that it stops; with the log as JSON")
        func notifies() async throws {
            let pair = try Pair(settings: ["log.format": "json"])
            let listener = try DatagramListener()
            let node = try RunningProgram(
                ["serve", "--node", pair.gp], in: pair.scratch.path,
                environment: ["NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "300000"])
            try await listener.line("EXTEND_TIMEOUT_USEC=")
            try await listener.line("READY=1")
            let seen = listener.datagrams.count
            try await listener.line("WATCHDOG=1", from: seen)
            let (outcome, _) = try await node.stop()
            #expect(outcome.status == 0)
            try await listener.line("STOPPING=1")
            struct Line: Decodable { let time, level, message: String }
            let lines = try outcome.err.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            #expect(lines.map(\.message) == ["Node starts", "Node listens", "Node stops", "Node stopped"])
        }

        @Test("a thread of it goes on to the end of its turn when another becomes ready")
        func turns() async throws {
            let pair = try Pair()
            let node = try await pair.serve(pair.gp)
            let tasks = URL(filePath: "/proc/\(node.processIdentifier)/task")
            let threads = try FileManager.default.contentsOfDirectory(atPath: tasks.path)
            let lines = threads.compactMap { try? String(contentsOf: tasks.appending(path: $0 + "/stat"), encoding: .utf8) }
            #expect(lines.count > 4)
            for line in lines {
                // After the name in brackets stand fields 3 and following; 41 is the policy, 3 is SCHED_BATCH (proc_pid_stat(5)).
                let fields = try #require(line.split(separator: ")").last).split(separator: " ")
                #expect(fields[38] == "3", "\(line)")
            }
            #expect(try await node.stop().outcome.status == 0)
        }

        @Test("a log level leaves out what is below it")
        func level() async throws {
            let pair = try Pair(settings: ["log.level": "warning"])
            let listener = try DatagramListener()
            let node = try RunningProgram(
                ["serve", "--node", pair.gp], in: pair.scratch.path, environment: ["NOTIFY_SOCKET": listener.address])
            try await listener.line("READY=1")
            let (outcome, _) = try await node.stop()
            #expect((outcome.status, outcome.err) == (0, ""))
        }

        @Test("shows its measurements on the address of their own, and not to other nodes")
        func metrics() async throws {
            let port = try FreePorts.take(1)[0]
            let pair = try Pair(settings: ["metrics.port": "\(port)"])
            let node = try RunningProgram(["serve", "--node", pair.gp], in: pair.scratch.path)
            try await node.line("Measurements are shown", "http://127.0.0.1:\(port)/metrics")
            let text = try PlainGet.answer(port: port, path: "/metrics")
            #expect(text.hasPrefix("HTTP/1.1 200 "))
            #expect(text.contains("\nmsggw_health 1\n"))
            for word in Pair.personal { #expect(!text.contains(word)) }
            #expect(try await node.stop().outcome.status == 0)
        }

        @Test("a second signal ends it at once, whatever is under way, and the message is still due")
        func twice() async throws {
            let pair = try Pair(settings: ["delivery.connectSeconds": "300", "serve.stopSeconds": "3600"])
            let partner = try SilentListener(port: pair.ports[1])
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            await partner.connected()
            gp.signal(SIGTERM)
            try await gp.line("Node stops")
            let (outcome, _) = try await gp.stop(SIGINT)
            #expect(outcome.status == 128 + SIGINT)
            #expect(outcome.err.contains("Asked twice to stop"))
            let status = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(status.out.contains("HENVISNING_BUP  sealed"))
        }

        @Test("a partner that never answers, and one that never ends its request, do not hold it up beyond serve.stopSeconds")
        func stopTime() async throws {
            let pair = try Pair(settings: ["delivery.connectSeconds": "300", "serve.stopSeconds": "3"])
            let partner = try SilentListener(port: pair.ports[1])
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            await partner.connected()
            let (outcome, time) = try await gp.stop()
            #expect(outcome.status == 0)
            #expect(outcome.err.contains("Node stopped"))
            #expect(time < .seconds(60))
        }
    }
}
