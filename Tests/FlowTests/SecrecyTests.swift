import Envelope
import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

extension Flows {
    @Suite("What lies on the disk and what is logged")
    struct SecrecyTests {
        static let canaries = [
            "kanarifugl i dokumentet", "kanarifugl i et lite vedlegg", "kanarifugl i et stort vedlegg", "Kanarifugl som navn",
            // The child and the doctor of the sample, and the child's number.
            "Blåklokke", "17831490128", "Furukvist",
        ]

        @Test(
            "nothing of a document, an attachment or its name lies readable in the store of either node, nor in a log line",
            arguments: ["strong", "national"])
        func nothingReadable(protection: String) async throws {
            let site = try Site(keys: .rsa3072, protection: protection == "strong" ? nil : protection) {
                $0 = $0.replacing("\"image/png\"", with: "\"image/png\", \"text/plain\"")
            }
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                let small = try site.attachment("liten.txt", Array(Self.canaries[1].utf8))
                let line = Self.canaries[2] + "\n"
                let large = try site.attachment("stor.txt", Array(String(repeating: line, count: 10_000).utf8))
                _ = try await gp.intake.submit(
                    Submission(
                        document: Referral.document(replacing: ["Fungering:": Self.canaries[0]]),
                        attachments: [
                            SubmittedAttachment(path: small, title: Self.canaries[3]),
                            SubmittedAttachment(path: large, title: "Stor"),
                        ]))
                try await site.steps.first("accepted", "gp")
                for name in [Site.Name.gp, .bup] { try expectNoCanary(below: site.store(name)) }
                for node in [gp, bup] {
                    let page = await node.metrics.text()
                    let ids = site.steps.events.map(\.message.messageID)
                    #expect(!ids.isEmpty)
                    for word in Self.canaries + ids { #expect(!page.contains(word), "measured: \(word)") }
                }
            }
            for name in [Site.Name.gp, .bup] { try expectNoCanary(below: site.store(name)) }
            #expect(site.logs.all.count > 5)
            for canary in Self.canaries { #expect(!site.logs.all.contains { $0.contains(canary) }) }
            // The search itself finds what is readable: the receiving system's own copy.
            let filed = try contents(below: site.folder(.bup) + "/filed")
            #expect(Self.canaries[0...2].allSatisfy { canary in filed.contains { $0.range(of: Data(canary.utf8)) != nil } })
        }

        private func expectNoCanary(below folder: String) throws {
            let files = try contents(below: folder)
            #expect(files.count >= 2)
            for canary in Self.canaries {
                let bytes = Data(canary.utf8)
                let forms = [bytes, Data(bytes.prefix(bytes.count / 3 * 3).base64EncodedString().utf8)]
                for form in forms { #expect(!files.contains { $0.range(of: form) != nil }, "found: \(canary)") }
            }
        }

        private func contents(below folder: String) throws -> [Data] {
            try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { name in
                let path = folder + "/" + name
                let kind = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                return kind == .typeRegular ? try Data(contentsOf: URL(filePath: path)) : nil
            }
        }

        @Test("store, payloads and spool belong to their owner alone")
        func permissions() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                _ = try await Wrong.writer().write().post(to: bup)
                let folder = site.store(.bup)
                for name in try FileManager.default.subpathsOfDirectory(atPath: folder) + [""] {
                    let facts = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
                    let mode = try #require(facts[.posixPermissions] as? NSNumber).intValue
                    #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
                }
            }
        }
    }
}
