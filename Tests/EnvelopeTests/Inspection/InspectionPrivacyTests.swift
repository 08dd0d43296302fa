import Envelope
import Foundation
import TestSupport
import Testing

@Suite("inspect: nobody is named, and the JSON is a contract")
struct InspectionPrivacyTests {
    /// Every file of both folders, by its path.
    static let samples: [String] = ["samples", "transport-samples"].flatMap { folder in
        let root = Repository.shared("standards/\(folder)")?.path ?? ""
        return (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
            .filter { !$0.hasSuffix(".md") && $0.contains(".") }.map { "\(folder)/\($0)" }
    }

    @Test("no sample's output holds an 11-digit number or the patient's name", .enabled(if: InspectionTests.isSharedHere))
    func samplesNameNobody() throws {
        #expect(Self.samples.count > 90)
        for sample in Self.samples {
            let bytes = try InspectionTests.bytes(sample)
            let named = Inspection(of: bytes, options: InspectionOptions(showsPersons: true))
            let inspection = Inspection(of: bytes)
            for output in [inspection.text, String(decoding: inspection.json, as: UTF8.self)] {
                #expect(output.firstMatch(of: /\b[0-9]{11}\b/) == nil, "\(sample)")
                for word in named.document?.patientDetails?.name.split(separator: " ") ?? [] {
                    #expect(!output.contains(word), "\(sample)")
                }
                for name in ["Danser", "Dottno", "JUBEL", "Raffen", "Valda", "Etternavn"] {
                    #expect(!output.contains(name), "\(sample)")
                }
            }
        }
    }

    @Test("the patient is named when asked for", .enabled(if: InspectionTests.isSharedHere))
    func namedWhenAsked() throws {
        let bytes = try InspectionTests.bytes("samples/henvisning_v1.1_n.xml")
        let silent = Inspection(of: bytes).document
        #expect(silent?.patient == "present" && silent?.patientDetails == nil)
        #expect(Inspection(of: bytes, options: InspectionOptions(showsPersons: true)).document?.patientDetails != nil)
    }

    @Test("text out of a file cannot command the terminal or show an identity number")
    func harmlessText() {
        let fault = """
            <S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Client</faultcode>\
            <faultstring>Ugyldig 15720255178\u{202E}her\u{9B}31m</faultstring></S:Fault></S:Body></S:Envelope>
            """
        let inspection = Inspection(of: Array(fault.utf8))
        #expect(inspection.kind == .soapFault)
        #expect(inspection.fault?.reason == "Ugyldig *********** her 31m")
    }

    struct Keys: Sendable, CustomTestStringConvertible {
        let file: String
        let keys: String
        var testDescription: String { file }
    }

    @Test(
        "JSON keys are those of the contract", .enabled(if: InspectionTests.isSharedHere),
        arguments: [
            Keys(
                file: "transport-samples/ebxml/04-smtp-payload-visma-3des/message.eml",
                keys: """
                    bytes contract deviations.place deviations.severity deviations.what ebXML.ackRequested ebXML.action \
                    ebXML.conversationID ebXML.cpaID ebXML.duplicateElimination ebXML.from.ids.type ebXML.from.ids.value \
                    ebXML.from.role ebXML.manifest.contentID ebXML.messageID ebXML.sentBy.msh ebXML.sentBy.system ebXML.service \
                    ebXML.serviceType ebXML.syncReply ebXML.timestamp ebXML.to.ids.type ebXML.to.ids.value ebXML.to.role kind \
                    outcome parts.bytes parts.cms.contentCipher parts.cms.contentType parts.cms.encoding \
                    parts.cms.encryptedBytes parts.cms.recipients.issuer parts.cms.recipients.keyManagement \
                    parts.cms.recipients.kind parts.cms.recipients.serialNumber parts.contentID parts.contentType parts.sha256 \
                    sha256 signature.algorithm signature.certificate.isAuthority signature.certificate.isSelfSigned \
                    signature.certificate.issuer signature.certificate.key signature.certificate.keyUsage \
                    signature.certificate.notAfter signature.certificate.notBefore signature.certificate.organisationNumber \
                    signature.certificate.serialNumber signature.certificate.sha256 signature.certificate.subject \
                    signature.certificateFrom signature.certificateTrusted signature.references.digest \
                    signature.references.digestAlgorithm signature.references.transforms signature.references.uri signature.status
                    """),
            Keys(
                file: "samples/padm2_dialogmelding_dialog_notat_vedlegg.xml",
                keys: """
                    bytes contract deviations.place deviations.severity deviations.what document.ack \
                    document.attachments.bytes document.attachments.claimedType document.attachments.detectedType \
                    document.attachments.sha256 document.conversation.conversation document.conversation.parent \
                    document.copyReceivers document.format document.generated document.messageID document.patient \
                    document.receiver.communicationHerID document.receiver.organisation.herID document.receiver.organisation.name \
                    document.receiver.organisation.organisationNumber document.sender.communicationHerID \
                    document.sender.organisation.herID document.sender.organisation.name \
                    document.sender.organisation.organisationNumber document.sender.person.herID document.type document.typeName \
                    kind outcome root.name root.namespace sha256 signature.status
                    """),
            Keys(
                file: "samples/fiks_apprec11_example-avvist.xml",
                keys: """
                    bytes contract deviations document.attachments document.conversation.conversation \
                    document.conversation.parent document.copyReceivers document.format document.generated document.messageID \
                    document.patient document.receipt.errors document.receipt.originalID document.receipt.status \
                    document.receiver.communicationHerID document.receiver.organisation.herID document.receiver.organisation.name \
                    document.receiver.service.herID document.receiver.service.name document.sender.communicationHerID \
                    document.sender.organisation.herID document.sender.organisation.name document.sender.person.herID \
                    document.type document.typeName kind outcome root.name \
                    root.namespace sha256 signature.status
                    """),
        ])
    func contract(_ golden: Keys) throws {
        let json = Inspection(of: try InspectionTests.bytes(golden.file)).json
        let found = Self.paths(try JSONSerialization.jsonObject(with: Data(json)), "")
        #expect(found.sorted().joined(separator: " ") == golden.keys)
    }

    private static func paths(_ value: Any, _ path: String) -> Set<String> {
        switch value {
        case let object as [String: Any]:
            return object.reduce(into: []) { $0.formUnion(paths($1.value, path.isEmpty ? $1.key : "\(path).\($1.key)")) }
        case let list as [Any]:
            let below = list.reduce(into: Set<String>()) { $0.formUnion(paths($1, path)) }
            return below.isEmpty ? [path] : below
        default: return [path]
        }
    }
}
