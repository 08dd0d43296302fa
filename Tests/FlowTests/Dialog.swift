import Envelope
import TestSupport

/// A clinical question from the GP to BUP, which may have copy receivers.
enum Dialog {
    static let kind = "DIALOG_HELSEFAGLIG"

    static func document(id: String = "5d1c9c0e-0000-4d0b-9a35-2f6b3c1e7a01", copyTo copies: [String] = []) throws -> [UInt8] {
        let gp = Organisation(
            "Sagene legesenter (TEST)", [.herID("80000600"), .organisationNumber("314000005")],
            professional: HealthcareProfessional(
                Person(name: PersonName(family: "Furukvist", given: "Klok"), identifiers: [.personHERID("80000601")])))
        let bup = Organisation(
            "Oslo barnesykehus HF (TEST)", [.herID("80000400")], service: Organisation("BUP Nord", [.herID("80000401")]))
        let heading = MsgHead.Heading(
            messageID: id, generated: DocumentTime(TestPKI.now), sender: gp, receiver: bup,
            copyReceivers: copies.map {
                Organisation("Oslo kommune (TEST)", [.herID("80000100")], service: Organisation("Mottaker", [.herID($0)]))
            },
            patient: Person(name: PersonName(family: "Blåklokke", given: "Vennlig")))
        return try MsgHead.helsefagligDialog(heading, tema: .patient, text: "Har dere mottatt henvisningen?").encoded()
    }
}
