import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("Completeness when a message is taken", .serialized, .timeLimit(.minutes(5)))
struct CompletenessIntakeTests {
    static func submission(_ changes: KeyValuePairs<String, String> = [:], anyway: String? = nil) throws -> Submission {
        var submission = Submission(document: try Referral.document(replacing: changes))
        submission.anyway = anyway
        return submission
    }

    @Test("warn takes it, says what BUP will miss, and keeps the list with the message")
    func warns() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "warn"])
        try await site.with(.gp) { node in
            let taken = try await node.intake.submit(Self.submission())
            #expect(taken[0].remarks.contains { $0.contains("bekymret for omsorgen") })
            let kept = try #require(try node.store.status(of: taken[0].messageID).messages.first?.checklist)
            #expect(kept.missing.contains { $0.contains("bekymret for omsorgen") })
            #expect(!kept.wentAnyway)
            let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)
            let list = try await node.store.answeredChecklist(of: taken[0].messageID, for: reading)
            #expect(list.lines.contains { $0.state == .missing && $0.id == "omsorgssvikt" })
            let trail = try node.store.read { try AuditTrail.records(of: 1, in: $0) }
            #expect(trail.contains { $0.action == "read" && $0.detail == "checklist" })
        }
    }

    @Test("require refuses it whole, with the question and why BUP asks, and nothing of it stays")
    func refuses() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "require"])
        try await site.with(.gp) { node in
            do {
                _ = try await node.intake.submit(Self.submission())
                Issue.record("it was taken")
            } catch let error as SubmissionError {
                #expect(error.code == .incomplete)
                #expect(error.reason.contains("BUP må vite om barnevernet bør være med"))
                #expect(!error.reason.contains("Blåklokke"))
            }
            let stored = try node.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message") }
            #expect(stored == 0)
        }
    }

    @Test(
        "a reason lets it go, one that says nothing does not",
        arguments: [
            ("Far svarer på dette i neste samtale", true), ("ok", false), ("-", false), ("se vedlegg", false),
        ])
    func anyway(reason: String, goes: Bool) async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "require"])
        try await site.with(.gp) { node in
            let submission = try Self.submission(anyway: reason)
            if goes {
                let taken = try await node.intake.submit(submission)
                #expect(try node.store.status(of: taken[0].messageID).messages.first?.checklist?.wentAnyway == true)
            } else {
                await #expect(throws: SubmissionError(.incomplete, "")) { _ = try await node.intake.submit(submission) }
            }
        }
    }

    @Test("an urgent referral is never held up, and it is said that it was urgent")
    func urgent() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "require"])
        try await site.with(.gp) { node in
            let taken = try await node.intake.submit(Self.submission(["<Priority V=\"30\"": "<Priority V=\"3\""]))
            #expect(try node.store.status(of: taken[0].messageID).messages.first?.checklist?.wasUrgent == true)
        }
    }

    @Test("what is complete is taken where that is required")
    func complete() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "require"])
        try await site.with(.gp) { node in
            let taken = try await node.intake.submit(
                Self.submission(["ingen rus.": "ingen rus. Ikke bekymret for omsorgen hjemme."]))
            #expect(taken[0].remarks.filter { $0.contains(") mangler: ") }.isEmpty)
        }
    }

    @Test("off asks nothing and keeps nothing")
    func off() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "off"])
        try await site.with(.gp) { node in
            let taken = try await node.intake.submit(Self.submission())
            #expect(taken[0].remarks.filter { $0.contains(") mangler: ") }.isEmpty)
            #expect(try node.store.status(of: taken[0].messageID).messages.first?.checklist == nil)
        }
    }

    @Test("with the list along, the receiver gets it as a text under a name that says what it is")
    func travels() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "warn"]) { registry in
            registry = registry.replacing("\"image/png\"", with: "\"image/png\", \"text/plain\"")
        }
        try await site.with(.gp) { node in
            var submission = try Self.submission()
            submission.carriesChecklist = true
            _ = try await node.intake.submit(submission)
            let parts = try node.store.read { try PartRecord.fetch($0, message: 1) }
            #expect(parts.map(\.mediaType) == ["text/xml", "text/plain"])
            let text = String(decoding: try node.store.vault.bytes(of: parts[1].payload), as: UTF8.self)
            #expect(text.contains("Hva er vansken? Besvart, se Henvisningsgrunn barnet."))
        }
    }

    @Test("a receiver that cannot open a text gets none, and the sender is told")
    func staysBehind() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "warn"])
        try await site.with(.gp) { node in
            var submission = try Self.submission()
            submission.carriesChecklist = true
            let taken = try await node.intake.submit(submission)
            #expect(taken[0].remarks.contains { $0.contains("Sjekklisten ble ikke sendt med") })
            let parts = try node.store.read { try PartRecord.fetch($0, message: 1) }
            #expect(parts.count == 1)
        }
    }

    @Test("neither the list nor a reason lies readable in the store")
    func secrecy() async throws {
        let site = try Site([.gp, .bup], settings: ["completeness.check": "warn"])
        try await site.with(.gp) { node in
            _ = try await node.intake.submit(Self.submission(anyway: "Hemmelig grunn om Blåklokke"))
            let rows = try node.store.read { try Data.fetchAll($0, sql: "SELECT sealed FROM answeredChecklist") }
            #expect(rows.count == 1)
            for row in rows {
                let text = String(decoding: row, as: UTF8.self)
                #expect(!text.contains("Hemmelig") && !text.contains("bup-henvisning"))
            }
        }
    }
}
