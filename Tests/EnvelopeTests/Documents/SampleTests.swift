import Envelope
import Foundation
import TestSupport
import Testing

/// A public sample, and what its README says of it.
struct Sample: CustomTestStringConvertible, Sendable {
    let file: String
    let type: String
    /// Words that one of the reported deviations must hold; empty when the sample follows its schema.
    var reports: [String] = []
    var attachments = 0
    var testDescription: String { file }

    static let folder = Repository.shared("standards/samples")

    func bytes() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: try #require(Self.folder).appending(path: file)))
    }

    static let all: [Sample] = [
        Sample(
            file: "Henvisning_ny_tilstand_v2-0_Ny.xml", type: "HENVISNING_NYTILSTAND", reports: ["passed on unread"]),
        Sample(file: "Status_paa_henvisning-InnkaltEtterViderehenvisning.xml", type: "DIALOG_STATUS_HENVISNING"),
        Sample(file: "Dialogmelding_foresporsel_PLO_v1-0.xml", type: "DIALOG_FORESPORSEL"),
        Sample(file: "fiks_dialog10_svar_webmed.xml", type: "DIALOG_SVAR"),
        Sample(file: "fiks_dialog11_helsefaglig_samsvar.xml", type: "DIALOG_HELSEFAGLIG", attachments: 1),
        Sample(file: "helsenorge_Helsenorge_Message.xml", type: "DIALOG_INNBYGGER_EKONTAKT"),
        Sample(file: "helsenorge_MetadataTests_Apprec11.xml", type: "APPREC"),
        Sample(file: "fiks_apprec10_example-ok.xml", type: "APPREC"),
        Sample(file: "fiks_apprec10_example-ok-feil-i-delmelding.xml", type: "APPREC"),
        Sample(file: "fiks_apprec10_unknown-status.xml", type: "APPREC", reports: ["a person must look at it"]),
        Sample(file: "fiks_apprec11_example-avvist.xml", type: "APPREC"),
        Sample(file: "fiks_apprec11_all-data.xml", type: "APPREC"),
        Sample(file: "isdialogmelding_apprecError.xml", type: "APPREC", reports: ["EI_fellesformat"]),
        Sample(
            file: "padm2_dialogmelding_dialog_notat.xml", type: "DIALOG_NOTAT",
            reports: ["EI_fellesformat", "RefToParent stands later", "Sender"]),
        Sample(
            file: "padm2_dialogmelding_dialog_notat_dnr.xml", type: "DIALOG_NOTAT",
            reports: ["TypeTelecom stands later", "DateOfBirth is not written", "another code list"]),
        Sample(
            file: "padm2_dialogmelding_dialog_notat_vedlegg.xml", type: "DIALOG_NOTAT", reports: ["RefToParent stands later"],
            attachments: 2),
        Sample(file: "padm2_dialogmelding_dialog_svar_foresporsel_om_pasient.xml", type: "DIALOG_SVAR"),
        Sample(file: "padm2_dialogmelding_dialog_svar_foresporsel_om_pasient_invalid.xml", type: "DIALOG_SVAR"),
        Sample(
            file: "padm2_dialogmelding_dialog_notat_missing_givenname.xml", type: "DIALOG_NOTAT",
            reports: ["RefToParent stands later"]),
    ]
}

@Suite(
    "Public samples of clinical documents", .enabled(if: Sample.folder != nil, "the shared samples are not beside the checkout"))
struct SampleTests {
    @Test("a sample is read with its README's verdict", arguments: Sample.all)
    func read(sample: Sample) throws {
        let summary = try ClinicalDocument(parsing: sample.bytes()).summary
        #expect(summary.type.code == sample.type)
        #expect(summary.attachments.count == sample.attachments)
        #expect(!summary.messageID.isEmpty)
        for words in sample.reports {
            #expect(summary.deviations.contains { $0.description.contains(words) }, "nothing was reported about: \(words)")
        }
    }

    @Test("the receipt that lacks everything is refused, not taken as OK")
    func empty() throws {
        let bytes = try Sample(file: "fiks_apprec_missing-migversion.xml", type: "APPREC").bytes()
        #expect(throws: EnvelopeError(.documentIncomplete, reason: "")) { try ClinicalDocument(parsing: bytes) }
    }

    @Test("a Henvisning 2.0 has a valid envelope, and its payload is passed on whole")
    func henvisning20() throws {
        let bytes = try Sample(file: "Henvisning_ny_tilstand_v2-0_Ny.xml", type: "").bytes()
        var message = try MsgHead(parsing: bytes)
        #expect(message.summary.format == .msgHead(payload: "http://ehelse.no/xmlstds/henvisning/2017-11-30"))
        guard case .unknown("Henvisning", _, let xml) = message.documents.first?.content else {
            Issue.record("the payload is read as something else")
            return
        }
        #expect(xml.starts(with: Array("<Henvisning".utf8)))
        message.generated = DocumentTime(message.generated.date)
        #expect(try MsgHead(parsing: message.encoded()).documents == message.documents)
    }

    @Test("an attachment's bytes contradict its label in NAV's sample")
    func label() throws {
        let bytes = try Sample(file: "padm2_dialogmelding_dialog_notat_vedlegg.xml", type: "").bytes()
        let attachments = try ClinicalDocument(parsing: bytes).summary.attachments
        #expect(attachments.contains { $0.mimeType == "image/jpeg" && $0.detectedFormat == .png })
    }

    @Test("every sample but those of other families is in the table")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: try #require(Sample.folder).path)
        let others: Set<String> = [
            "henvisning_v1.1_n.xml", "Henvisning_v1-1_Eksempel_Fastlege_Ny.xml", "epikrise_v1.2_n.xml",
            "fiks_apprec_missing-migversion.xml",
        ]
        #expect(Set(files.filter { $0.hasSuffix(".xml") }).subtracting(others) == Set(Sample.all.map(\.file)))
    }
}
