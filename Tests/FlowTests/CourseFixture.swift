import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport

@testable import Gateway

/// The referral of flow 1, and later documents with the same `ServReq/Id`.
enum Later {
    static let referral = "a3c1f0b2-8d46-4e7e-8f19-5b7d20c94e11"

    /// - Parameters:
    ///   - what: list 7309.
    ///   - number: makes its MsgId, and the minute in which it was made.
    static func document(
        _ what: String, _ number: Int, from sender: String = Referral.sender,
        replacing changes: KeyValuePairs<String, String> = [:]
    ) throws -> [UInt8] {
        let bytes = try Referral.document(replacing: changes)
        return Array(
            String(decoding: bytes, as: UTF8.self)
                .replacing("<ServType V=\"N\" DN=\"Ny\"/>\n    <IssueDate", with: "<ServType V=\"\(what)\"/>\n    <IssueDate")
                .replacing(Referral.documentID, with: id(number))
                .replacing("2026-05-20T13:42:10", with: "2026-05-20T\(14 + number / 50):\(10 + number % 50):10")
                .replacing("<Id>\(Referral.sender)</Id>", with: "<Id>\(sender)</Id>").utf8)
    }

    static func id(_ number: Int) -> String { "0c0c0c0c-0000-4d0b-9a35-000000000\(100 + number)" }

    /// Hands it to BUP's node as the referrer's node would.
    static func post(_ document: [UInt8], to bup: Node, from sender: String = Referral.sender) async throws {
        var writer = LetterWriter(document: document)
        writer.from = sender
        guard try await writer.write().post(to: bup).isAcknowledgment else {
            throw TestPKIError(description: "the letter was not acknowledged")
        }
    }

    /// The messages of the course by what they are, in order, as `NMC`; of what is not joined a small letter.
    static func course(_ node: Node, of name: String = referral) throws -> String {
        try node.store.course(of: name).steps.map { step in
            step.standing == "joined" ? step.what + (step.code ?? "") : step.what.lowercased()
        }.joined()
    }

    /// Kinds of open alerts, sorted.
    static func alerts(_ node: Node) throws -> [String] {
        try node.store.read {
            try String.fetchAll($0, sql: "SELECT kind FROM alert WHERE resolvedAt IS NULL ORDER BY kind")
        }
    }

    /// A status of the referral as another system writes it.
    static func status(_ code: String, about document: String = Referral.documentID, id: String) throws -> [UInt8] {
        let bup = Organisation(
            "Oslo barnesykehus HF (TEST)", [.herID("80000400"), .organisationNumber("314000013")],
            service: Organisation("BUP Nord", [.herID("80000401")]))
        let gp = Organisation(
            "Sagene legesenter (TEST)", [.herID("80000600")],
            professional: HealthcareProfessional(
                Person(name: PersonName(family: "Furukvist", given: "Klok"), identifiers: [.personHERID("80000601")])))
        let heading = MsgHead.Heading(
            messageID: id, generated: DocumentTime(TestPKI.now), sender: bup, receiver: gp,
            patient: Person(name: PersonName(family: "Blåklokke", given: "Vennlig")),
            conversation: ConversationReference(parent: document, conversation: document))
        return try MsgHead.statusPaaHenvisning(
            heading, status: HenvisningStatus(rawValue: code), text: "Vi har vurdert henvisningen.",
            reaching: .person(
                Person(name: PersonName(family: "Solfjell", given: "Trygg"), telecoms: [.telephone("22 00 00 20")]))
        ).encoded()
    }
}
