import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("keeping")
    struct Keeping {
        private struct RestoreReport: Decodable {
            struct Message: Decodable { let documentID: String }
            let held: [Message]
            let toPutBack: [String]
        }

        @Test(
            "the restore drill: backup of a running node, the disk lost, the backup put back, held messages let go, all said in JSON"
        )
        func drill() async throws {
            let pair = try Pair()
            let gp = try await pair.serve(pair.gp)
            _ = try await pair.run("send", Pair.referral, "-a", Pair.report, on: pair.gp)
            try await gp.line("message.step=postponed")
            let target = pair.scratch.path + "/backup"
            let made = try await pair.run("backup", target, "--json", on: pair.gp)
            #expect(made.status == 0, "\(made.err)")
            #expect(try await pair.run("backup", target, on: pair.gp).complaints.first?.contains("is there already") == true)
            // The disk is lost, as far as the node is concerned.
            #expect(try await gp.stop(SIGKILL).outcome.status != 0)
            let lost = pair.gp + ".lost"
            try FileManager.default.moveItem(atPath: pair.gp, toPath: lost)

            let clock = ContinuousClock()
            let start = clock.now
            let key = lost + "/keys/store.key"
            let verified = try await Program.run(["backup", "verify", target, "--store-key", key, "--json"])
            #expect(verified.status == 0)
            let restored = try await Program.run(["restore", target, "--into", pair.gp, "--store-key", key, "--json"])
            #expect(restored.status == 0, "\(restored.err)")
            let report = try restored.json(RestoreReport.self)
            #expect(report.held.map(\.documentID) == [Pair.documentID])
            for file in report.toPutBack {
                try FileManager.default.copyItem(atPath: lost + file.dropFirst(pair.gp.count), toPath: file)
            }
            let checked = try await pair.run("store", "check", "--json", on: pair.gp)
            #expect(checked.status == 0)
            let (bup, again) = (try await pair.serve(pair.bup), try await pair.serve(pair.gp))
            try await again.line("restored from a backup")
            let asked = try await pair.run("restore", "report", "--json", on: pair.gp)
            let resent = try await pair.run("restore", "resend", "--json", on: pair.gp)
            #expect(resent.out.contains("1"))
            try await again.line("message.step=delivered")
            #expect(clock.now - start < .seconds(600))
            #expect(try await pair.run("restore", "settled", on: pair.gp).status == 0)
            #expect(try await pair.run("restore", "report", on: pair.gp).complaints.count == 1)
            let counted = try await pair.run("retention", "--json", on: pair.gp)
            let destroyed = try await pair.run("retention", "run", "--clock-is-right", "--json", on: pair.gp)
            #expect(destroyed.status == 0, "\(destroyed.err)")
            _ = try await again.stop()
            _ = try await bup.stop()
            try Help.expectDocumented([made, verified, restored, checked, asked, resent, counted, destroyed])
        }

        @Test("a page that the disk changed: every command that meets it, store check and doctor say which, and what to do")
        func changedPage() async throws {
            let pair = try Pair()
            _ = try await pair.run("send", Pair.referral, "-a", Pair.report, on: pair.gp)
            let path = pair.gp + "/store/gateway.sqlite"
            let good = try Data(contentsOf: URL(filePath: path))
            func change(_ at: Int) throws {
                var bytes = good
                bytes[at] ^= 16
                let handle = try FileHandle(forUpdating: URL(filePath: path))
                try handle.write(contentsOf: bytes)
                try handle.close()
            }
            let used = try #require(good.firstRange(of: Data(Pair.documentID.utf8))).lowerBound
            try change(used)
            let checked = try await pair.run("store", "check", on: pair.gp)
            #expect(checked.status == 1)
            #expect(
                (checked.out + checked.err).contains("page \(used / 4096 + 1) of \(path) is not as it was written"),
                "\(checked.out + checked.err)")
            let doctor = try await Program.run(["doctor", "--no-partners", "--node", pair.gp], in: pair.scratch.path)
            #expect(doctor.status == 1 && doctor.out.contains("page \(used / 4096 + 1) of \(path)"), "\(doctor.out)")
            try change(3000)
            for command in [["store", "check"], ["queue", "list"], ["serve", "--port", "1"], ["doctor", "--no-partners"]] {
                let outcome = try await Program.run(command + ["--node", pair.gp], in: pair.scratch.path)
                #expect(outcome.status == 1, "\(command) ended with \(outcome.status)")
                #expect(
                    (outcome.out + outcome.err).contains("page 1 of \(path) is not as it was written"),
                    "\(outcome.out + outcome.err)")
                #expect((outcome.out + outcome.err).contains("msggw restore"))
            }
        }
    }
}
