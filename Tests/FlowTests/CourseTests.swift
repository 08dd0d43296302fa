import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A referral's course")
    struct CourseTests {
        private func bup(_ body: (Site, Node) async throws -> Void) async throws {
            let site = try Site(filesItself: false)
            try await site.with(.bup) { try await body(site, $0) }
        }

        private func deadlines(_ node: Node) throws -> [Date?] {
            try node.store.course(of: Later.referral).steps.map { step in
                try node.store.read { try MessageRecord.fetch($0, id: step.message)?.answerBy }
            }
        }

        @Test(
            "change, addition and cancellation are joined to the first at the receiver: one deadline, and the cancellation ends it"
        )
        func receiver() async throws {
            try await bup { site, bup in
                try await Later.post(Referral.document(), to: bup)
                let due = try #require(try deadlines(bup).first ?? nil)
                site.clock.advance(by: 2 * 86_400)
                try await Later.post(Later.document("M", 1), to: bup)
                try await Later.post(Later.document("A", 2), to: bup)
                #expect(try Later.course(bup) == "NMA")
                #expect(try deadlines(bup) == [due, nil, nil])
                #expect(try bup.store.course(of: Later.id(2)).answerBy == due)
                try await Later.post(Later.document("C", 3), to: bup)
                let course = try bup.store.course(of: "#1")
                #expect(try Later.course(bup) == "NMAC" && deadlines(bup) == [nil, nil, nil, nil])
                #expect(course.isCancelled && course.answerBy == nil && course.referral == Later.referral)
                #expect(try Later.alerts(bup).isEmpty && bup.store.check().isGood)
            }
        }

        @Test("the sender's node sees the same course, and waits for one answer")
        func sender() async throws {
            let site = try Site(filesItself: false)
            try await site.with(.gp) { gp in
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                let due = try #require(try deadlines(gp).first ?? nil)
                site.clock.advance(by: 86_400)
                _ = try await gp.intake.submit(Submission(document: Later.document("M", 1)))
                #expect(try deadlines(gp) == [due, nil])
                _ = try await gp.intake.submit(Submission(document: Later.document("C", 2)))
                #expect(try Later.course(gp) == "NMC" && deadlines(gp) == [nil, nil, nil])
                let shown = try gp.store.status(of: Referral.documentID).messages[0].course
                #expect(shown?.isCancelled == true && shown?.steps.map(\.what) == ["N", "M", "C"])
            }
        }

        @Test("the day until which it must be answered is the same at both ends, counted from the signed receipt")
        func sameDay() async throws {
            let site = try Site(filesItself: false)
            let before = try await site.with(.gp) { gp in
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                return try #require(try deadlines(gp)[0])
            }
            // Two working days on the way.
            site.clock.advance(by: 2 * 86_400)
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) { _ = try await site.steps.first("delivered", "gp") }
            let (sender, receiver) = (try deadlines(gp)[0], try deadlines(bup)[0])
            #expect(sender == receiver && sender == before + 2 * 86_400)
        }

        @Test("a change that cannot wait makes the time shorter; none makes it longer")
        func urgentChange() async throws {
            try await bup { site, bup in
                try await Later.post(Referral.document(), to: bup)
                let due = try #require(try deadlines(bup).first ?? nil)
                let text = String(decoding: try Later.document("M", 1), as: UTF8.self)
                let urgent = text.replacing(/<Priority V="[^"]*"/, with: "<Priority V=\"1\"")
                try #require(urgent != text)
                try await Later.post(Array(urgent.utf8), to: bup)
                let after = try deadlines(bup)
                #expect(try #require(after[0]) < due && after[1] == nil)
            }
        }

        @Test(
            "another sender's change, addition or cancellation changes nothing, is shown as such and told",
            arguments: ["M", "A", "C"])
        func foreign(what: String) async throws {
            try await bup { _, bup in
                try await Later.post(Referral.document(), to: bup)
                let due = try deadlines(bup)
                try await Later.post(Later.document(what, 1, from: "80000602"), to: bup, from: "80000602")
                #expect(try Later.course(bup, of: Referral.documentID) == "N")
                #expect(try deadlines(bup) == due && Later.course(bup, of: Later.id(1)) == what.lowercased())
                #expect(try bup.store.course(of: Later.id(1)).steps[0].standing == "foreign")
                #expect(try Later.alerts(bup) == ["referralStray"])
            }
        }

        @Test("a party of the same node cannot change another's referral: it is refused, and nothing of it stays")
        func foreignOut() async throws {
            let site = try Site(filesItself: false)
            try await site.with(.gp) { gp in
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                await #expect(throws: SubmissionError(.senderDiffers, "")) {
                    try await gp.intake.submit(Submission(document: Later.document("C", 1, from: "80000602")))
                }
                #expect(try Later.course(gp) == "N" && deadlines(gp)[0] != nil)
                #expect(try gp.store.queue(QueueFilter()).count == 1)
            }
        }

        @Test("what comes before its first waits, is told, and takes its place when the first comes")
        func outOfOrder() async throws {
            try await bup { _, bup in
                try await Later.post(Later.document("M", 1), to: bup)
                #expect(try bup.store.course(of: Later.id(1)).steps[0].standing == "waiting")
                // Somebody must look at it also when the first never comes.
                #expect(try deadlines(bup)[0] != nil && Later.alerts(bup) == ["referralStray"])
                try await Later.post(Referral.document(), to: bup)
                #expect(try Later.course(bup) == "MN" && Later.alerts(bup).isEmpty)
                #expect(try deadlines(bup).compactMap(\.self).count == 1)
            }
        }

        @Test("a cancellation that comes before its referral takes it back when it comes; another's does not")
        func cancelledBefore() async throws {
            for (sender, isCancelled) in [(Referral.sender, true), ("80000602", false)] {
                try await bup { _, bup in
                    try await Later.post(Later.document("C", 1, from: sender), to: bup, from: sender)
                    try await Later.post(Referral.document(), to: bup)
                    let course = try bup.store.course(of: Referral.documentID)
                    #expect(course.isCancelled == isCancelled && (course.answerBy == nil) == isCancelled)
                    #expect(try Later.alerts(bup) == (isCancelled ? [] : ["referralStray"]))
                }
            }
        }

        @Test(
            "a referral that is handed in again after it failed is waited for, and a cancellation that failed takes nothing back")
        func again() async throws {
            let site = try Site(filesItself: false)
            try await site.with(.gp) { gp in
                for (number, what) in ["N", "N", "C"].enumerated() {
                    _ = try await gp.intake.submit(Submission(document: Later.document(what, number)))
                    if number == 1 { #expect(try deadlines(gp)[1] != nil) } else { try await fail(Int64(number + 1), gp) }
                }
                #expect(try !gp.store.course(of: Later.referral).isCancelled)
            }
        }

        private func fail(_ message: Int64, _ node: Node) async throws {
            _ = try await node.store.commit { database in
                try Ledger.apply(.failed(reason: "a test"), to: message, at: TestPKI.now, by: .node, in: database)
            }
        }

        @Test(
            "after a hundred documents of one referral, the next is one of its own: it is waited for, and costs what the first did"
        )
        func many() async throws {
            try await bup { _, bup in
                for number in 0...CourseRow.most { try await Later.post(Later.document("N", number), to: bup) }
                let waiting = try bup.store.read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM message WHERE answerBy IS NOT NULL")
                }
                #expect(waiting == 2)
                #expect(try bup.store.course(of: "#1").steps.count == CourseRow.most)
            }
        }

        @Test("the same new referral twice is one; a cancellation twice is one; a new one made after it is open again")
        func twice() async throws {
            try await bup { _, bup in
                try await Later.post(Referral.document(), to: bup)
                try await Later.post(Later.document("N", 1), to: bup)
                #expect(try Later.course(bup) == "NN" && deadlines(bup).compactMap(\.self).count == 1)
                try await Later.post(Later.document("C", 2), to: bup)
                try await Later.post(Later.document("C", 3), to: bup)
                // Made before the cancellation, and late on its way.
                try await Later.post(Later.document("M", 1), to: bup)
                #expect(try bup.store.course(of: "#1").isCancelled && deadlines(bup).compactMap(\.self).isEmpty)
                try await Later.post(Later.document("N", 4), to: bup)
                let course = try bup.store.course(of: "#1")
                #expect(!course.isCancelled && course.answerBy != nil)
            }
        }
    }
}
