import Envelope
import Foundation
import Testing

/// A message of a kind we can build.
struct BuiltMessage: CustomTestStringConvertible, Sendable {
    let name: String
    let build: @Sendable () throws -> MsgHead
    var testDescription: String { name }

    private typealias F = DocumentFixture

    static let all: [BuiltMessage] = [
        BuiltMessage(name: "clinical dialog, first of its conversation") {
            try .helsefagligDialog(F.heading(conversation: false), tema: .healthInformation, text: "Linje 1\nLinje 2 <&>")
        },
        BuiltMessage(name: "clinical dialog with subject, author, copies and attachments") {
            try .helsefagligDialog(
                F.heading(copies: [F.oslo, F.gp]), tema: .patient, emne: "Om timen", text: "Hei", roller: [F.author],
                attachments: [F.pdf("Brev til pasienten"), F.reference])
        },
        BuiltMessage(name: "referral: called") {
            try .statusPaaHenvisning(F.heading(), status: .called, text: "Time 1. juli", contact: F.contact)
        },
        BuiltMessage(name: "referral: entitled") {
            try .statusPaaHenvisning(F.heading(), status: .entitled, text: "Tid kommer")
        },
        BuiltMessage(name: "referral: forwarded") {
            try .statusPaaHenvisning(F.heading(copies: [F.oslo]), status: .forwarded, text: "Sendt videre", contact: F.contact)
        },
        BuiltMessage(name: "referral: rejected, with the letter") {
            try .statusPaaHenvisning(
                F.heading(), status: .rejected, text: "Dere kan klage.", contact: F.contact, attachments: [F.pdf("Avslag")])
        },
        BuiltMessage(name: "deviation") {
            try .avviksmelding(F.heading(), tema: .insufficient, text: "Vi mangler samtykke.")
        },
        BuiltMessage(name: "question from care") {
            try .foresporsel(
                F.heading(conversation: false), type: ForesporselFraOmsorg.medication, text: "Hvilke?",
                urgency: .within24Hours, roller: [F.author])
        },
        BuiltMessage(name: "question from doctor") {
            try .foresporsel(F.heading(conversation: false), type: ForesporselFraLege.services, text: "Hva får hun?")
        },
        BuiltMessage(name: "answer") {
            try .svar(F.heading(), tema: .included, text: "Se vedlegg", attachments: [F.pdf("Liste")])
        },
        BuiltMessage(name: "note") {
            try .notat(F.heading(conversation: false), tema: CodedValue("1", "Oppfølging", list: 8127), text: "Til orientering")
        },
        BuiltMessage(name: "everything a head and a dialog can hold") { try everything() },
    ]

    private static func everything() throws -> MsgHead {
        let unit = RollerRelatertNotat.TilknyttetEnhet(
            kontaktenhet: Organisation("PPT", [.herID("8000022")], type: CodedValue("KX16", "PPT", list: 8663)),
            merknad: "Ring", who: .person(F.patient))
        let question = Foresporsel(
            type: ForesporselFraOmsorg.other.coded, emne: "Emne", sporsmal: RichText("Spørsmål?"),
            formal: CodedValue("1", list: 9999, originalText: "fritekst"), begrunnelse: "Fordi",
            hastegrad: Hastegrad.emergency.simple, fraDato: DocumentTime(year: 2026, month: 1, day: 1),
            tilDato: DocumentTime(year: 2026, month: 2, day: 1),
            typeJournalinfo: [CodedValue("1", list: 9066), CodedValue("2", list: 9066)],
            kodetOpplysning: CodedValue("3", list: 1),
            dokID: "dok-1", roller: [RollerRelatertNotat(nil, tilknyttetEnhet: unit)])
        let notat = Notat(
            temaKodet: HelsefagligTema.patient.coded, tema: "Tema", tekst: RichText("Tekst"), merknad: "Merknad", dokID: "dok-2",
            dato: DocumentTime(year: 2026, month: 5, day: 30), foresporsel: question, roller: [F.author])
        var message = MsgHead(
            .dialogHelsefaglig, F.heading(copies: [F.oslo]),
            Dialogmelding(version: .v11, sakstypeKodet: CodedValue("1", list: 2), sakstype: "Sak", notater: [notat]),
            attachments: [F.pdf("a"), F.pdf("b"), F.reference])
        message.requestedPriority = CodedValue("1")
        message.sender.comMethod = CodedValue("EDI", "EDI")
        message.otherReceivers += [
            MsgHead.OtherReceiver(.patient(F.patient), comMethod: CodedValue("PST")), MsgHead.OtherReceiver(.person(F.patient)),
            MsgHead.OtherReceiver(.professional(F.contact), role: CodedValue("X", "Annen")),
        ]
        message.documents[0].contentDescription = "Beskrivelse"
        message.documents[0].contentType = CodedValue("A03-2", "Epikrise", list: 9602)
        message.documents[0].consent = CodedValue("1", list: 9064)
        message.documents[0].annotation = "Til orientering"
        message.documents[0].fromDate = DocumentTime("2026-01")
        message.documents[0].toDate = DocumentTime("2026")
        message.documents[0].enquiryRefID = "ref"
        message.documents[0].oidRef = "2.16.578.1"
        message.documents[0].documentConnection = CodedValue("H")
        message.documents[0].id = "doc"
        message.documents[1].contentCategory = CodedValue("1", list: 3)
        return message
    }
}

@Suite("MsgHead 1.2")
struct MsgHeadTests {
    @Test("what we build reads back as the same value and the same bytes", arguments: BuiltMessage.all)
    func roundTrip(message: BuiltMessage) throws {
        let built = try message.build()
        let bytes = try built.encoded()
        let read = try MsgHead(parsing: bytes)
        #expect(read == built)
        #expect(read.deviations.isEmpty)
        #expect(try read.encoded() == bytes)
        #expect(try ClinicalDocument(parsing: bytes).summary == built.summary)
    }

    @Test(
        "what we build is valid by the official schemas",
        .enabled(if: OfficialSchema.file != nil, "the official schemas are not beside the checkout"), arguments: BuiltMessage.all)
    func valid(message: BuiltMessage) throws {
        #expect(try OfficialSchema.complaints(message.build().encoded()) == "")
    }

    @Test("the summary names who, to whom, about whom, and what travels along")
    func summary() throws {
        let message = try MsgHead.statusPaaHenvisning(
            DocumentFixture.heading(copies: [DocumentFixture.oslo]), status: .rejected, text: "Nei",
            attachments: [DocumentFixture.pdf("Avslag"), DocumentFixture.reference])
        let summary = message.summary
        #expect(summary.format == .msgHead(payload: "http://www.kith.no/xmlstds/dialog/2013-01-23"))
        #expect(MessageType(summary.type) == .dialogStatusHenvisning)
        #expect(summary.sender.communicationHERID == "8000012")
        #expect(summary.receiver.communicationHERID == "8000002")
        #expect(summary.receiver.organisationNumber == "314000005")
        #expect(summary.copyReceivers.map(\.communicationHERID) == ["8000022"])
        #expect(summary.conversation?.parent == "the-referral")
        #expect(summary.patient?.identifiers.nationalIdentity?.value == "21905297101")
        #expect(summary.contentIDs == ["part-2@example.invalid"])
        #expect(summary.ack == .yes)
        #expect(message.dialogmelding?.notater.first?.statusPaaHenvisning == .rejected)
    }

    @Test(
        "a rejected referral is seen as one, whether or not the theme names its list",
        arguments: ["", #" S="1.2.3""#, #" S="2.16.578.1.12.4.1.1.9148""#])
    func rejection(list: String) throws {
        let message = try MsgHead.statusPaaHenvisning(DocumentFixture.heading(), status: .rejected, text: "Nei")
        let bytes = try DocumentFixture.text(
            message.encoded(), replacing: #" S="2.16.578.1.12.4.1.1.9148""#, with: list)
        #expect(try MsgHead(parsing: bytes).statusPaaHenvisning == .rejected)
        #expect(try DocumentFixture.dialog().statusPaaHenvisning == nil)
    }

    @Test("an answer's heading turns sender and receiver round and goes on with the conversation")
    func answer() throws {
        let first = try MsgHead.helsefagligDialog(DocumentFixture.heading(conversation: false), tema: .patient, text: "Hei")
        let heading = MsgHead.Heading(answering: first.summary, messageID: "second", generated: DocumentFixture.generated)
        #expect(heading.conversation == ConversationReference(parent: first.messageID, conversation: first.messageID))
        #expect(heading.sender.addressPath.communicationHERID == "8000002")
        let second = try MsgHead.helsefagligDialog(heading, tema: .patient, text: "Hei igjen")
        let third = MsgHead.Heading(answering: second.summary, messageID: "third", generated: DocumentFixture.generated)
        #expect(third.conversation == ConversationReference(parent: "second", conversation: first.messageID))
    }

    @Test("attachments are never exchanged, whatever their number", arguments: [1, 2, 7, 40])
    func neverExchanged(count: Int) throws {
        let attachments = (0..<count).map { index in
            Attachment(
                mimeType: "image/png", description: "Vedlegg \(index)",
                content: index % 3 == 2
                    ? .reference("cid:\(index)@example.invalid")
                    : .embedded((0...index * 7).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) }))
        }
        let message = try MsgHead.helsefagligDialog(
            DocumentFixture.heading(), tema: .patient, text: "Hei", attachments: attachments)
        #expect(try ClinicalDocument(parsing: message.encoded()).summary.attachments == attachments)
    }

    @Test("elements in another order are read and reported")
    func order() throws {
        let bytes = try DocumentFixture.text(
            DocumentFixture.dialog().encoded(),
            replacing: "<RefToParent>the-referral</RefToParent><RefToConversation>the-first</RefToConversation>",
            with: "<RefToConversation>the-first</RefToConversation><RefToParent>the-referral</RefToParent>")
        let read = try MsgHead(parsing: bytes)
        #expect(read.conversation == ConversationReference(parent: "the-referral", conversation: "the-first"))
        #expect(read.deviations.map(\.place) == ["MsgHead/MsgInfo/ConversationRef"])
    }

    @Test("the children of Ident in the wrong namespace are read and reported")
    func namespaceTrap() throws {
        let message = try MsgHead.statusPaaHenvisning(
            DocumentFixture.heading(), status: .called, text: "Time", contact: DocumentFixture.contact)
        let bytes = try DocumentFixture.text(message.encoded(), replacing: "fk1:Id>", with: "Id>")
        let read = try MsgHead(parsing: bytes)
        #expect(read.dialogmelding == message.dialogmelding)
        #expect(read.deviations.contains { $0.what.contains("another namespace") })
    }

    @Test("in what we write, the children of Ident and TeleCom stand in felleskomponent1")
    func namespaceWritten() throws {
        let message = try MsgHead.statusPaaHenvisning(
            DocumentFixture.heading(), status: .called, text: "Time", contact: DocumentFixture.contact)
        let text = String(decoding: try message.encoded(), as: UTF8.self)
        #expect(text.contains("<Ident><fk1:Id>9999998</fk1:Id><fk1:TypeId"))
        #expect(text.contains(#"<TeleCom><fk1:TeleAddress V="tel:+4722000001"/>"#))
    }

    @Test("an attachment without bytes is read and reported", arguments: ["", " \n "])
    func empty(content: String) throws {
        let bytes = try DocumentFixture.text(
            DocumentFixture.dialog().encoded(), replacing: "JVBERi0xLjcgYnJldg==", with: content)
        let read = try MsgHead(parsing: bytes)
        #expect(read.attachments.first?.bytes == [])
        #expect(read.deviations.contains { $0.what.contains("no content") })
    }

    @Test(
        "base64 is read through line breaks and comments",
        arguments: ["JVBERi0x\r\n LjcgYnJl<!-- x -->dg==\n", "\tJVBERi0xLjcgYnJldg=="])
    func brokenLines(content: String) throws {
        let bytes = try DocumentFixture.text(
            DocumentFixture.dialog().encoded(), replacing: "JVBERi0xLjcgYnJldg==", with: content)
        #expect(try MsgHead(parsing: bytes).attachments == DocumentFixture.dialog().attachments)
    }

    @Test("a message in ISO-8859-1 is read")
    func latin1() throws {
        let text = try #require(String(bytes: DocumentFixture.dialog().encoded(), encoding: .utf8))
            .replacingOccurrences(of: "UTF-8", with: "ISO-8859-1").replacingOccurrences(of: "Ŋ", with: "N")
        let bytes = [UInt8](try #require(text.data(using: .isoLatin1)))
        #expect(try MsgHead(parsing: bytes).patient?.name.family == "Prøve")
    }
}
