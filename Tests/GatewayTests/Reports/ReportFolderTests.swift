import Envelope
import Foundation
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("A report with a sheet beside it")
struct ReportFolderTests {
    private let scratch: ScratchFolder
    private let registry: Registry
    static let number = "17831490128"

    init() throws {
        scratch = try ScratchFolder()
        registry = try Registry(file: Repository.root.appending(path: "samples/registry/oslo.json").path)
        _ = try scratch.write("%PDF-1.7 one", to: "rapport.pdf")
    }

    static var whole: [String: Any] {
        [
            "format": "msggw-report/1", "from": "80000110", "to": ["80000401", "80000601"],
            "child": ["identityNumber": number, "givenName": "Vennlig", "familyName": "Blåklokke"], "title": "Pedagogisk rapport",
        ]
    }

    private func folder(_ sheet: [String: Any]) throws -> ReportFolder {
        let json = try JSONSerialization.data(withJSONObject: sheet, options: .sortedKeys)
        _ = try scratch.write(String(decoding: json, as: UTF8.self), to: "rapport.json")
        return try ReportFolder(at: scratch.path)
    }

    private func submission(_ sheet: [String: Any], _ environment: NodeEnvironment = .test) throws -> Submission {
        try folder(sheet).submission(registry: registry, environment: environment, at: TestPKI.now)
    }

    private func refusal(_ body: () throws -> Void) throws -> String {
        let error = try #require(throws: SubmissionError.self) { try body() }
        for personal in [Self.number, "Vennlig", "Blåklokke"] { #expect(!error.reason.contains(personal), "\(error.reason)") }
        return error.reason
    }

    @Test("becomes a dialogue message about the child to the first receiver, with a copy to each other")
    func message() throws {
        var sheet = Self.whole
        sheet["contact"] = ["givenName": "Rolig", "familyName": "Bjørkelund", "telephone": "22 00 00 00"]
        let submission = try submission(sheet)
        let message = try MsgHead(parsing: submission.document)
        #expect(message.type.code == "DIALOG_HELSEFAGLIG" && message.deviations.isEmpty)
        #expect(message.receiver.organisation.service?.identifiers.herID == "80000401")
        #expect(message.sender.organisation.service?.identifiers.herID == "80000110")
        #expect(message.otherReceivers.count == 1)
        #expect(message.patient?.identifiers.nationalIdentity?.value == Self.number)
        let note = try #require(message.dialogmelding?.notater.first)
        #expect(note.tema == "Pedagogisk rapport" && note.roller.count == 1)
        #expect(submission.attachments.map(\.path) == [scratch.path + "/rapport.pdf"] && submission.sender == HERID("80000110"))
    }

    @Test("is valid by the official schema", .enabled(if: Schema.all != nil, "the schemas are not here"))
    func valid() throws {
        #expect(try Schema.complaint(about: try submission(Self.whole).document) == nil)
    }

    @Test("is the same document when it is handed in again, and another one when a file or the sheet changes")
    func sameDocument() throws {
        let first = try folder(Self.whole).documentID
        #expect(try folder(Self.whole).documentID == first)
        var other = Self.whole
        other["title"] = "Ny rapport"
        let second = try folder(other).documentID
        #expect(second != first)
        _ = try scratch.write("%PDF-1.7 two", to: "rapport.pdf")
        #expect(Set([first, second, try folder(Self.whole).documentID]).count == 3)
    }

    @Test("sends every other file in the folder by name when the sheet names none, and those it names in its own order")
    func files() throws {
        _ = try scratch.write("%PDF-1.7", to: "Bilag.pdf")
        _ = try scratch.write("x", to: ".hidden")
        #expect(try folder(Self.whole).files.map(\.title) == ["Bilag", "rapport"])
        var sheet = Self.whole
        sheet["files"] = [["file": "rapport.pdf", "title": "Rapporten"], ["file": "Bilag.pdf"]]
        #expect(try folder(sheet).files.map(\.title) == ["Rapporten", "Bilag"])
    }

    @Test("everything that is wrong with a sheet is said at once, by place, and nothing that stood there")
    func faults() throws {
        let reason = try refusal {
            _ = try folder([
                "formatt": "x", "from": "PPT", "to": ["80000401", "BUP"],
                "child": ["givenName": "Vennlig", "familyName": "", "birthDate": "17.03.2014"],
                "files": [["file": "../secret.pdf"]],
            ])
        }
        for part in [
            "did you mean format", "from is no HER-id", "to[1] is no HER-id", "child.identityNumber is missing",
            "child.familyName", "child.birthDate is no day",
            "title is missing", "files[0].file is not the name of a file",
        ] { #expect(reason.contains(part), "\(part): \(reason)") }
    }

    @Test("a child whose number is nobody's, or a real person's in a test, is refused without showing it")
    func numbers() throws {
        var sheet = Self.whole
        sheet["child"] = ["identityNumber": "17831490129", "givenName": "Vennlig", "familyName": "Blåklokke"]
        #expect(try refusal { _ = try submission(sheet) }.contains("check digits"))
        #expect(try refusal { _ = try submission(Self.whole, .production) }.contains("synthetic"))
    }

    @Test("a receiver whom nobody knows, a missing file, no sheet, two sheets, and no folder are each said")
    func missing() throws {
        var sheet = Self.whole
        sheet["to"] = ["80000499"]
        #expect(try refusal { _ = try submission(sheet) }.contains("to[0]"))
        sheet["files"] = [["file": "annen.pdf"]]
        #expect(try refusal { _ = try folder(sheet) }.contains("annen.pdf"))
        _ = try scratch.write("{}", to: "to.json")
        #expect(try refusal { _ = try ReportFolder(at: scratch.path) }.contains("holds 2"))
        let empty = try ScratchFolder()
        #expect(try refusal { _ = try ReportFolder(at: empty.path) }.contains("holds none"))
        #expect(try refusal { _ = try ReportFolder(at: scratch.path + "/no") }.contains("there is no report"))
        #expect(try refusal { _ = try ReportFolder(at: scratch.path + "/rapport.pdf") }.contains("is not a report sheet"))
        _ = try scratch.write("not json", to: "to.json")
        #expect(try refusal { _ = try ReportFolder(at: scratch.path + "/to.json") }.contains("not a JSON object"))
    }
}
