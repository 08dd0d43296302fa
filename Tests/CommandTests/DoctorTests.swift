import Foundation
import Gateway
import TestSupport
import Testing

extension Commands {
    @Suite("msggw doctor")
    struct DoctorTests {
        private func report(_ pair: Pair, _ options: String...) async throws -> (Int32, DoctorReport) {
            let outcome = try await Program.run(["doctor", "--json", "--node", pair.gp] + options, in: pair.scratch.path)
            return (outcome.status, try outcome.json(DoctorReport.self))
        }

        private func wrong(_ report: DoctorReport) -> [String] {
            report.findings.filter { $0.verdict == .wrong }.map { "\($0.area): \($0.found)" }
        }

        @Test("a node in order: its partner answers a signed ping; when the partner is gone, that alone is wrong")
        func partner() async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let (status, healthy) = try await report(pair)
            #expect(status == 0, "\(wrong(healthy))")
            let partner = try #require(healthy.findings.first { $0.area == "partner" })
            #expect(partner.verdict == .ok && partner.found.contains("answered") && partner.found.contains("signed"))
            for area in ["configuration", "clock", "trust", "registry", "disk", "store", "queue", "certificates"] {
                #expect(healthy.findings.contains { $0.area == area }, "\(area) was not looked at")
            }

            _ = try await bup.stop()
            let (failed, lonely) = try await report(pair)
            #expect(failed == 1)
            #expect(wrong(lonely).count == 1 && wrong(lonely)[0].contains("cannot be reached"), "\(wrong(lonely))")
            let (quiet, unasked) = try await report(pair, "--no-partners")
            #expect(quiet == 0 && !unasked.findings.contains { $0.area == "partner" })
        }

        @Test("a partner whose signature we do not trust has not answered")
        func untrusted() async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            // The partner signs with the right key, but our registry names another certificate for it.
            let other = try TestPKI.shared.folder().appending(path: "314000021/p256/signing.crt").path
            let registry = URL(filePath: pair.gp).deletingLastPathComponent().appending(path: "registry.json")
            let text = try String(contentsOf: registry, encoding: .utf8).replacing("\\/", with: "/")
            let named = try #require(text.firstMatch(of: /"[^"]*314000013[^"]*signing\.crt"/)).output
            try text.replacing(named, with: "\"\(other)\"").write(to: registry, atomically: true, encoding: .utf8)
            let (status, found) = try await report(pair)
            #expect(status == 1)
            #expect(found.findings.contains { $0.area == "partner" && $0.verdict == .wrong }, "\(wrong(found))")
            _ = try await bup.stop()
        }

        @Test("each fault is named with its remedy", arguments: Fault.all)
        func fault(_ fault: Fault) async throws {
            let pair = try Pair()
            try fault.break(pair)
            let (status, found) = try await report(pair, "--no-partners")
            #expect(status == 1)
            let finding = try #require(found.findings.first { $0.verdict == .wrong })
            #expect(finding.area == fault.area && finding.found.contains(fault.words), "\(wrong(found))")
            #expect(finding.remedy?.isEmpty == false)
        }

        struct Fault: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let area: String
            let words: String
            let `break`: @Sendable (Pair) throws -> Void

            static let all = [
                Fault(testDescription: "a setting nobody knows", area: "configuration", words: "delivery.paralel") { pair in
                    let file = pair.gp + "/msggw.yaml"
                    let text = try String(contentsOfFile: file, encoding: .utf8)
                    try (text + "\ndelivery.paralel: 3\n").write(toFile: file, atomically: true, encoding: .utf8)
                },
                Fault(testDescription: "no roots", area: "trust", words: "is not there") {
                    try Pair.set("trust.roots", "[gone]", in: $0.gp)
                },
                Fault(testDescription: "a registry that is no JSON", area: "registry", words: "registry.json") { pair in
                    try "{".write(
                        toFile: URL(filePath: pair.gp).deletingLastPathComponent().appending(path: "registry.json").path,
                        atomically: true, encoding: .utf8)
                },
                Fault(testDescription: "a store key that others can read", area: "store", words: "store.key") {
                    try FileManager.default.setAttributes(
                        [.posixPermissions: 0o644], ofItemAtPath: $0.gp + "/keys/store.key")
                },
                Fault(testDescription: "a signing key that is not there", area: "keys", words: "signing.key") { pair in
                    let keys = try FileManager.default.subpathsOfDirectory(atPath: pair.gp + "/keys")
                    for key in keys where key.hasSuffix("signing.key") {
                        try FileManager.default.removeItem(atPath: pair.gp + "/keys/" + key)
                    }
                },
            ]
        }
    }
}
