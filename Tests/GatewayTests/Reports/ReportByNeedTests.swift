import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("A report to whoever is needed", .serialized)
struct ReportByNeedTests {
    private static let bup = ["need": "bup", "area": "Bydel Sagene"]

    private static func site() throws -> Site {
        let services = Repository.root.appending(path: "samples/registry/oslo-services.json").path
        return try Site([.oslo, .bup, .gp], settings: ["registry.also": "[\(services)]"])
    }

    /// A folder with a report for these.
    private static func report(
        _ site: Site, to receivers: [Any]?, besides need: ReportSheet.Receiver? = nil
    ) throws -> ReportFolder {
        var sheet = ReportFolderTests.whole
        sheet["to"] = receivers
        let json = try JSONSerialization.data(withJSONObject: sheet, options: .sortedKeys)
        _ = try site.scratch.write("%PDF-1.7 one", to: "report/rapport.pdf")
        _ = try site.scratch.write(String(decoding: json, as: UTF8.self), to: "report/rapport.json")
        return try ReportFolder(at: site.scratch.path + "/report", to: need)
    }

    @Test("goes to the door that meets the need, with the reasons in the trail, and is the same message when handed in again")
    func found() async throws {
        let site = try Self.site()
        try await site.with(.oslo) { node in
            let taken = try await node.intake.submit(node.submission(of: Self.report(site, to: [Self.bup, "80000601"])))
            #expect(taken.map(\.receiver.value) == ["80000401", "80000601"])
            let trail = try node.store.read {
                try Row.fetchAll($0, sql: "SELECT * FROM audit WHERE action = 'addressed'").map { AuditRecord($0) }
            }
            #expect(trail.map(\.messageID) == [taken[0].messageID])
            await #expect(throws: SubmissionError(.duplicate, "")) {
                try await node.intake.submit(node.submission(of: Self.report(site, to: [Self.bup, "80000601"])))
            }
        }
    }

    @Test("a need of the command goes first, and the sheet may then leave out its receivers")
    func command() async throws {
        let site = try Self.site()
        try await site.with(.oslo) { node in
            let need = ReportSheet.Receiver.need("bup", .named("Alna"))
            let alone = try node.submission(of: Self.report(site, to: nil, besides: need))
            #expect(try MsgHead(parsing: alone.document).receiver.organisation.service?.identifiers.herID == "80000402")
            let both = try node.submission(of: Self.report(site, to: ["80000601"], besides: need))
            #expect(try MsgHead(parsing: both.document).otherReceivers.count == 1)
            #expect(both.needs.map(\.receiver.value) == ["80000402"])
            #expect(throws: SubmissionError(.documentUnreadable, "")) { try Self.report(site, to: nil) }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let need: [String: String]
        var isProtected = false
        let says: String
        var testDescription: String { says }
    }

    @Test(
        "nobody is guessed: each refusal says what to do, and nothing is kept",
        arguments: [
            Refusal(need: ["need": "bup", "area": "Oslo"], says: "Flere passer"),
            Refusal(need: ["need": "gp", "area": "Bydel Sagene"], says: "Fastlegeregisteret har ikke svart"),
            Refusal(need: ["need": "bup", "area": "Atlantis"], says: "Stedet er ikke kjent"),
            Refusal(need: ["need": "tannlege", "area": "Sagene"], says: "Kjente behov: bup, contact-point"),
            Refusal(need: ["need": "bup"], isProtected: true, says: "sperret adresse"),
        ])
    func refused(refusal: Refusal) async throws {
        let site = try Self.site()
        try await site.with(.oslo) { node in
            var need: [String: Any] = refusal.need
            if refusal.isProtected { need["protected"] = true }
            let report = try Self.report(site, to: [need])
            let error = #expect(throws: SubmissionError(.receiverUnclear, "")) { try node.submission(of: report) }
            #expect(error?.reason.contains(refusal.says) == true, "\(error?.reason ?? "")")
            if refusal.isProtected { #expect(error?.reason.contains("BUP Nord") == false) }
        }
    }

    @Test("a service that has expired is refused with its last day")
    func expired() async throws {
        let services = Repository.root.appending(path: "samples/registry/oslo-services.json").path
        let site = try Site([.oslo, .bup], settings: ["registry.also": "[\(services)]"]) {
            $0.replace("\"herId\" : \"80000401\"", with: "\"validTo\" : \"2026-05-16\", \"herId\" : \"80000401\"")
        }
        try await site.with(.oslo) { node in
            let report = try Self.report(site, to: [Self.bup])
            let error = #expect(throws: SubmissionError(.receiverUnclear, "")) { try node.submission(of: report) }
            #expect(error?.reason.contains("til og med 16. mai 2026") == true, "\(error?.reason ?? "")")
        }
    }

    @Test(
        "a sheet that says where a protected address is, or no place at all, is refused and nothing of it is repeated",
        arguments: [
            #"{"need": "bup", "area": "Hemmelig", "protected": true}"#, #"{"need": "bup"}"#, #"{"area": "Hemmelig"}"#,
            #"{"need": "bup", "area": "Hemmelig", "protected": "ja"}"#, #"{"need": 3, "area": "Hemmelig"}"#,
        ])
    func faults(entry: String) throws {
        let site = try Self.site()
        let value = try JSONSerialization.jsonObject(with: Data(entry.utf8))
        let error = #expect(throws: SubmissionError(.documentUnreadable, "")) { try Self.report(site, to: [value]) }
        #expect(error?.reason.contains("to[0]") == true && error?.reason.contains("Hemmelig") == false)
    }
}
