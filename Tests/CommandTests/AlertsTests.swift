import Foundation
import Gateway
import TestSupport
import Testing

extension Commands {
    @Suite("alerts")
    struct Alerts {
        private struct Listed: Decodable {
            let number: Int
            let kind, severity, state, title, action: String
            let messageID: String?
        }

        @Test("what is nearly late is listed with what to do, closed by a person, and nobody is named")
        func late() async throws {
            let pair = try Pair()
            let rules = ["HENVISNING", "HENVISNING!", "HENVISNING_BUP", "HENVISNING_BUP!"].map { "\($0).out.delivered=10m/10m" }
            try Pair.set("deadlines.rules", "[\(rules.joined(separator: ", "))]", in: pair.gp)
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("alerts", on: pair.gp).out == "Nobody has to act.\n")
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            try await gp.line("alert.kind=deliveryLate")
            let listed = try await pair.run("alerts", "list", "--json", on: pair.gp).json([Listed].self)
            let alert = try #require(listed.first)
            #expect(listed.map(\.kind) == ["deliveryLate"] && alert.severity == "warning" && alert.state == "open")
            #expect(alert.action.contains("msggw status #1") && alert.messageID != nil)
            let text = try await pair.run("alerts", on: pair.gp).out
            for word in Pair.personal { #expect(!text.contains(word)) }
            let closed = try await pair.run(
                "alerts", "resolve", "\(alert.number)", "--reason", "telephoned", on: pair.gp)
            #expect(closed.status == 0 && closed.out.hasPrefix("Closed \(alert.number): "))
            try await gp.line("Over: ")
            #expect(try await pair.run("alerts", on: pair.gp).out == "Nobody has to act.\n")
            #expect(try await pair.run("alerts", "list", "--all", on: pair.gp).out.contains("over"))
            let again = try await pair.run("alerts", "resolve", "\(alert.number)", on: pair.gp)
            #expect(again.status == 1 && again.complaints.first?.contains("no open alert") == true)
            #expect(try await gp.stop().outcome.status == 0)
        }

        @Test("a test says for each way whether it worked, and fails when one did not")
        func trial() async throws {
            let pair = try Pair()
            let none = try await pair.run("alerts", "test", on: pair.gp)
            #expect(none.status == 0 && none.out.contains("Only the log is told"))
            let port = try FreePorts.take(1)[0]
            let environment = [
                "MSGGW_ALERTS_WEBHOOK": "http://127.0.0.1:\(port)/", "MSGGW_ALERTS_SMTP_SERVER": "smtp-plain://127.0.0.1:\(port)",
                "MSGGW_ALERTS_SMTP_FROM": "a@example.org", "MSGGW_ALERTS_OPERATORS": "b@example.org",
                "MSGGW_ALERTS_CONTACTS": "80000601=c@example.org",
            ]
            let refused = try await pair.run("alerts", "test", on: pair.gp, environment: environment)
            #expect(refused.status == 1)
            for route in ["webhook", "smtp:operators", "smtp:80000601"] {
                #expect(refused.out.contains("\(route): not taken, unreachable"))
            }
            #expect(!refused.out.contains("@"))
        }
    }
}
