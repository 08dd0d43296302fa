import Envelope
import Foundation
import Testing

struct ReceiptCase: CustomTestStringConvertible, Sendable {
    let version: AppRec.Version
    let status: AppRec.Status
    let errors: [CodedValue]
    var testDescription: String { "\(version) \(status.coded.displayName ?? "") with \(errors.count) errors" }

    static let all: [ReceiptCase] = AppRec.Version.allCases.flatMap { version in
        [
            ReceiptCase(version: version, status: .ok, errors: []),
            ReceiptCase(
                version: version, status: .rejected,
                errors: [AppRecError.unknownPatient.explained("Pasienten er <ukjent> & borte"), AppRecError.other.coded]),
            ReceiptCase(version: version, status: .okWithErrorInPart, errors: [AppRecError.formatOther.coded]),
            ReceiptCase(version: version, status: .okWithErrorInPart, errors: []),
        ]
    }
}

@Suite("AppRec")
struct AppRecTests {
    private static let id = "22222222-2222-4222-8222-222222222222"

    private static func answer(
        _ receipt: ReceiptCase = ReceiptCase(version: .v11, status: .ok, errors: []), as address: AddressPath? = nil
    ) throws -> AppRec {
        try AppRec.answering(
            DocumentFixture.dialog().summary, status: receipt.status, errors: receipt.errors, id: id,
            generated: DocumentFixture.generated, as: address, version: receipt.version, softwareName: "msggw",
            softwareVersion: "1")
    }

    @Test("every status in both versions reads back as the same value and the same bytes", arguments: ReceiptCase.all)
    func roundTrip(receipt: ReceiptCase) throws {
        let built = try Self.answer(receipt)
        let bytes = try built.encoded()
        let read = try AppRec(parsing: bytes)
        #expect(read == built)
        #expect(try read.encoded() == bytes)
        #expect(try ClinicalDocument(parsing: bytes) == .appRec(built))
    }

    @Test(
        "every status in both versions is valid by the official schemas",
        .enabled(if: OfficialSchema.file != nil, "the official schemas are not beside the checkout"), arguments: ReceiptCase.all)
    func valid(receipt: ReceiptCase) throws {
        #expect(try OfficialSchema.complaints(Self.answer(receipt).encoded()) == "")
    }

    @Test("sender and receiver change places; a service becomes Dept, a person HCPerson")
    func swapped() throws {
        let receipt = try Self.answer()
        #expect(receipt.sender.address.communicationHERID == "8000002")
        #expect(receipt.sender.address.person?.hpr == "9999999")
        #expect(receipt.receiver.address.communicationHERID == "8000012")
        let text = String(decoding: try receipt.encoded(), as: UTF8.self)
        #expect(text.contains("<Dept><Name>Psykisk helsevern for barn og unge</Name><Id>8000012</Id>"))
        #expect(text.contains("<HCPerson>"))
        #expect(!text.contains("9051") && !text.contains("8116"))
    }

    @Test(
        "the original's GenDate is repeated letter by letter",
        arguments: ["2019-01-16T22:51:35.5317672+01:00", "2026-06-01T02:00:00", "2026-06-01T00:00:00.0Z"])
    func verbatim(text: String) throws {
        let message = try DocumentFixture.text(
            DocumentFixture.dialog().encoded(), replacing: "<GenDate>2026-06-01T02:00:00+02:00", with: "<GenDate>\(text)")
        let receipt = try AppRec.answering(
            ClinicalDocument(parsing: message).summary, status: .ok, id: Self.id, generated: DocumentFixture.generated)
        #expect(String(decoding: try receipt.encoded(), as: UTF8.self).contains("<IssueDate>\(text)</IssueDate>"))
        #expect(receipt.original.id == "11111111-1111-4111-8111-111111111111")
        #expect(receipt.original.type.code == "DIALOG_HELSEFAGLIG")
    }

    @Test("a GenDate that no schema takes is answered as the instant it means")
    func malformedOriginal() throws {
        var summary = try DocumentFixture.dialog().summary
        summary.generated = try #require(DocumentTime("2026-06-01"))
        let receipt = try AppRec.answering(summary, status: .ok, id: Self.id, generated: DocumentFixture.generated)
        #expect(receipt.original.issued.text == "2026-06-01T00:00:00+02:00")
    }

    @Test("someone without an institution becomes HCProf", arguments: AppRec.Version.allCases)
    func professional(version: AppRec.Version) throws {
        var receipt = try Self.answer(ReceiptCase(version: version, status: .ok, errors: []))
        let ids = [Identifier.personHERID("8000002").withoutList, Identifier.hpr("9999999").withoutList]
        receipt.receiver = AppRec.Party(
            AddressPath(AddressPath.Unit(nil, []), person: AddressPath.Person("Lege Test", ids)),
            role: CodedValue("PRIM", "Primærmottaker"))
        let bytes = try receipt.encoded()
        #expect(try AppRec(parsing: bytes) == receipt)
        if OfficialSchema.file != nil { #expect(try OfficialSchema.complaints(bytes) == "") }
        receipt.receiver.address.person?.identifiers = []
        #expect(throws: EnvelopeError.code(.documentIncomplete)) { try receipt.encoded() }
    }

    @Test("a copy receiver answers as such")
    func copy() throws {
        var summary = try DocumentFixture.dialog().summary
        summary.copyReceivers = [DocumentFixture.oslo.addressPath]
        let receipt = try AppRec.answering(
            summary, status: .ok, id: Self.id, generated: DocumentFixture.generated, as: DocumentFixture.oslo.addressPath)
        #expect(receipt.sender.role?.code == "COP")
        #expect(receipt.sender.address.communicationHERID == "8000022")
    }

    @Test("the version follows the message unless an agreement names one")
    func version() throws {
        let old = try MsgHead.avviksmelding(DocumentFixture.heading(), tema: .wrongReceiver, text: "Feil sted").summary
        let new = try DocumentFixture.dialog().summary
        func version(_ message: DocumentSummary, agreed: AppRec.Version? = nil) throws -> AppRec.Version {
            try AppRec.answering(message, status: .ok, id: Self.id, generated: DocumentFixture.generated, version: agreed).version
        }
        #expect(try version(old) == .v10)
        #expect(try version(new) == .v11)
        #expect(try version(new, agreed: .v10) == .v10)
    }

    @Test("a receipt is never answered with a receipt")
    func noReceiptForReceipt() throws {
        let summary = try Self.answer().summary
        #expect(throws: EnvelopeError.code(.documentUnknown)) {
            try AppRec.answering(summary, status: .ok, id: Self.id, generated: DocumentFixture.generated)
        }
    }

    @Test("a rejection needs an error, an OK has none, and no other status is written")
    func errorsFit() throws {
        for (status, errors) in [
            (AppRec.Status.rejected, []), (.ok, [AppRecError.other.coded]), (.unknown(CodedValue("73")), []),
            (.rejected, [CodedValue(nil, "uten kode")]),
        ] {
            #expect(throws: EnvelopeError.code(.documentIncomplete)) {
                try Self.answer(ReceiptCase(version: .v11, status: status, errors: errors))
            }
        }
    }

    @Test("a time of ours without offset is not written")
    func offset() throws {
        var receipt = try Self.answer()
        receipt.generated = try #require(DocumentTime("2026-06-01T02:00:00"))
        #expect(throws: EnvelopeError.code(.documentIncomplete)) { try receipt.encoded() }
    }

    @Test("an unknown status is never OK", arguments: [#"V="73""#, #"V="""#, #"DN="OK""#, #"V="1 OK" DN="OK""#, #"V="01""#])
    func unknownStatus(attributes: String) throws {
        let bytes = try DocumentFixture.text(
            Self.answer().encoded(), replacing: #"<Status V="1" DN="OK"/>"#, with: "<Status \(attributes)/>")
        let read = try AppRec(parsing: bytes)
        guard case .unknown = read.status else {
            Issue.record("read as \(read.status)")
            return
        }
        #expect(read.deviations.contains { $0.what.contains("a person must look at it") })
    }

    @Test("a rejection without error is read as a rejection and reported")
    func bareRejection() throws {
        let bytes = try DocumentFixture.text(
            Self.answer().encoded(), replacing: #"<Status V="1" DN="OK"/>"#, with: #"<Status V="2"/>"#)
        let read = try AppRec(parsing: bytes)
        #expect(read.status == .rejected)
        #expect(!read.deviations.isEmpty)
    }

    @Test(
        "a receipt that lacks what makes it one is refused",
        arguments: [
            ("<Id>\(id)</Id>", "", EnvelopeError.Code.documentIncomplete),
            ("<Id>\(id)</Id>", "<Id>a</Id><Id>b</Id>", .documentMalformed),
            (#"<Status V="1" DN="OK"/>"#, "", .documentIncomplete),
            (#"<Status V="1" DN="OK"/>"#, #"<Status V="1"/><Status V="2"/>"#, .documentMalformed),
            ("<Id>11111111-1111-4111-8111-111111111111</Id>", "<Id> </Id>", .documentIncomplete),
            ("<OriginalMsgId>", "<Other>", .xmlMalformed),
            ("apprec/2012-02-15", "apprec/2030-01-01", .documentUnknown),
            ("<GenDate>2026-06-01T02:00:00+02:00</GenDate>", "<GenDate>i går</GenDate>", .documentMalformed),
            (#"<?xml version="1.0" encoding="UTF-8"?>"#, "<!DOCTYPE AppRec>", .xmlRefused),
        ])
    func refused(old: String, new: String, code: EnvelopeError.Code) throws {
        let bytes = try DocumentFixture.text(Self.answer().encoded(), replacing: old, with: new)
        #expect(throws: EnvelopeError.code(code)) { try AppRec(parsing: bytes) }
        #expect(throws: EnvelopeError.code(code)) { try ClinicalDocument(parsing: bytes) }
    }

    @Test("every refusal has an AppRec error we have words for", arguments: EnvelopeError.Code.allCases)
    func errorTable(code: EnvelopeError.Code) { #expect(EnvelopeError(code, reason: "").appRecError.isKnown) }
}
