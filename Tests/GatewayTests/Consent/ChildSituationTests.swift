import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("What is noted about a child", .serialized, .timeLimit(.minutes(5)))
struct ChildSituationTests {
    private static let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)

    private static func situation(_ change: (inout SharingQuestion.Situation) -> Void) -> ChildSituation {
        var situation = SharingQuestion.Situation()
        change(&situation)
        return ChildSituation(situation, how: "slått opp av lege 1")
    }

    @Test("counts when it is decided: who acts for a child at a protected address must have been checked")
    func protected() async throws {
        let site = try SharingTests.site()
        try await site.with(.gp) { node in
            try await Consented.record(on: node)
            let document = try Referral.document()
            _ = try await node.consents.note(Self.situation { $0.hasProtectedAddress = true }, about: document)
            let reason = try await SharingTests.isRefused(node, Submission(document: document))
            #expect(reason != nil)
            for mention in ["Blåklokke", "Eksempelveien", "2014"] { #expect(reason?.contains(mention) == false) }
            let checked = Self.situation { ($0.hasProtectedAddress, $0.representationChecked) = (true, true) }
            _ = try await node.consents.note(checked, about: document)
            let taken = try await node.intake.submit(Submission(document: document))
            #expect(taken.count == 1)
        }
    }

    @Test("stops what waits: what was decided before is asked from the start")
    func later() async throws {
        let site = try SharingTests.site()
        try await site.with(.gp) { node in
            try await Consented.record(on: node)
            let document = try Referral.document()
            _ = try await node.intake.submit(Submission(document: document))
            let message = try #require(try node.store.read { try MessageRecord.fetch($0, id: 1) })
            #expect(node.consents.sharing.ask(message, at: TestPKI.now).refusal == nil)
            _ = try await node.consents.note(Self.situation { $0.responsibility = .childWelfareHasCare }, about: document)
            #expect(node.consents.sharing.ask(message, at: TestPKI.now).refusal?.code == .notShareable)
        }
    }

    @Test("ends what was settled without anybody's word")
    func settled() async throws {
        try await SettledSharingTests.taken { node, message in
            let before = try SettledSharingTests.asked(node, message)
            #expect(before.bytes.isEmpty)
            _ = try await node.consents.note(Self.situation { $0.keptFromGuardians = true }, about: Referral.document())
            let after = try SettledSharingTests.asked(node, message)
            #expect(!after.bytes.isEmpty)
        }
    }

    @Test("is of that child alone, the newest note as a whole, and sealed; the trail has that it was noted, not what")
    func kept() async throws {
        let site = try SharingTests.site()
        try await site.with(.gp) { node in
            let document = try Referral.document()
            #expect(try await node.consents.situation(about: document, for: Self.reading) == nil)
            _ = try await node.consents.note(Self.situation { $0.hasProtectedAddress = true }, about: document)
            let noted = try await node.consents.note(Self.situation { $0.responsibility = .one }, about: document)
            #expect(try await node.consents.situation(about: document, for: Self.reading) == noted)
            #expect(noted.hasProtectedAddress == false && noted.responsibility == "one" && noted.at == TestPKI.now)
            let other = try Referral.document(replacing: [
                "<DateOfBirth V=\"2014-03-17\"/>": "<DateOfBirth V=\"2014-03-18\"/>", "17831490128": "13116900216",
            ])
            let sealed = try node.store.read { try Data.fetchAll($0, sql: "SELECT sealed FROM childSituation") }
            #expect(sealed.count == 2)
            for bytes in sealed { #expect(bytes.range(of: Data("lege".utf8)) == nil) }
            let actions = try node.store.read { try String.fetchAll($0, sql: "SELECT action || coalesce(detail, '') FROM audit") }
            #expect(actions.filter { $0 == "situation noted" }.count == 2)
            #expect(actions.filter { $0 == "situation read" }.count == 2)
            #expect(try await node.consents.situation(about: other, for: Self.reading) == nil)
        }
    }
}
