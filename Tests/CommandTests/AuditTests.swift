import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("audit")
    struct Audit {
        private struct Report: Decodable {
            let records: Int
            let sequence: Int64
            let faults: [Fault]
            struct Fault: Decodable {
                let first, last: Int64
                let reason: String
            }
        }

        private struct Line: Decodable {
            let line: String
            let actor, action, purpose, messageID: String?
        }

        /// BUP's node with a referral from the GP, both running while `body` does.
        private func received(_ body: (Pair) async throws -> Void) async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("send", Pair.referral, "-a", Pair.report, on: pair.gp).status == 0)
            try await gp.line("message.step=delivered")
            try await body(pair)
            for node in [gp, bup] { _ = try await node.stop() }
        }

        private func lines(_ pair: Pair, on folder: String) async throws -> [Line] {
            let exported = try await pair.run("audit", "export", on: folder)
            #expect(exported.status == 0, "\(exported.err)")
            return try exported.out.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        }

        @Test("says who read content and what for, before it is shown; looking at facts of transport is no reading")
        func readings() async throws {
            try await received { pair in
                _ = try await pair.run("inbox", "list", on: pair.bup)
                _ = try await pair.run("status", Pair.documentID, on: pair.bup)
                #expect(try await lines(pair, on: pair.bup).contains { $0.action == "read" } == false)
                let shown = try await pair.run(
                    "inbox", "show", "1", "--document", "--purpose", "vurdering av henvisning", on: pair.bup)
                #expect(shown.status == 0 && shown.out.contains("<"))
                _ = try await pair.run("inbox", "save", "1", "saved", on: pair.bup)
                let readings = try await lines(pair, on: pair.bup).filter { $0.action == "read" }
                #expect(readings.map(\.purpose) == ["vurdering av henvisning", nil])
                #expect(readings.allSatisfy { $0.actor?.hasPrefix("command:") == true })
                let status = try await pair.run("status", Pair.documentID, on: pair.bup)
                #expect(status.out.contains("read 20"))
            }
        }

        @Test("a purpose that holds an identity number is refused, and nothing is shown")
        func purpose() async throws {
            let pair = try Pair()
            let shown = try await pair.run("inbox", "show", "1", "--purpose", "17831490128", on: pair.bup)
            #expect(shown.status == 64 && shown.out.isEmpty)
        }

        @Test("is sound while the node runs, and against an export that was kept")
        func sound() async throws {
            try await received { pair in
                let exported = try await pair.run("audit", "export", "--to", "1", on: pair.gp)
                let kept = try pair.scratch.write(exported.out, to: "kept.jsonl")
                let verified = try await pair.run("audit", "verify", "--against", kept, "--json", on: pair.gp)
                #expect(verified.status == 0, "\(verified.err)")
                let report = try verified.json(Report.self)
                #expect(report.faults.isEmpty && report.records >= 3 && report.sequence == report.records)
            }
        }

        @Test("names the first bad record and ends with 1 when the store was put back to an older one")
        func rolledBack() async throws {
            let pair = try Pair()
            _ = try await pair.run("send", Pair.referral, on: pair.gp)
            let folder = pair.gp + "/store"
            let files = ["gateway.sqlite", "gateway.sqlite-wal", "gateway.sqlite-shm"]
            let older = files.map { FileManager.default.contents(atPath: folder + "/" + $0) }
            let again = try pair.referral(replacing: Pair.documentID, with: "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a02")
            _ = try await pair.run("send", again, on: pair.gp)
            let kept = try pair.scratch.write(try await pair.run("audit", "export", on: pair.gp).out, to: "kept.jsonl")
            for (name, content) in zip(files, older) {
                try? FileManager.default.removeItem(atPath: folder + "/" + name)
                try content?.write(to: URL(filePath: folder + "/" + name))
            }
            #expect(try await pair.run("audit", "verify", on: pair.gp).status == 0)
            let verified = try await pair.run("audit", "verify", "--against", kept, on: pair.gp)
            #expect(verified.status == 1)
            #expect(verified.complaints.first?.contains("record 2: it is missing") == true, "\(verified.err)")
        }

        @Test("a file that is neither export nor Acknowledgment proves nothing and is refused")
        func wrongFile() async throws {
            let pair = try Pair()
            let verified = try await pair.run("audit", "verify", "--against", Pair.referral, on: pair.gp)
            #expect(verified.status == 1 && verified.complaints.count == 1)
            for word in Pair.personal { #expect(!verified.err.contains(word)) }
        }
    }
}
