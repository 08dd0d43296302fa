import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("Addressed by need", .serialized)
struct NeedAddressTests {
    static let today = DoorDay(2026, 6, 1)!  // a day of the calendar

    static func registry() throws -> DoorRegistry {
        DoorRegistry(
            try RegistryFiles.book(
                ["oslo.json", "oslo-services.json"].map { Repository.root.appending(path: "samples/registry/\($0)").path }))
    }

    @Test("one door that fits is the receiver, with the reasons")
    func found() throws {
        let address = try NeedAddress("bup", for: .named("Bydel Sagene"), on: Self.today, in: Self.registry())
        #expect(address.receiver.value == "80000401")
        #expect(address.text.contains { $0.contains("Sagene i sitt opptaksområde") })
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let need: String
        let place: Place
        var day = NeedAddressTests.today
        let says: String
        var testDescription: String { says }
    }

    @Test(
        "none, several, expired, unclear and protected are refused in words that say what to do",
        arguments: [
            Refusal(need: "bup", place: .named("Oslo"), says: "Flere passer"),
            Refusal(need: "bup", place: .named("Bergen"), says: "Stedet er ikke kjent"),
            Refusal(need: "bup", place: .unknown, says: "Sted mangler"),
            Refusal(need: "bup", place: .protected, says: "sperret adresse"),
            Refusal(need: "gp", place: .named("Sagene"), says: "Fastlegeregisteret har ikke svart"),
            Refusal(need: "tannlege", place: .named("Sagene"), says: "Kjente behov: bup, contact-point"),
            Refusal(need: "contact-point", place: .named("Bjerke"), day: DoorDay(2028, 1, 1)!, says: "Flere passer"),  // a day
        ])
    func refused(refusal: Refusal) throws {
        let error = #expect(throws: SubmissionError(.receiverUnclear, "")) {
            try NeedAddress(refusal.need, for: refusal.place, on: refusal.day, in: Self.registry())
        }
        #expect(error?.reason.contains(refusal.says) == true, "\(error?.reason ?? "")")
    }

    @Test("of a protected address nothing but that it is protected is said")
    func protected() throws {
        let error = #expect(throws: SubmissionError.self) {
            try NeedAddress("bup", for: Place(AreaID("030103"), isProtected: true), on: Self.today, in: Self.registry())
        }
        for word in ["Sagene", "030103", "80000401"] { #expect(error?.reason.contains(word) == false) }
    }

    @Test("a document for another receiver is refused, and one for the right one is taken with the reasons in its trail")
    func submitted() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            var submission = Submission(document: try Referral.document())
            submission.needs = [try NeedAddress("bup", for: .named("Alna"), on: Self.today, in: Self.registry())]
            let error = await #expect(throws: SubmissionError(.receiverDiffers, "")) { try await node.intake.submit(submission) }
            #expect(error?.reason.contains("the receiver is 80000402") == true)
            submission.needs = [try NeedAddress("bup", for: .named("Sagene"), on: Self.today, in: Self.registry())]
            let taken = try await node.intake.submit(submission)
            let records = try node.store.read {
                try Row.fetchAll($0, sql: "SELECT * FROM audit WHERE action = 'addressed'").map { AuditRecord($0) }
            }
            #expect(records.map(\.messageID) == [taken[0].messageID])
            #expect(records[0].detail?.hasPrefix("by need 'bup' on 2026-06-01: Riktig mottaker er BUP Nord") == true)
            let steps = try node.store.status(of: taken[0].messageID).messages[0].steps
            #expect(steps.contains { $0.what == "addressed" })
        }
    }

    @Test("a receiver that has expired is refused with its last day")
    func expired() async throws {
        let site = try Site(registry: {
            $0.replace("\"herId\" : \"80000401\"", with: "\"validTo\" : \"2026-05-31\", \"herId\" : \"80000401\"")
        })
        try await site.with(.gp) { node in
            let error = await #expect(throws: SubmissionError(.receiverCannotReceive, "")) {
                try await node.intake.submit(Submission(document: try Referral.document()))
            }
            #expect(
                error?.reason.contains("80000401: has expired: 2026-05-31 was its last day") == true, "\(error?.reason ?? "")")
        }
    }

    @Test("a Hodemelding without a receiver gets the one that was found, and every byte of it stays")
    func filled() async throws {
        let site = try Site([.oslo, .bup, .gp])
        try await site.with(.oslo) { node in
            let whole = try node.submission(of: ReportFolder(at: Repository.root.appending(path: "samples/flow3").path))
            let text = String(decoding: whole.document, as: UTF8.self)
            let (start, end) = (try #require(text.range(of: "<Receiver>")), try #require(text.range(of: "</Receiver>")))
            var submission = whole
            submission.document = Array(text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "").utf8)
            await #expect(throws: SubmissionError(.documentUnreadable, "")) { try await node.intake.submit(submission) }
            let need = try NeedAddress("bup", for: .named("Sagene"), on: Self.today, in: Self.registry())
            let addressed = try node.addressed(submission, to: need)
            let message = try MsgHead(parsing: addressed.document)
            #expect(message.receiver == (try MsgHead(parsing: whole.document)).receiver && message.deviations.isEmpty)
            #expect(addressed.document.count > submission.document.count)
            if Schema.all != nil { #expect(try Schema.complaint(about: addressed.document) == nil) }
            #expect(try await node.intake.submit(addressed).map(\.receiver.value) == ["80000401", "80000601"])
            // A document that names one keeps it.
            let other = try NeedAddress("bup", for: .named("Alna"), on: Self.today, in: Self.registry())
            #expect(try node.addressed(whole, to: other).document == whole.document)
            await #expect(throws: SubmissionError(.receiverDiffers, "")) {
                try await node.intake.submit(node.addressed(whole, to: other))
            }
        }
    }
}
