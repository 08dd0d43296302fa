import Envelope
import Foundation
import TestSupport
import Testing

/// Synthetic parties and persons, and the official schemas as judge.
enum DocumentFixture {
    static let generated = DocumentTime(Date(timeIntervalSince1970: 1_780_272_000))
    static let gp = Organisation(
        "Sagene legesenter TEST", [.herID("8000001"), .organisationNumber("314000005")],
        professional: HealthcareProfessional(
            Person(
                name: PersonName(family: "Ånestad & Sønn", given: "Ŋávdi <Test>"),
                identifiers: [.personHERID("8000002"), .hpr("9999999")], telecoms: [.telephone("22 00 00 00", .work)]),
            roleToPatient: RoleToPatient.fastlege.coded))
    static let bup = Organisation(
        "Barnesykehuset TEST", [.herID("8000011"), .organisationNumber("314000013")],
        service: Organisation("Psykisk helsevern for barn og unge", [.herID("8000012")]))
    static let oslo = Organisation(
        "Oslo kommune TEST", [.herID("8000021")], service: Organisation("PPT", [.herID("8000022")]))
    static let patient = Person(
        name: PersonName(family: "Prøve", middle: "Test", given: "Barn"),
        dateOfBirth: DocumentTime(year: 2015, month: 4, day: 9), sex: Sex.female.simple,
        identifiers: [Identifier("21905297101", type: PersonIDType.fnr.coded)],
        address: PostalAddress(
            type: AddressKind.registered.simple, street: "Gata 1", postalCode: "0001", city: "Oslo",
            county: CodedValue("0301", "Oslo")))
    static let contact = HealthcareProfessional(
        Person(
            name: PersonName(family: "Kontakt", given: "Test"), identifiers: [.hpr("9999998")],
            telecoms: [.telephone("+47 22 00 00 01")]),
        profession: HealthcareProfession.psychologist.simple)
    static let author = RollerRelatertNotat(
        .professional(contact), rolleNotat: RolleNotat.author.coded, roleToPatient: RoleToPatient.fastlege.coded)

    static func heading(conversation: Bool = true, copies: [Organisation] = []) -> MsgHead.Heading {
        MsgHead.Heading(
            messageID: "11111111-1111-4111-8111-111111111111", generated: generated, sender: bup, receiver: gp,
            copyReceivers: copies, patient: patient,
            conversation: conversation ? ConversationReference(parent: "the-referral", conversation: "the-first") : nil)
    }

    static func pdf(_ text: String) -> Attachment {
        Attachment(
            mimeType: "application/pdf", description: text, issued: DocumentTime(year: 2026, month: 5, day: 30),
            content: .embedded(Array("%PDF-1.7 \(text)".utf8)))
    }

    static let reference = Attachment(
        mimeType: "application/pdf", description: "Stort vedlegg", content: .reference("cid:part-2@example.invalid"))

    static func dialog() throws -> MsgHead {
        try .helsefagligDialog(heading(), tema: .patient, text: "Hei", attachments: [pdf("brev")])
    }

    /// Bytes of a message with one piece of text replaced, which must be there.
    static func text(_ bytes: [UInt8], replacing old: String, with new: String) throws -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        try #require(text.contains(old), "the fixture does not hold what the test replaces")
        return Array(text.replacingOccurrences(of: old, with: new).utf8)
    }
}

/// The official schemas, all loaded at once.
enum OfficialSchema {
    static let file = Repository.shared("standards/xsd/own/all.xsd")

    /// What xmllint says against the document; empty when it is valid.
    static func complaints(_ document: [UInt8]) throws -> String {
        let outcome = try Tool.run(
            "xmllint", ["--nonet", "--noout", "--huge", "--schema", try #require(file).path, "-"], input: document)
        return outcome.status == 0 ? "" : String(decoding: outcome.err.prefix(2_000), as: UTF8.self)
    }
}

extension EnvelopeError {
    /// For `#expect(throws:)`: errors are equal by code.
    static func code(_ code: Code) -> EnvelopeError { EnvelopeError(code, reason: "") }
}
