import Envelope
import Foundation
import GRDB
import Logging
import Native

/// Takes messages from other nodes: spools, verifies, decrypts, checks, stores, and only then acknowledges.
///
/// The Acknowledgment is stored in the commit that holds the message; a repeat is answered with the stored one. One object for all
/// messages of one version of the registry: as a value it was copied, with all it holds, several times for each.
public final class ReceivingDesk: ExchangeReceiver {
    /// Messages with more bytes than this are worked on beside the others, not in front of them.
    static let largeMessage = 4 << 20

    let store: GatewayStore
    let registry: Registry
    let trust: PartnerTrust
    let keys: KeyRing
    let opener: MessageOpener
    let answers: AnswerReader
    let recorder: DeliveryRecorder
    let notices: NoticeDesk
    let bell: DeliveryBell
    let description: SystemDescription
    let limits: MIMELimits
    let filing: FilingSettings
    let clock: NodeClock
    let ids: IDSource
    let crypto: WorkPool
    let large: WorkPool
    let logger: Logger
    let planted: PlantedFault?
    let onOpened: @Sendable (MessageRecord, MessageStep) -> Void

    init(
        store: GatewayStore, registry: Registry, trust: PartnerTrust, keys: KeyRing, opener: MessageOpener, answers: AnswerReader,
        recorder: DeliveryRecorder, notices: NoticeDesk, bell: DeliveryBell, description: SystemDescription, limits: MIMELimits,
        filing: FilingSettings, clock: NodeClock, ids: IDSource, crypto: WorkPool, large: WorkPool, logger: Logger,
        planted: PlantedFault?, onOpened: @escaping @Sendable (MessageRecord, MessageStep) -> Void
    ) {
        (self.store, self.registry, self.trust, self.keys) = (store, registry, trust, keys)
        (self.opener, self.answers, self.recorder, self.notices) = (opener, answers, recorder, notices)
        (self.bell, self.description, self.limits, self.filing) = (bell, description, limits, filing)
        (self.clock, self.ids, self.crypto, self.large) = (clock, ids, crypto, large)
        (self.logger, self.planted, self.onOpened) = (logger, planted, onOpened)
    }

    public func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply {
        let message: UnverifiedMessage
        let parts: ReceivedParts
        do {
            (message, parts) = try await spool(exchange, body)
        } catch let error as InboundBodyError {
            switch error {
            case .tooLarge: return ExchangeReply(status: 413)
            case .timedOut, .disconnected: return ExchangeReply(status: 408)
            case .malformed: return ExchangeReply(status: 400)
            }
        } catch let error as EnvelopeError {
            // Nothing to tie an answer to: transport-profile 1.2, HTTP 500 with a SOAP Fault.
            return fault(error, exchange)
        } catch {
            return unavailable(error)
        }
        // Before the reply, not when the last reference happens to go.
        defer { parts.discard() }
        return await answer(message, parts)
    }

    // MARK: - Receiving

    private func spool(_ exchange: InboundExchange, _ body: InboundBody) async throws -> (UnverifiedMessage, ReceivedParts) {
        var fields = exchange.headers.map { MIMEHeaders.Field(name: $0.name, value: $0.value) }
        if let type = exchange.contentType, !fields.contains(where: { $0.isNamed("Content-Type") }) {
            fields.append(MIMEHeaders.Field(name: "Content-Type", value: type))
        }
        let reception = try Reception(
            headers: MIMEHeaders(fields), limits: limits, alsoDigesting: registry.acceptsLegacySHA1 ? [.sha1] : [],
            spool: store.spool)
        for try await chunk in body { try reception.take(chunk) }
        return try reception.finish()
    }

    private func answer(_ message: UnverifiedMessage, _ parts: ReceivedParts) async -> ExchangeReply {
        // A gigabyte is decrypted beside the others, not in front of them.
        let pool = message.parts.contains { $0.length > Self.largeMessage } ? large : crypto
        do {
            switch try await pool.run({ [self] in judge(message, parts, at: clock.now()) }) {
            case .reply(let reply): return reply
            case .repeated(let receipt):
                try await store.confirm(at: clock.now())
                return receipt
            case .repeatedSeparately(let message, let sender):
                try await sendReceiptAgain(for: message, from: sender)
                return ExchangeReply(status: 202)
            case .signal(let about, let sent, let outcome):
                try await take(outcome, about: about, sent: sent)
                return ExchangeReply(status: 204)
            case .opened(let opened, let receipt): return try await keep(opened, receipt, at: clock.now())
            }
        } catch {
            return unavailable(error)
        }
    }

    /// Only what the receiver of our message signed changes anything. Whoever else sends us a signal must not be able to put
    /// off the next attempt, nor write into the message's history.
    private func take(_ outcome: DeliveryOutcome, about message: MessageRecord, sent: WireMessage) async throws {
        if outcome.isProved {
            try await recorder.take(outcome, about: message, sent: sent)
            bell.isAlive(message.destination)
        } else if case .failed(let error, _) = outcome {
            logger.warning(
                "Signal decides nothing", metadata: [LogKey.message: "\(message.messageID)", LogKey.reason: "\(error)"])
        }
    }

    private enum Judgement: Sendable {
        case reply(ExchangeReply)
        /// A message that the store shows. It says so once more only when the disk has it.
        case repeated(ExchangeReply)
        /// A message we have, from a partner who takes receipts as messages of their own.
        case repeatedSeparately(messageID: String, sender: HERID)
        case signal(about: MessageRecord, WireMessage, DeliveryOutcome)
        case opened(OpenedMessage, receipt: SignedEnvelope)
    }

    /// All that needs keys and XML, in one piece.
    private func judge(_ message: UnverifiedMessage, _ parts: ReceivedParts, at now: Date) -> Judgement {
        do {
            switch message.claimed.content {
            case .payload: return try judgePayload(message, parts, at: now)
            case .acknowledgment, .error: return try judgeSignal(message, at: now)
            case .ping: return .reply(try pong(message, at: now))
            // A Pong comes in the answer to a Ping; one that comes by itself answers nothing.
            case .pong: return .reply(ExchangeReply(status: 204))
            }
        } catch let error as Unproved {
            return .reply(refusal(of: message, error.reason, isProved: false, at: now))
        } catch let error as EnvelopeError {
            return .reply(refusal(of: message, error, isProved: true, at: now))
        } catch let error as RegistryError where !error.isTemporary {
            return .reply(refusal(of: message, EnvelopeError(refusing: error), isProved: true, at: now))
        } catch {
            return .reply(unavailable(error))
        }
    }

    /// Why a message is refused of which nobody knows who sent it.
    private struct Unproved: Error {
        let reason: EnvelopeError
    }

    /// A message whose signature holds, and between whom it goes under which agreement.
    private struct Known {
        let message: VerifiedMessage
        let sender: RegisteredParty
        let receiver: HERID
        let agreement: Agreement
    }

    /// - Throws: ``Unproved`` for what is refused before anybody has proved to have sent it; `RegistryError` for what cannot be
    ///   told now.
    private func verify(_ message: UnverifiedMessage, at now: Date) throws -> Known {
        do { return try known(message, at: now) } catch let error as EnvelopeError {
            throw Unproved(reason: error)
        } catch let error as RegistryError where !error.isTemporary {
            throw Unproved(reason: EnvelopeError(refusing: error))
        }
    }

    private func known(_ message: UnverifiedMessage, at now: Date) throws -> Known {
        let header = message.claimedHeader
        guard let receiver = header.to.herID.flatMap({ HERID($0) }), keys.hosts(receiver) else {
            throw EnvelopeError(.headerMalformed, reason: "the receiver is not hosted by this node", place: "To/PartyId")
        }
        guard let sender = header.from.herID.flatMap({ HERID($0) }) else {
            throw EnvelopeError(.headerMalformed, reason: "the sender has no HER-id", place: "From/PartyId")
        }
        let party = try self.party(sender, at: now)
        guard let agreement = try registry.agreements(between: sender, and: receiver).first(where: { $0.cpaID == header.cpaID })
        else {
            throw EnvelopeError(
                .agreementUnknown, reason: "there is no such agreement between sender and receiver", place: "CPAId")
        }
        let signer = try trust.trusted(sender, presentingDER: try message.claimedCertificateDER(), at: now)
        let verified = try SignatureVerifier.verify(
            message, signedBy: signer, policy: agreement.acceptsLegacySHA1 ? .legacy : .strict)
        return Known(message: verified, sender: party, receiver: receiver, agreement: agreement)
    }

    /// A door that has ended still speaks of what was sent to it before: its receipts and answers are awaited.
    private func party(_ sender: HERID, at now: Date) throws -> RegisteredParty {
        let party = try registry.party(sender)
        if party.isActive(at: now) { return party }
        if try store.haveLeft(sender.value) { return party }
        return try registry.activeParty(sender, at: now)
    }

    /// The answer to a Ping of a partner we know. Nothing is stored.
    private func pong(_ ping: UnverifiedMessage, at now: Date) throws -> ExchangeReply {
        let known = try verify(ping, at: now)
        let answer = try EnvelopeSealer.pong(
            known.message, messageID: ids.next(), at: now, description: description, with: keys.signing(for: known.receiver))
        return try reply(signal: answer.soap)
    }

    private func judgePayload(_ message: UnverifiedMessage, _ parts: ReceivedParts, at now: Date) throws -> Judgement {
        let known = try verify(message, at: now)
        let (verified, sender, receiver, agreement) = (known.message, known.sender.herID, known.receiver, known.agreement)
        let (stored, before) = try store.look { database in
            let stored = try StoredBefore(
                database, messageID: verified.messageID, sender: planted == .ignoresSenderOfRepeats ? nil : sender.value)
            return (stored, stored.isKnown ? try repeated(verified, from: sender, in: database) : nil)
        }
        let head = agreement.protection == .strong ? stored.auditHead : nil
        if let before {
            if agreement.signals == .separate { return .repeatedSeparately(messageID: verified.messageID, sender: sender) }
            return .repeated(try reply(signal: before.isSameBytes ? before.receipt : receipt(for: known, head, at: now).soap))
        }
        if let forgotten = stored.forgotten, verified.header.messageData.timestamp.date <= forgotten {
            throw EnvelopeError(
                .timeToLiveExpired,
                reason:
                    "the message is older than this node remembers repeats (retention.duplicateDays): it may have been here before",
                place: "MessageData/Timestamp")
        }
        if verified.header.isExpired(at: now) {
            throw EnvelopeError(.timeToLiveExpired, reason: "TimeToLive has passed", place: "MessageData/TimeToLive")
        }
        let opened = try opener.open(verified, parts: parts, from: known.sender, to: receiver, under: agreement)
        do {
            return .opened(opened, receipt: try receipt(for: known, head, at: now))
        } catch {
            opened.discard(from: store.vault)
            throw error
        }
    }

    /// - Parameter head: of this node's trail, for a partner of our kind. It keeps the head with its evidence: the trail cannot be
    ///   written anew without that showing.
    private func receipt(for known: Known, _ head: AuditHead?, at now: Date) throws -> SignedEnvelope {
        try EnvelopeSealer.acknowledge(
            known.message, messageID: ids.next(), at: now, description: description, auditHead: head,
            with: try keys.signing(for: known.receiver))
    }

    /// A message that we have.
    private struct Repeated {
        /// The Acknowledgment that was stored with it.
        let receipt: [UInt8]
        /// false when the sender signed the same content anew: its receipt must then name the new signature's digests.
        let isSameBytes: Bool
    }

    /// What we have of a message that comes again; nil for a new one.
    ///
    /// - Throws: `EnvelopeError` `.messageIDReused` for the same id with other content: never delivered, never acknowledged.
    private func repeated(_ verified: VerifiedMessage, from sender: HERID, in database: Database) throws -> Repeated? {
        let known = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT received.digest, receipt.bytes FROM received
                    JOIN receipt ON receipt.message = received.message AND receipt.direction = 'out' AND receipt.kind = 'acknowledgment'
                    WHERE received.messageID = ? AND (received.sender = ? OR ?)
                    """),
            arguments: [verified.messageID, sender.value, planted == .ignoresSenderOfRepeats]
        ).map { (digest: ReceivedDigest(stored: $0["digest"]), receipt: Array($0["bytes"] as Data)) }
        guard let known else { return nil }
        let digest = ReceivedDigest(verified)
        guard known.digest.isSameContent(as: digest) else {
            throw EnvelopeError(
                .messageIDReused, reason: "this MessageId was received before with other content", place: "MessageId")
        }
        logger.notice("Repeated message answered again", metadata: [LogKey.message: "\(verified.messageID)"])
        return Repeated(receipt: known.receipt, isSameBytes: known.digest.envelope == digest.envelope)
    }

    private func judgeSignal(_ signal: UnverifiedMessage, at now: Date) throws -> Judgement {
        // A signal is never answered, whatever is wrong with it.
        guard let about = signal.claimed.refToMessageID, let sender = signal.claimedHeader.from.herID,
            let found = try store.read({ database in try Self.outstanding(database, messageID: about, receiver: sender) }),
            planted != .ignoresLateReceipts || found.0.state.isUnderWay
        else {
            logger.notice(
                "Signal about nothing outstanding",
                metadata: [LogKey.message: "\(signal.claimed.refToMessageID?.prefix(64) ?? "none")"])
            return .reply(ExchangeReply(status: 204))
        }
        return .signal(about: found.0, found.1, answers.read(signal, to: found.0, sent: found.1, at: now))
    }

    /// The message that a signal is about, whatever became of it: a late receipt heals what was believed failed, held or taken
    /// back. A signal answers no signal.
    private static func outstanding(_ database: Database, messageID: String, receiver: String) throws -> (
        MessageRecord, WireMessage
    )? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                WHERE name.kind = 'message' AND name.value = ? AND direction = 'out' AND receiver = ?
                  AND message.kind NOT IN ('Acknowledgment', 'MessageError')
                """)
        guard let message = try MessageRecord.fetchOne(statement, arguments: [messageID, receiver]),
            let wire = try WireMessage.fetch(database, message: message.id)
        else { return nil }
        return (message, wire)
    }

    /// The stored Acknowledgment goes out once more: the partner would not repeat the message if the last one had arrived.
    private func sendReceiptAgain(for messageID: String, from sender: HERID) async throws {
        let now = clock.now()
        let destination = registry.destination(of: sender)
        try await store.commit { database in
            let signals = try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM message WHERE direction = 'out' AND kind = 'Acknowledgment'
                      AND answers IN (SELECT message FROM received WHERE messageID = ? AND sender = ?)
                    """, arguments: [messageID, sender.value])
            for signal in signals {
                // One that was sent has not followed its partner to a new address: nothing was due then.
                try database.execute(
                    sql: "UPDATE message SET destination = ? WHERE id = ? AND endpoint IS NULL AND leasedBy IS NULL",
                    arguments: [destination, signal])
                try Ledger.apply(.askedAgain, to: signal, at: now, by: .node, in: database)
            }
        }
        bell.ring(destination)
    }

    // MARK: - Storing

    private func stored(_ entry: InboxEntry, _ opened: OpenedMessage, at now: Date) async throws -> [Transition] {
        guard let notice = opened.notice else { return try await store.commit { try entry.insert($0) } }
        return try await notices.keep(entry, opened, notice, at: now)
    }

    private func keep(_ opened: OpenedMessage, _ receipt: SignedEnvelope, at now: Date) async throws -> ExchangeReply {
        var filesItself = false
        if !opened.isAppRec, case .folder = filing.mode(for: opened.receiver) { filesItself = true }
        let sender = registry.destination(of: opened.sender)
        let entry = InboxEntry(
            opened, receipt: receipt, sender: sender, filesItself: filesItself, deadlines: store.deadlines,
            answerDays: notices.answerDays, at: now)
        if planted == .acknowledgesBeforeCommit {
            store.writer.begin({ try entry.insert($0) }, answer: { _ in })
            return try reply(signal: receipt.soap)
        }
        do {
            for change in try await stored(entry, opened, at: now) {
                onOpened(change.message, change.step)
                logger.notice(
                    "Message moved on",
                    metadata: [
                        LogKey.message: "\(change.message.messageID)", LogKey.state: "\(change.message.state.rawValue)",
                        LogKey.step: "\(change.step.what)",
                    ])
            }
            let messageID = opened.verified.header.messageData.messageID
            for deviation in opened.deviations {
                logger.info("Read all the same", metadata: [LogKey.message: "\(messageID)", LogKey.deviation: "\(deviation)"])
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            // The same message came twice at once; the other one is stored and its answer is the answer.
            opened.discard(from: store.vault)
            let before = try store.look { try repeated(opened.verified, from: opened.sender, in: $0) }
            if let before { return try reply(signal: before.receipt) }
            throw error
        }
        bell.isAlive(sender)
        if opened.agreement.signals == .separate {
            bell.ring(sender)
            return ExchangeReply(status: 202)
        }
        return try reply(signal: receipt.soap)
    }
}

extension OpenedMessage {
    var isAppRec: Bool { appRec != nil }
}
