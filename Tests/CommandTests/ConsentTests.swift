import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("consent")
    struct Consent {
        private struct Listed: Decodable {
            let id, state, scope: String
        }

        /// A year in which the sample's dates hold on whatever day this runs.
        private static func sample(_ name: String, for pair: Pair, as file: String) throws -> String {
            let text = try String(contentsOfFile: Pair.sample("consent/\(name)"), encoding: .utf8)
            return try pair.scratch.write(
                text.replacing("2027-05-17", with: "2099-12-31").replacing("2014-03-17", with: "2024-03-17"), to: file)
        }

        private static func referral(_ pair: Pair) throws -> String {
            try pair.referral(replacing: "2014-03-17", with: "2024-03-17")
        }

        @Test("what may be shared is asked, recorded, asked again, and taken back; the exit codes tell")
        func whole() async throws {
            let pair = try Pair(settings: ["consent.check": "require", "completeness.check": "off"])
            let document = try Self.referral(pair)
            let refused = try await pair.run("send", document, on: pair.gp)
            #expect(refused.status == 1)
            #expect(refused.err.contains("Kan ikke deles ennå."))
            let needs = try await pair.run("consent", "check", document, "--receiver", "80000401", on: pair.gp)
            #expect(needs.status == 1)
            #expect(needs.out.contains("Samtykke til å dele er ikke samtykke til helsehjelp."))

            for name in ["samtykke.json", "samtykke-helsehjelp.json"] {
                let recorded = try await pair.run(
                    "consent", "record", try Self.sample(name, for: pair, as: name), on: pair.gp)
                #expect(recorded.status == 0, "\(recorded.err)")
            }
            let listed = try await pair.run("consent", "list", "--about", document, "--json", on: pair.gp)
            #expect(try listed.json([Listed].self).map(\.state) == ["active", "active"])
            let allowed = try await pair.run("consent", "check", document, "--receiver", "80000401", on: pair.gp)
            #expect(allowed.status == 0)
            #expect(allowed.out.contains("Grunnlag: samtykke (2)"))
            let sent = try await pair.run("send", document, on: pair.gp)
            #expect(sent.status == 0, "\(sent.err)")

            let id = try #require(try listed.json([Listed].self).first?.id)
            let withdrawn = try await pair.run(
                "consent", "withdraw", id, "--by", "foreldreansvar", "--how", "muntlig, notert", on: pair.gp)
            #expect(withdrawn.status == 0, "\(withdrawn.err)")
            #expect(withdrawn.out.contains("stopped: nobody got it"))
            let status = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(status.out.contains("cancelled"))
            #expect(status.out.contains("sharing    submission: allowed  (consent 2)"))
            let no = try await pair.run("consent", "check", document, "--receiver", "80000401", on: pair.gp)
            #expect(no.status == 2)
            #expect(no.out.contains("Samtykket er trukket tilbake."))

            for outcome in [refused, needs, listed, allowed, sent, withdrawn, status, no] {
                for word in Pair.personal { #expect(!(outcome.out + outcome.err).contains(word)) }
            }
            let shown = try await pair.run("consent", "show", id, "--fhir", "--purpose", "test", on: pair.gp)
            #expect(shown.out.contains("17831490128"))
        }

        @Test(
            "what is wrong is one line on standard error, without what a record says",
            arguments: [
                (["consent", "record", "/nowhere.json"], Int32(1)), (["consent", "record", Pair.report], 1),
                (["consent", "withdraw", "0b8f5a3e", "--by", "foreldreansvar", "--how", "muntlig"], 1),
                (["consent", "withdraw", "0b8f5a3e", "--by", "nabo", "--how", "muntlig"], 64), (["consent", "show", "x"], 1),
                (["consent", "check", Pair.report, "--receiver", "80000401"], 1),
                (["consent", "check", Pair.referral, "--receiver", "BUP"], 64),
            ] as [([String], Int32)])
        func refuses(words: [String], status: Int32) async throws {
            let pair = try Pair()
            let outcome = try await Program.run(words + ["--node", pair.gp], in: pair.scratch.path)
            #expect(outcome.status == status, "\(words) \(outcome.err)")
            for word in Pair.personal { #expect(!outcome.err.contains(word)) }
        }
    }
}
