import Envelope
import Foundation
import Testing

/// A change to a good message, and the code it must be refused with.
struct Spoiled: CustomTestStringConvertible, Sendable {
    let what: String
    let old: String
    let new: String
    let code: EnvelopeError.Code
    var testDescription: String { what }

    init(_ what: String, _ old: String, _ new: String, _ code: EnvelopeError.Code) {
        (self.what, self.old, self.new, self.code) = (what, old, new, code)
    }

    private static let base64 = "JVBERi0xLjcgYnJldg=="
    private static let id = "<MsgId>11111111-1111-4111-8111-111111111111</MsgId>"
    private static let container =
        #"<Content><Base64Container xmlns="http://www.kith.no/xmlstds/base64container">"# + base64
        + "</Base64Container></Content>"

    static let all: [Spoiled] = [
        Spoiled("DOCTYPE", #"<?xml version="1.0" encoding="UTF-8"?>"#, "<!DOCTYPE MsgHead SYSTEM 'x'>", .xmlRefused),
        Spoiled("entity", ">Hei<", ">&x;<", .xmlMalformed),
        Spoiled("cut off", "</MsgHead>", "", .xmlMalformed),
        Spoiled("two roots", "</MsgHead>", "</MsgHead><MsgHead/>", .xmlMalformed),
        Spoiled("another version of MsgHead", "msghead/2006-05-24", "msghead/2030-01-01", .documentUnknown),
        Spoiled("no id", id, "", .documentIncomplete),
        Spoiled("empty id", id, "<MsgId>  </MsgId>", .documentIncomplete),
        Spoiled("two ids", id, id + "<MsgId>other</MsgId>", .documentMalformed),
        Spoiled("no type", #"<Type V="DIALOG_HELSEFAGLIG" DN="Helsefaglig dialog"/>"#, "", .documentIncomplete),
        Spoiled("empty type", #"<Type V="DIALOG_HELSEFAGLIG""#, #"<Type V="""#, .documentIncomplete),
        Spoiled("no time", "<GenDate>2026-06-01T02:00:00+02:00</GenDate>", "", .documentIncomplete),
        Spoiled("a time that is none", "<GenDate>2026-06-01T02", "<GenDate>2026-06-31T02", .documentMalformed),
        Spoiled("no sender", "Sender>", "Afsender>", .documentIncomplete),
        Spoiled("no receiver", "Receiver>", "Modtager>", .documentIncomplete),
        Spoiled("two senders", "<Receiver>", "<Sender><Organisation/></Sender><Receiver>", .documentMalformed),
        Spoiled("two receivers", "</Receiver>", "</Receiver><Receiver><Organisation/></Receiver>", .documentMalformed),
        Spoiled("sender without organisation", "<Sender><Organisation>", "<Sender><Organ>", .xmlMalformed),
        Spoiled("two patients", "<Patient>", "<Patient/><Patient>", .documentMalformed),
        Spoiled("two conversations", "<ConversationRef>", "<ConversationRef/><ConversationRef>", .documentMalformed),
        Spoiled(
            "two HER-ids of one service", "<Id>8000012</Id>",
            #"<Id>8000012</Id><TypeId V="HER"/></Ident><Ident><Id>8000013</Id>"#, .documentMalformed),
        Spoiled(
            "two organisation numbers", "<Id>314000013</Id>",
            #"<Id>314000013</Id><TypeId V="ENH"/></Ident><Ident><Id>314000021</Id>"#, .documentMalformed),
        Spoiled(
            "two numbers of one patient", "<Id>21905297101</Id>",
            #"<Id>21905297101</Id><TypeId V="FNR"/></Ident><Ident><Id>15720255178</Id>"#, .documentMalformed),
        Spoiled("no document", "Document>", "Dokument>", .documentIncomplete),
        Spoiled("a report to a register", "</MsgInfo>", "</MsgInfo><PatientReport/>", .documentUnknown),
        Spoiled("a note without theme", "TemaKodet", "Thema", .documentIncomplete),
        Spoiled("two payloads in one Content", "</Dialogmelding>", "</Dialogmelding><Other/>", .documentMalformed),
        Spoiled("base64 with a foreign letter", base64, "JVBERi0x*jcgYnJldg==", .attachmentMalformed),
        Spoiled("base64 in the URL alphabet", base64, "JVBERi0xLjcg-_Jldg==", .attachmentMalformed),
        Spoiled("base64 without padding", base64, "JVBERi0xLjcgYnJldg", .attachmentMalformed),
        Spoiled("base64 with too much padding", base64, base64 + "=", .attachmentMalformed),
        Spoiled("base64 that goes on after the padding", base64, base64 + "AAAA", .attachmentMalformed),
        Spoiled("base64 with bits left over", base64, "JVBERi0xLjcgYnJldh==", .attachmentMalformed),
        Spoiled("base64 of one letter", base64, "J", .attachmentMalformed),
        Spoiled("an element inside the base64", base64, "JVBE<b/>Ri0x", .attachmentMalformed),
        Spoiled("compressed content", "<Content><Base64", #"<Compression V="GZ"/><Content><Base64"#, .attachmentMalformed),
        Spoiled(
            "a reference to http", container, "<FileReference>http://example.invalid/a.pdf</FileReference>",
            .attachmentMalformed),
        Spoiled("a reference to a file", container, "<FileReference>file:///etc/passwd</FileReference>", .attachmentMalformed),
        Spoiled("a reference to nothing", container, "<FileReference>cid:</FileReference>", .attachmentMalformed),
        Spoiled(
            "reference and content", container, "<FileReference>cid:a@b</FileReference>" + container, .attachmentMalformed),
        Spoiled("two contents", container, container + container, .documentMalformed),
        Spoiled("an attachment that is XML", container, "<Content><html/></Content>", .attachmentMalformed),
        Spoiled("a Document without RefDoc", "RefDoc>", "RefDok>", .documentIncomplete),
    ]
}

@Suite("MsgHead: what is refused")
struct MsgHeadRefusalTests {
    @Test("a spoiled message is refused with its reason", arguments: Spoiled.all)
    func refused(spoiled: Spoiled) throws {
        let bytes = try DocumentFixture.text(DocumentFixture.dialog().encoded(), replacing: spoiled.old, with: spoiled.new)
        #expect(throws: EnvelopeError.code(spoiled.code)) { try ClinicalDocument(parsing: bytes) }
    }

    @Test(
        "what is no clinical document is refused",
        arguments: [
            "", "hei", "{}", "<a/>", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "%PDF-1.7", "<MsgHead/>",
            "<Message xmlns='urn:other'/>",
        ])
    func notOurs(text: String) {
        #expect(throws: EnvelopeError.self) { try ClinicalDocument(parsing: Array(text.utf8)) }
    }

    @Test("cut and flipped bytes are refused or read, and never stop the program")
    func damaged() throws {
        let good = try DocumentFixture.dialog().encoded()
        for length in stride(from: 0, to: good.count, by: 17) {
            #expect(throws: EnvelopeError.self) { try ClinicalDocument(parsing: Array(good.prefix(length))) }
        }
        for step in 0..<1_500 {
            var bytes = good
            bytes[step * 7_919 % bytes.count] ^= UInt8(1 << (step % 8))
            _ = try? ClinicalDocument(parsing: bytes)
        }
    }

    @Test("NAV's wrapper is taken off only when it holds one document", arguments: [0, 2])
    func wrapper(count: Int) throws {
        let message = String(decoding: try DocumentFixture.dialog().encoded(), as: UTF8.self).dropFirst(38)
        let wrapped =
            "<EI_fellesformat xmlns='http://www.nav.no/xml/eiff/2/'>" + String(repeating: String(message), count: count)
            + "</EI_fellesformat>"
        #expect(throws: EnvelopeError.code(.documentUnknown)) { try ClinicalDocument(parsing: Array(wrapped.utf8)) }
    }

    @Test("the reason of a refusal never holds what the document says")
    func silence() throws {
        for spoiled in Spoiled.all {
            let bytes = try DocumentFixture.text(
                DocumentFixture.dialog().encoded(), replacing: spoiled.old, with: spoiled.new)
            do {
                _ = try ClinicalDocument(parsing: bytes)
                Issue.record("\(spoiled.what) passed")
            } catch {
                for secret in ["Prøve", "21905297101", "Hei", "Ånestad"] { #expect(!"\(error)".contains(secret)) }
            }
        }
    }

    /// What a sender might leave out, by what it does to a good message.
    struct Incomplete: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let spoil: @Sendable (inout MsgHead) -> Void

        init(_ name: String, _ spoil: @escaping @Sendable (inout MsgHead) -> Void) {
            (testDescription, self.spoil) = (name, spoil)
        }

        static let all = [
            Incomplete("type") { $0.type = CodedValue(nil) },
            Incomplete("id") { $0.messageID = "" },
            Incomplete("offset of the time") { if let time = DocumentTime("2026-06-01T02:00:00") { $0.generated = time } },
            Incomplete("time of day") { if let day = DocumentTime(year: 2026, month: 6, day: 1) { $0.generated = day } },
            Incomplete("sender's name") { $0.sender.organisation.name = nil },
            Incomplete("sender's HER-id") { $0.sender = MsgHead.Party(Organisation("A", [.organisationNumber("314000005")])) },
            Incomplete("receiver's identifiers") { $0.receiver.organisation.identifiers = [] },
            Incomplete("person's identifiers") { $0.receiver.organisation.professional?.person.identifiers = [] },
            Incomplete("service's name") { $0.sender.organisation.service?.name = "" },
            Incomplete("role of a copy receiver") {
                $0.otherReceivers = [MsgHead.OtherReceiver(.organisation(DocumentFixture.oslo), role: CodedValue(nil))]
            },
            Incomplete("type of an identifier") { $0.patient?.identifiers = [Identifier("1", type: CodedValue(nil))] },
            Incomplete("code list of an identifier") {
                $0.patient?.identifiers = [Identifier("1", type: CodedValue("FNR", list: "8116."))]
            },
            Incomplete("day of birth") { $0.patient?.dateOfBirth = DocumentTime("2015-04") },
            Incomplete("reference to the conversation") {
                $0.conversation = ConversationReference(parent: "a", conversation: "")
            },
            Incomplete("documents") { $0.documents = [] },
            Incomplete("payload") { $0.documents.removeFirst() },
            Incomplete("question or note") { $0.documents[0].content = .dialogmelding(Dialogmelding(version: .v11)) },
        ]
    }

    @Test("a message that lacks something is not written", arguments: Incomplete.all)
    func incomplete(incomplete: Incomplete) throws {
        var message = try DocumentFixture.dialog()
        incomplete.spoil(&message)
        #expect(throws: EnvelopeError.code(.documentIncomplete)) { try message.encoded() }
    }

    @Test("an attachment without bytes, or out of the envelope, is not written")
    func attachments() throws {
        func build(_ content: Attachment.Content) throws -> MsgHead {
            try .helsefagligDialog(
                DocumentFixture.heading(), tema: .patient, text: "Hei",
                attachments: [Attachment(mimeType: nil, content: content)])
        }
        #expect(throws: EnvelopeError.code(.attachmentMissing)) { try build(.embedded([])) }
        for uri in ["", "cid:", "http://example.invalid/a", "file:///etc/passwd", "part@example.invalid"] {
            #expect(throws: EnvelopeError.code(.attachmentMalformed)) { try build(.reference(uri)) }
        }
    }

    @Test("status, deviation and answer need what they answer")
    func conversation() {
        let heading = DocumentFixture.heading(conversation: false)
        #expect(throws: EnvelopeError.code(.documentIncomplete)) {
            try MsgHead.statusPaaHenvisning(heading, status: .rejected, text: "Nei")
        }
        #expect(throws: EnvelopeError.code(.documentIncomplete)) {
            try MsgHead.avviksmelding(heading, tema: .other, text: "Nei")
        }
        #expect(throws: EnvelopeError.code(.documentIncomplete)) { try MsgHead.svar(heading, tema: .answer, text: "Ja") }
    }

    @Test("a dialog without text is not written", arguments: ["", " \n"])
    func text(text: String) {
        #expect(throws: EnvelopeError.code(.documentIncomplete)) {
            try MsgHead.helsefagligDialog(DocumentFixture.heading(), tema: .patient, text: text)
        }
        #expect(throws: EnvelopeError.code(.documentIncomplete)) {
            try MsgHead.foresporsel(DocumentFixture.heading(), type: ForesporselFraLege.other, text: text)
        }
    }

    @Test("what only Dialogmelding 1.1 has a place for is not written as 1.0")
    func version10() throws {
        let question = Foresporsel(type: ForesporselFraLege.other.coded, emne: "Emne", sporsmal: RichText("?"))
        let message = MsgHead(
            .dialogForesporsel, DocumentFixture.heading(), Dialogmelding(version: .v10, foresporsler: [question]))
        #expect(throws: EnvelopeError.code(.documentIncomplete)) { try message.encoded() }
    }
}
