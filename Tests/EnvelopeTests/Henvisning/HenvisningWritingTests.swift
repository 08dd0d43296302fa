import Native
import TestSupport
import Testing

@testable import Envelope

@Suite("Henvisning 1.1: what we write")
struct HenvisningWritingTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let henvisning: Henvisning
    }

    static let examples = [
        Example(testDescription: "a BUP referral", henvisning: HenvisningExample.referral().henvisning()),
        Example(
            testDescription: "a BUP referral without attachments",
            henvisning: HenvisningExample.referral(attachments: []).henvisning()),
        Example(testDescription: "every element of the schema", henvisning: HenvisningExample.everything),
    ]

    @Test("reads back to the same value and the same bytes", arguments: examples)
    func roundTrip(example: Example) throws {
        let written = try example.henvisning.encoded()
        let reread = try Henvisning(parsing: written)
        #expect(reread == example.henvisning)
        #expect(try reread.encoded() == written)
    }

    @Test("is valid by the schema", .enabled(if: Schema.all != nil, "the folder of standards is not there"), arguments: examples)
    func valid(example: Example) throws {
        #expect(try Schema.complaint(about: try example.henvisning.encoded()) == nil)
    }

    @Test("no element can go missing, be doubled or be misspelt without the reader showing it")
    func nothingIsPassedOver() throws {
        let original = HenvisningExample.everything
        let root = MixedContent.Element(try XMLDocument.clinical(parsing: try original.encoded()).root)
        let paths = root.elementPaths
        #expect(paths.count > 400)
        for (number, path) in paths.enumerated() {
            let spoilt = [
                root.doubled(at: path), root.changed(at: path) { $0.name += "x" },
                root.changed(at: path) { $0.namespace = "urn:foreign" },
            ]
            for document in [root.removed(at: path), spoilt[number % 3]] {
                if let reread = try? Henvisning(parsing: document.document) { #expect(reread != original, "\(path)") }
            }
        }
    }

    @Test("a party's HER-id is that of its address, however its identifiers stand")
    func communicationHERID() {
        typealias AdditionalID = Henvisning.AdditionalID
        let (her, hpr) = (OrganisationIDType.her.simple, PersonIDType.hpr.simple)
        let identifiers: [(id: String?, typeID: CodedValue?, additionalID: [AdditionalID])] = [
            (nil, nil, []), ("1", nil, []), ("1", her, []), ("", her, [AdditionalID("2", type: her)]), (nil, her, []),
            ("1", hpr, [AdditionalID("", type: her), AdditionalID("3", type: hpr), AdditionalID("4", type: her)]),
        ]
        var kinds: [Henvisning.HCP.Kind?] = [nil]
        for (id, type, others) in identifiers {
            let prof = Henvisning.HCProf(name: nil, id: id, typeID: type, additionalID: others)
            let dept = Henvisning.Dept(name: nil, id: id, typeID: type, additionalID: others)
            let person = Henvisning.HCPerson(name: nil, id: id, typeID: type, additionalID: others)
            let inst = Henvisning.Inst(name: nil, id: id, typeID: type, additionalID: others)
            kinds += [.hcProf(prof), .inst(inst)]
            for (id, type, others) in identifiers {
                let inst = Henvisning.Inst(name: nil, id: id, typeID: type, additionalID: others)
                for (persons, depts) in [([person], []), ([], [dept]), ([person], [dept])] {
                    var inst = inst
                    (inst.hcPerson, inst.dept) = (persons, depts)
                    kinds.append(.inst(inst))
                }
            }
        }
        for kind in kinds {
            var hcp = Henvisning.HCP(.inst(.blank))
            hcp.kind = kind
            #expect(hcp.communicationHERID == hcp.addressPath.communicationHERID)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: EnvelopeError.Code
        let spoil: @Sendable (inout Henvisning) -> Void
    }

    static let refusals: [Refusal] = [
        Refusal(testDescription: "no message id", code: .documentIncomplete) { $0.msgID = "" },
        Refusal(testDescription: "no referral id", code: .documentIncomplete) { $0.servReq.id = "" },
        Refusal(testDescription: "a receiver without HER-id", code: .documentIncomplete) {
            $0.servReq.servProvider = Henvisning.Party(AddressPath(AddressPath.Unit("BUP", [.organisationNumber("213456789")])))
        },
        Refusal(testDescription: "a sender without HER-id", code: .documentIncomplete) {
            $0.servReq.requester = Henvisning.Party(AddressPath(AddressPath.Unit("Lege", [])))
        },
        Refusal(testDescription: "a copy receiver without HER-id", code: .documentIncomplete) {
            $0.servReq.copyDest = [Henvisning.CopyDest(AddressPath(AddressPath.Unit("Bydel", [])))]
        },
        Refusal(testDescription: "a HER-id that is no number", code: .documentMalformed) {
            $0.servReq.requester = Henvisning.Party(AddressPath(AddressPath.Unit("Lege", [.herID("12 34")])))
        },
        Refusal(testDescription: "two departments", code: .documentMalformed) {
            let depts = ["1", "2"].map { Henvisning.Dept(name: $0, id: $0) }
            $0.servReq.requester.hcp = Henvisning.HCP(.inst(Henvisning.Inst(name: "Lege", id: "3", dept: depts)))
        },
        Refusal(testDescription: "a department without HER-id in an institution that has one", code: .documentMalformed) {
            let dept = Henvisning.Dept(name: "Avdeling", id: "1", typeID: OrganisationIDType.enh.simple)
            $0.servReq.requester.hcp = Henvisning.HCP(.inst(Henvisning.Inst(name: "Lege", id: "3", dept: [dept])))
        },
        Refusal(testDescription: "no issue date", code: .documentMalformed) { $0.servReq.issueDate = nil },
        Refusal(testDescription: "a patient without name", code: .documentMalformed) { $0.servReq.patient.name = " " },
        Refusal(testDescription: "a patient without number and birth date", code: .documentMalformed) {
            $0.servReq.patient.offID = nil
            $0.servReq.patient.dateOfBirth = nil
        },
        Refusal(testDescription: "a date that is not one", code: .documentMalformed) {
            $0.servReq.patient.dateOfBirth = DocumentTime("1991-12-4")
        },
        Refusal(testDescription: "a consent date with a time", code: .documentMalformed) {
            $0.servReq.patient.consent?.consentDate = HenvisningExample.generated
        },
        Refusal(testDescription: "a code list where there is no place for one", code: .documentMalformed) {
            $0.servReq.ack = AckRequest.yes.coded
        },
        Refusal(testDescription: "a code list that is no OID", code: .documentMalformed) {
            $0.servReq.diagnosis = [Henvisning.Diagnosis(CodedValue("P22", list: "ICPC-2"))]
        },
        Refusal(testDescription: "a care comment without a code", code: .documentMalformed) {
            $0.servReq.comment = [Henvisning.Comment(.bupCaseHandler, "Ola", [])]
        },
        Refusal(testDescription: "a number that is none", code: .documentMalformed) {
            let dose = Henvisning.Medication(
                drugID: CodedValue("N"), status: CodedValue("1"), unitDose: PhysicalQuantity(text: "2,5"))
            $0.servReq.patient.infItem = [Henvisning.InfItem(.medication(dose), type: InfItemType.medication.simple)]
        },
        Refusal(testDescription: "a control character", code: .documentMalformed) { $0.servReq.reqComment = "a\u{1}b" },
        Refusal(testDescription: "a character no XML can hold", code: .documentMalformed) {
            $0.servReq.reqComment = "a\u{FFFE}b"
        },
        Refusal(testDescription: "an address that is none", code: .documentMalformed) {
            $0.servReq.patient.address = Henvisning.Address(type: AddressKind.home.simple, teleAddress: ["tel:+47 22"])
        },
        Refusal(testDescription: "an attachment without bytes", code: .attachmentMissing) {
            $0.servReq.refDoc = [Henvisning.RefDoc(Attachment(mimeType: "application/pdf", content: .embedded([])))]
        },
        Refusal(testDescription: "an attachment without anything", code: .attachmentMissing) {
            $0.servReq.refDoc = [Henvisning.RefDoc(body: nil)]
        },
        Refusal(testDescription: "an attachment on the web", code: .attachmentMalformed) {
            let content = Attachment.Content.reference("https://example.invalid/a.pdf")
            $0.servReq.refDoc = [Henvisning.RefDoc(Attachment(mimeType: nil, content: content))]
        },
    ]

    @Test("a message that would not be right is not written", arguments: refusals)
    func refused(refusal: Refusal) throws {
        var henvisning = HenvisningExample.referral().henvisning()
        refusal.spoil(&henvisning)
        #expect(throws: EnvelopeError(refusal.code, reason: "")) { try henvisning.encoded() }
    }

    @Test("the error says where, and nothing of what stands there")
    func place() throws {
        var henvisning = HenvisningExample.referral().henvisning()
        henvisning.servReq.patient.dateOfBirth = DocumentTime("1991-12-4")
        let error = #expect(throws: EnvelopeError.self) { try henvisning.encoded() }
        #expect(error?.place?.hasPrefix("Message/ServReq/Patient/DateOfBirth") == true)
        #expect(error?.description.contains("1991") == false)
    }

    @Test("a BUP referral has its texts under the headings BUP reads them by")
    func bup() throws {
        let henvisning = HenvisningExample.referral().henvisning()
        #expect(henvisning.type?.code == "HENVISNING_BUP")
        #expect(henvisning.servReq.reasonAsText.map(\.heading?.code) == ["BUP-HG", "BUP-BM", "HJ", "UTRED"])
        #expect(henvisning.servReq.comment.first?.codedComment.map(\.listNumber) == [8419, 9513, 8403])
        #expect(henvisning.servReq.reqServ.service?.medSpeciality?.code == "310")
        let summary = henvisning.summary
        #expect(summary.messageID != summary.documentID)
        #expect(summary.sender.communicationHERID == "2002")
        #expect(summary.sender.organisationNumber == "213456789")
        #expect(summary.receiver.communicationHERID == "1002")
        #expect(summary.copyReceivers.map(\.communicationHERID) == ["3002"])
        #expect(summary.attachments == [HenvisningExample.pdf])
        #expect(summary.ack == .yes)
    }
}
