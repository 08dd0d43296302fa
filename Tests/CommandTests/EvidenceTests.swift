import Foundation
import Gateway
import TestSupport
import Testing

extension Commands {
    @Suite("msggw evidence and msggw trace")
    struct EvidenceTests {
        /// A referral that BUP's system has taken: delivered, saved, accepted.
        private struct Exchange {
            let pair: Pair
            let messageID: String
        }

        private func exchange(isLarge: Bool = false) async throws -> Exchange {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            // Small: the ciphertext of a large part is deleted when the receiver has it.
            let note = try pair.scratch.write("%PDF-1.7 a short note", to: "note.pdf")
            let sent = try await pair.run(
                "send", Pair.referral, "--attach", isLarge ? Pair.questionnaire : note, "--json", on: pair.gp)
            let messageID = try #require(try sent.json([Taken].self).first).messageID
            try await gp.line("message.id=\(messageID)", "message.step=delivered")
            _ = try await pair.run("inbox", "save", messageID, "saved", on: pair.bup)
            try await gp.line("message.id=\(messageID)", "message.step=accepted")
            for node in [gp, bup] { _ = try await node.stop() }
            return Exchange(pair: pair, messageID: messageID)
        }

        private func export(_ exchange: Exchange, of folder: String, to name: String) async throws -> EvidenceSummary {
            let outcome = try await exchange.pair.run(
                "evidence", exchange.messageID, "\(exchange.pair.scratch.path)/\(name)", "--json", on: folder)
            #expect(outcome.status == 0, "\(outcome.err)")
            return try outcome.json(EvidenceSummary.self)
        }

        private func verify(_ folder: String) throws -> (holds: Bool, said: String) {
            let outcome = try Tool.run("sh", ["\(folder)/verify.sh"])
            return (outcome.status == 0, String(decoding: outcome.out + outcome.err, as: UTF8.self))
        }

        /// Sums that fit what is there now: only signatures and hashes are left to find a change.
        private func sumAgain(_ folder: String) throws {
            let sums = try Tool.run(
                "sh", ["-c", "cd '\(folder)' && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum > SHA256SUMS"])
            #expect(sums.status == 0)
        }

        @Test("both sides' exports hold by openssl and xmlsec1 alone; one byte changed anywhere that matters does not")
        func whole() async throws {
            let exchange = try await exchange()
            let sender = try await export(exchange, of: exchange.pair.gp, to: "sender")
            #expect(sender.missing == [])
            for file in [
                "message/soap.xml", "message/part-1.cms", "message/part-2.cms", "receipts/1-acknowledgment/soap.xml",
                "receipts/2-envelope/soap.xml", "audit/records.jsonl",
            ] {
                #expect(sender.files.contains(file), "\(file) is missing from \(sender.files)")
            }
            let whole = try verify(sender.folder)
            #expect(whole.holds, "\(whole.said)")
            #expect(whole.said.contains("the whole message is the one that was signed"))
            let receiver = try await export(exchange, of: exchange.pair.bup, to: "receiver")
            let theirs = try verify(receiver.folder)
            #expect(theirs.holds, "\(theirs.said)")
            #expect(receiver.missing.count == 1 && receiver.missing[0].contains("ciphertext"))

            let record = try #require(sender.files.first { $0.hasPrefix("audit/") && $0.hasSuffix(".bin") })
            for file in [
                "message/soap.xml", "message/header.bin", "message/signed-info.bin", "message/part-2.cms",
                "message/signature.bin",
                "receipts/1-acknowledgment/soap.xml", "receipts/2-envelope/signed-info.bin", record,
            ] {
                let copy = "\(exchange.pair.scratch.path)/changed"
                try? FileManager.default.removeItem(atPath: copy)
                try FileManager.default.copyItem(atPath: sender.folder, toPath: copy)
                var bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(copy)/\(file)")))
                bytes[bytes.count / 2] ^= 1
                try Data(bytes).write(to: URL(filePath: "\(copy)/\(file)"))
                #expect(try !verify(copy).holds, "the sums do not show that \(file) was changed")
                try sumAgain(copy)
                #expect(try !verify(copy).holds, "a change of \(file) holds when the sums are made to fit")
            }
        }

        @Test(
            "without the ciphertext of a large part the header, its digests and its signature still hold, and are still checked")
        func withoutParts() async throws {
            let exchange = try await exchange(isLarge: true)
            let summary = try await export(exchange, of: exchange.pair.gp, to: "sender")
            #expect(summary.missing.count == 1 && !summary.files.contains("message/part-1.cms"))
            #expect(try verify(summary.folder).holds)
            let header = URL(filePath: "\(summary.folder)/message/header.bin")
            let changed = String(decoding: try Data(contentsOf: header), as: UTF8.self).replacing("80000401", with: "80000402")
            try Data(changed.utf8).write(to: header)
            try sumAgain(summary.folder)
            #expect(try !verify(summary.folder).holds)
        }

        @Test("a receipt of one message put beside another does not hold")
        func exchanged() async throws {
            let exchange = try await exchange()
            let summary = try await export(exchange, of: exchange.pair.gp, to: "sender")
            let other = try TestPKI.shared.folder().appending(path: "314000021/p256/signing.crt").path
            let signer = "\(summary.folder)/receipts/1-acknowledgment/signer.pem"
            try FileManager.default.removeItem(atPath: signer)
            try FileManager.default.copyItem(atPath: other, toPath: signer)
            try sumAgain(summary.folder)
            #expect(try !verify(summary.folder).holds)
        }

        @Test("the export says nothing of the document, is refused where something is, and is written into the trail")
        func careful() async throws {
            let exchange = try await exchange()
            let summary = try await export(exchange, of: exchange.pair.gp, to: "sender")
            for file in summary.files {
                let text = String(decoding: try Data(contentsOf: URL(filePath: "\(summary.folder)/\(file)")), as: UTF8.self)
                for word in Pair.personal { #expect(!text.contains(word), "\(file) holds what the document says") }
            }
            let again = try await exchange.pair.run(
                "evidence", exchange.messageID, summary.folder, on: exchange.pair.gp)
            #expect(again.status != 0 && again.err.contains("is there already"))
            let unknown = try await exchange.pair.run("evidence", "nothing", "x", on: exchange.pair.gp)
            #expect(unknown.status == 1 && unknown.err.contains("no message 'nothing'"))
            let trace = try await exchange.pair.run("trace", exchange.messageID, on: exchange.pair.gp)
            #expect(trace.out.contains("evidence exported") && trace.out.contains("by command:"))
        }

        @Test("a trace shows the conversation by any of its ids, in order, with what the other node signed")
        func trace() async throws {
            let exchange = try await exchange()
            let outcome = try await exchange.pair.run("trace", exchange.messageID, "--json", on: exchange.pair.gp)
            let trace = try outcome.json(Gateway.Trace.self)
            #expect(trace.messages.map(\.kind).contains("APPREC") && trace.messages.count == 2)
            let steps = trace.steps.filter { $0.number == trace.messages[0].number }.map(\.what)
            for (earlier, later) in zip(["taken", "sealed", "delivered"], ["sealed", "delivered", "accepted"]) {
                let (first, second) = (steps.firstIndex(of: earlier), steps.firstIndex(of: later))
                #expect((first ?? .max) < (second ?? .min), "\(steps)")
            }
            let there = trace.steps.filter { $0.place == .there }
            #expect(there.map(\.what) == ["received by 80000401"])
            for id in [trace.messages[0].documentID, trace.messages[0].conversationID, "#\(trace.messages[0].number)"] {
                let other = try await exchange.pair.run("trace", id, "--json", on: exchange.pair.gp)
                #expect(try other.json(Gateway.Trace.self) == trace, "\(id)")
            }
            let unknown = try await exchange.pair.run("trace", "nothing", on: exchange.pair.gp)
            #expect(unknown.status == 1)
        }
    }
}
