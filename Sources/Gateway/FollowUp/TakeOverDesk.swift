import Envelope
import Foundation
public import Practice

/// What somebody says about a discharge summary that they got.
public struct TakeOverOrder: Sendable {
    /// Who takes over, or whom to ask.
    public let by: String
    /// A direct number.
    public let phone: PhoneNumber
    /// Why it does not belong here; nil when it is taken over.
    public var refusal: String?
    /// Who should have it, when that is known.
    public var rightPlace: String?
    /// What else the sender should know.
    public var text: String?

    /// - Throws: ``SubmissionError`` `.followUp` without a name, or with a number that is no direct one.
    public init(by name: String, phone: String) throws(SubmissionError) {
        let name = name.trimmingCharacters(in: .whitespaces)
        guard (3...80).contains(name.count), !name.contains(where: \.isNewline) else {
            throw SubmissionError(.followUp, "say who takes over, by name: 3 to 80 letters in one line")
        }
        guard let number = PhoneNumber(phone), number.canBeDirect else {
            throw SubmissionError(
                .followUp, "'\(phone.prefix(20))' is no direct number: give one of eight digits that leads to whoever takes over")
        }
        (by, self.phone) = (name, number)
    }
}

/// Says to the sender of a discharge summary that somebody here has taken over, or that it does not belong here.
public struct TakeOverDesk: Sendable {
    private let store: GatewayStore
    private let registry: Registry
    private let intake: Intake

    public init(_ node: Node) { (store, registry, intake) = (node.store, node.registry, node.intake) }

    /// - Parameter name: of a received discharge summary: number, MessageId or MsgId.
    /// - Throws: ``SubmissionError``, ``StoreError``, ``RegistryError``.
    public func say(_ order: TakeOverOrder, about name: String) async throws -> TakenMessage {
        let now = intake.clock.now()
        let (message, _) = try store.findReceived(name)
        guard message.kind == MessageType.epikrise.rawValue else {
            throw SubmissionError(
                .followUp, "#\(message.id) is no discharge summary (\(message.kind)); only one of those is taken over")
        }
        try await store.record(Reading(by: intake.actor, purpose: nil, at: now), of: message, how: "read to answer it")
        let document = try await intake.pool.run { try written(order, message, at: now) }
        var submission = Submission(document: document)
        submission.documentName = "the message"
        // It goes back to whoever shared the summary, and says who has it now.
        submission.sharing = KnownSharing(tellsNothingNew: true)
        let taken = try await intake.submit(submission)
        // One document to one receiver is one message.
        return taken[0]
    }

    private func written(_ order: TakeOverOrder, _ message: MessageRecord, at now: Date) throws -> [UInt8] {
        let summary = try ClinicalDocument(parsing: store.receivedDocument(message)).summary
        let heading = try registry.heading(answering: summary, message, id: intake.ids.next(), at: now)
        let contact = RollerRelatertNotat(
            .person(Person(calling: order.by, order.phone)),
            roleToPatient: RoleToPatient.clinicalContact.coded)
        let who = "\(order.by), telefon \(order.phone.written)."
        if let refusal = order.refusal {
            let lines =
                ["Oppfølgingen hører ikke til hos oss: \(refusal)"]
                + [order.rightPlace.map { "Riktig sted: \($0)" }, order.text]
                .compactMap(\.self) + ["Spørsmål: \(who)"]
            return try MsgHead.avviksmelding(
                heading, tema: .wrongReceiver, text: lines.joined(separator: "\n\n"), roller: [contact]
            ).encoded()
        }
        let lines = ["Vi har tatt over oppfølgingen.", "Ansvarlig hos oss: \(who)"] + [order.text].compactMap(\.self)
        return try MsgHead.helsefagligDialog(
            heading, tema: .readyForDischarge, text: lines.joined(separator: "\n\n"), roller: [contact]
        ).encoded()
    }
}
