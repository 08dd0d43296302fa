import Envelope
import Foundation
public import Practice

/// Where a referral is, for the referrer: a status of list 9148 with whom to call. Letters to the family are what ``AnswerDesk`` gives.
public struct StatusOrder: Sendable {
    /// List 9148: 1 called to care, 2 a right to care and a time to come.
    public let code: String
    public let contact: String
    public let phone: PhoneNumber
    public var text: String?

    /// - Throws: ``AnswerError`` for a code that has a command of its own, and without somebody to call.
    public init(_ code: String, contact: String, phone: String) throws(AnswerError) {
        switch HenvisningStatus(rawValue: code) {
        case .called, .entitled: self.code = code
        case .forwarded:
            throw AnswerError(
                .otherKind, "a referral is handed over with 'msggw forward', which sends it on and tells referrer and family")
        case .rejected:
            throw AnswerError(
                .otherKind,
                "a referral is rejected with 'msggw reject', which tells the family why, what they can do and where to complain")
        default: throw AnswerError(.otherKind, "'\(code.prefix(10))' is no code of list 9148; write 1 or 2")
        }
        let order: TakeOverOrder
        do throws(SubmissionError) { order = try TakeOverOrder(by: contact, phone: phone) } catch {
            throw AnswerError(.otherKind, "the status names nobody to call: \(error.reason)")
        }
        (self.contact, self.phone) = (order.by, order.phone)
    }
}

/// Sends statuses of the referrals that this node got.
public struct StatusDesk: Sendable {
    private let store: GatewayStore
    private let registry: Registry
    private let intake: Intake

    public init(_ node: Node) { (store, registry, intake) = (node.store, node.registry, node.intake) }

    /// - Parameter name: of the referral, or of what came after it.
    /// - Throws: ``AnswerError``, ``SubmissionError``, ``StoreError``, ``RegistryError``.
    public func send(_ order: StatusOrder, to name: String) async throws -> [TakenMessage] {
        let now = intake.clock.now()
        let referral = try await intake.pool.run { try StoredReferral(name, in: store) }
        try await store.record(
            Reading(by: intake.actor, purpose: nil, at: now), of: referral.message, how: "read to answer it")
        var submission = Submission(document: try written(order, referral, at: now))
        submission.documentName = "the status"
        submission.sharing = KnownSharing(referrers: Set(referral.summary.firstReferrer.flatMap { HERID($0) }.map { [$0] } ?? []))
        return try await intake.submit(submission)
    }

    private func written(_ order: StatusOrder, _ referral: StoredReferral, at now: Date) throws -> [UInt8] {
        var heading = try registry.heading(answering: referral.summary, referral.message, id: intake.ids.next(), at: now)
        heading.conversation = ConversationReference(parent: referral.summary.messageID, conversation: referral.conversation)
        // Who referred a child whose referral was handed over here waits too.
        if let first = referral.summary.firstReferrer.flatMap({ HERID($0) }), first.value != referral.message.sender,
            (try? registry.activeParty(first, at: now)) != nil
        {
            heading.copyReceivers = [Organisation(try registry.address(of: first))]
        }
        let status = HenvisningStatus(rawValue: order.code)
        let words =
            order.code == HenvisningStatus.called.rawValue
            ? "Barnet eller ungdommen er kalt inn til helsehjelp."
            : "Barnet eller ungdommen har rett til helsehjelp. Tidspunktet kommer."
        let lines = [words, order.text, "Kontakt: \(order.contact), telefon \(order.phone.written)."].compactMap(\.self)
        return try MsgHead.statusPaaHenvisning(
            heading, status: status, text: lines.joined(separator: "\n\n"),
            reaching: .person(Person(calling: order.contact, order.phone))
        ).encoded()
    }
}

extension Person {
    /// Somebody to call at work.
    init(calling name: String, _ phone: PhoneNumber) {
        self.init(
            name: PersonName(shown: name), telecoms: [Telecom("tel:" + phone.dialled, type: TelecomKind.work.simple)])
    }
}

extension Registry {
    /// The heading of an answer to a received document, from whoever got it to whoever sent it as the registry has them.
    func heading(
        answering summary: DocumentSummary, _ message: MessageRecord, id: String, at now: Date
    ) throws -> MsgHead.Heading {
        guard let own = HERID(message.receiver), let sender = HERID(message.sender) else {
            throw StoreError(.damaged, reason: "a stored message names a party without a HER-id")
        }
        var heading = MsgHead.Heading(answering: summary, messageID: id, generated: DocumentTime(now))
        heading.sender = Organisation(try address(of: own))
        heading.receiver = Organisation(try address(of: sender))
        if let name = heading.patient?.name { heading.patient?.name = PersonName(listed: name) }
        return heading
    }
}
