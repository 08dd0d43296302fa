import Foundation
import Gateway
import TestSupport
import Testing

/// The verdict on every real sample, as the two READMEs state it: what verifies there verifies here, what must be rejected is,
/// and what is no valid instance of its schema is read and reported.
@Suite("samples: verdicts on real ones")
struct SampleVerdictTests {
    static let isSharedHere =
        Repository.shared("standards/samples").map { FileManager.default.fileExists(atPath: $0.path) } ?? false

    @Test(
        "every sample has the verdict of the table, and none is new or missing",
        .enabled(if: isSharedHere, "the folder of real samples is not beside the checkout"),
        arguments: ["samples", "transport-samples"])
    func verdicts(folder: String) throws {
        let samples = try SampleFolder(#require(Repository.shared("standards/\(folder)")).path)
        let judged = samples.files.map(samples.judge)
        let expected = Self.table.filter { $0.key.hasPrefix("\(folder)/") }
        #expect(Set(judged.map(\.name)) == Set(expected.keys))
        for sample in judged { #expect(sample.verdict == expected[sample.name], "\(sample)") }
    }

    @Test(
        "no line names a person or holds an 11-digit number", .enabled(if: isSharedHere),
        arguments: ["samples", "transport-samples"])
    func lines(folder: String) throws {
        let samples = try SampleFolder(#require(Repository.shared("standards/\(folder)")).path)
        for line in samples.files.map({ samples.judge($0).description }) {
            #expect(line.firstMatch(of: /\b[0-9]{11}\b/) == nil)
            #expect(!line.contains("\n"))
            for name in ["Danser", "Dottno", "JUBEL", "Raffen", "Valda"] { #expect(!line.contains(name)) }
        }
    }

    static let table: [String: SampleVerdict] = {
        let verdicts = [
            SampleVerdict.accepted: accepted, .acceptedWithDeviations: tolerated, .refused: refused, .skipped: skipped,
        ]
        var table: [String: SampleVerdict] = [:]
        for (verdict, folders) in verdicts {
            for (folder, names) in folders {
                for name in names.split(whereSeparator: \.isWhitespace) { table["\(folder)/\(name)"] = verdict }
            }
        }
        return table
    }()

    /// accepted: folder, and the files in it.
    private static let accepted: [String: String] = [
        "samples": """
        Henvisning_v1-1_Eksempel_Fastlege_Ny.xml
        epikrise_v1.2_n.xml
        fiks_apprec10_example-ok-feil-i-delmelding.xml
        fiks_apprec10_example-ok.xml
        fiks_apprec11_all-data.xml
        fiks_apprec11_example-avvist.xml
        fiks_dialog10_svar_webmed.xml
        fiks_dialog11_helsefaglig_samsvar.xml
        helsenorge_Helsenorge_Message.xml
        helsenorge_MetadataTests_Apprec11.xml
        henvisning_v1.1_n.xml
        """,
        "transport-samples/address-registry/cpe": """
        CommunicationDetailsRest_8141705.json
        """,
        "transport-samples/address-registry/rest": """
        NavCommunicationParty.json
        NavEncryptCert.json
        NavSignCert.json
        """,
        "transport-samples/address-registry/soap": """
        CommunicationDetails_94867.xml
        GetCertificateDetailsForEncryption_93238.xml
        GetCertificateDetailsForEncryption_93252.xml
        get-communication-party-details-no-parent-response.xml
        get-communication-party-details-not-found-response.xml
        get-communication-party-details-organzation-response.xml
        get-communication-party-details-person-response.REDACTED.xml
        """,
        "transport-samples/amqp": """
        Helsenorge_Message.xml
        MetadataTests_Apprec11.xml
        SoapFault.xml
        """,
        "transport-samples/certificates/ca/buypass/prod": """
        BPCl3CaG2HTBS.cer
        BPCl3CaG2HTPS.cer
        BPCl3CaG2STBS.cer
        BPCl3RootCaG2HT.cer
        BPCl3RootCaG2ST.cer
        """,
        "transport-samples/certificates/ca/buypass/test": """
        BPCl3CaG2HTBS.cer
        BPCl3CaG2HTPS.cer
        BPCl3CaG2STBS.cer
        BPCl3RootCaG2HT.cer
        BPCl3RootCaG2ST.cer
        """,
        "transport-samples/certificates/ca/commfides/prod": """
        CommfidesLegalPersonCA-G3.cer
        CommfidesMISCCA-G3.cer
        CommfidesNaturalPersonCA-G3.cer
        CommfidesRootCA-G3.cer
        """,
        "transport-samples/certificates/ca/commfides/test": """
        CommfidesLegalPersonCA-G3-TEST.cer
        CommfidesMISCCA-G3-TEST.cer
        CommfidesNaturalPersonCA-G3-TEST.cer
        CommfidesRootCA-G3-TEST.cer
        """,
        "transport-samples/certificates/leaf-test4-seid1": """
        Counterparty_Encryption.cer
        Helsenorge_Signature.cer
        """,
        "transport-samples/certificates/leaf-test4": """
        test4-autentiseringssertifikat-qceseal.cer
        test4-autentiseringssertifikat-vid-europa.cer
        test4-signeringssertifikat-qceseal.cer
        test4-signeringssertifikat-vid-europa.cer
        """,
        "transport-samples/cpa": """
        nav-qass-31162.xml
        nav-qass-35065.2023.xml
        """,
        "transport-samples/ebxml/01-smtp-payload-speare": """
        message.eml
        payload.p7m
        sender-signing.cer
        soap.xml
        """,
        "transport-samples/ebxml/07-unsigned-signal-templates": """
        messageerror.xml
        """,
        "transport-samples/edi20/v2-samples": """
        get-business-document-response.json
        """,
        "transport-samples/eformidling-dph": """
        serviceregistry-identifier-response.json
        """,
        "transport-samples/flr": """
        get-patient-gp-invalid-nin.xml
        """,
    ]

    /// accepted-with-deviations: folder, and the files in it.
    private static let tolerated: [String: String] = [
        "samples": """
        Dialogmelding_foresporsel_PLO_v1-0.xml
        Henvisning_ny_tilstand_v2-0_Ny.xml
        Status_paa_henvisning-InnkaltEtterViderehenvisning.xml
        fiks_apprec10_unknown-status.xml
        isdialogmelding_apprecError.xml
        padm2_dialogmelding_dialog_notat.xml
        padm2_dialogmelding_dialog_notat_dnr.xml
        padm2_dialogmelding_dialog_notat_missing_givenname.xml
        padm2_dialogmelding_dialog_notat_vedlegg.xml
        padm2_dialogmelding_dialog_svar_foresporsel_om_pasient.xml
        padm2_dialogmelding_dialog_svar_foresporsel_om_pasient_invalid.xml
        """,
        "transport-samples/certificates/leaf-test4": """
        test4-signeringssertifikat-pid.cer
        """,
        "transport-samples/cpa": """
        helsenorge-CPA_49391409.xml
        helsenorge-CPA_Rest_93252.xml
        helsenorge-CPP_93238.xml
        helsenorge-CPP_Rest_93238.xml
        """,
        "transport-samples/ebxml/02-http-sync-response-nav": """
        response.mime
        """,
        "transport-samples/ebxml/03-smtp-acknowledgment": """
        message.eml
        """,
        "transport-samples/ebxml/04-smtp-payload-visma-3des": """
        message.eml
        """,
        "transport-samples/ebxml/06-signed-business-document": """
        msghead.xml
        """,
    ]

    /// refused: folder, and the files in it.
    private static let refused: [String: String] = [
        "samples": """
        fiks_apprec_missing-migversion.xml
        """,
        "transport-samples/ebxml/05-negative-signature-value": """
        message.mime
        """,
        "transport-samples/ebxml/07-unsigned-signal-templates": """
        acknowledgment.xml
        payloadmessage.xml
        """,
        "transport-samples/ebxml/08-generic-ebms2-soap": """
        EbMSMessageInvalidAckRequestedActor.xml
        EbMSMessageInvalidAckRequestedSigned.xml
        EbMSMessageInvalidManifestVersion.xml
        EbMSMessageInvalidMessageHeaderVersion.xml
        EbMSMessageInvalidSyncReplyActor.xml
        EbMSMessageInvalidToPartyType.xml
        EbMSMessageMessageOrder.xml
        EbMSMessageMissingAckRequested.xml
        EbMSMessageMissingFromPartyId.xml
        EbMSMessageMissingReference.xml
        """,
    ]

    /// skipped: folder, and the files in it.
    private static let skipped: [String: String] = [
        "transport-samples/edi20": """
        msh-api-v2.openapi.json
        """,
        "transport-samples/edi20/v2-samples": """
        get-apprecinfo-ok.json
        get-message-apprec-response.json
        get-message-response.json
        get-messages-response.json
        get-status-acked.json
        post-message-response.txt
        """,
        "transport-samples/flr": """
        get-patient-gp.xml
        """,
    ]

}
