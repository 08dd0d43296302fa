import Foundation
import Native

/// Makes the signed SOAP part of everything we send. Resending repeats the bytes: a message is sealed once.
public enum EnvelopeSealer {
    /// A payload message.
    ///
    /// - Throws: `.manifestMalformed` without parts or with one part twice; `.headerMalformed` for a header that we would not
    ///   read ourselves; `.keyMalformed` when the key cannot sign.
    public static func seal(
        _ header: MessageHeader, ackRequested: AckRequested? = AckRequested(signed: true), syncReply: SyncReply? = nil,
        parts: [SealedPart], with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedEnvelope {
        let manifest = try Manifest(parts.map { ManifestReference($0.contentID, role: $0.role) })
        let message = EbXMLMessage(header: header, content: .payload(manifest), ackRequested: ackRequested, syncReply: syncReply)
        return try sign(message, .ebXML, parts, identity)
    }

    /// The receipt for a message: parties swapped, same agreement and conversation, and the message's own signed references as
    /// proof of what was received. It goes out after the message is durable.
    ///
    /// - Parameters:
    ///   - messageID: of the receipt.
    ///   - receivedAt: when the message became durable; also the receipt's own timestamp.
    ///   - auditHead: of the receiver's audit trail, for a partner who is to keep it.
    /// - Throws: `.headerMalformed` for a signal: those are never acknowledged.
    public static func acknowledge(
        _ message: VerifiedMessage, messageID: String, at receivedAt: Date, description: SystemDescription? = nil,
        auditHead: AuditHead? = nil, with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedEnvelope {
        guard case .payload = message.content else {
            throw EnvelopeError(.headerMalformed, reason: "a signal is never acknowledged")
        }
        let timestamp = EbXMLTimestamp(receivedAt)
        // RefToMessageId stands in the Acknowledgment alone: the profile's errata keep it out of MessageData.
        let header = message.header.answered(
            by: SignalAction.acknowledgment, MessageData(messageID: messageID, timestamp: timestamp), description)
        let acknowledgment = Acknowledgment(
            timestamp: timestamp, refToMessageID: message.messageID, references: message.references,
            auditHead: auditHead)
        return try sign(EbXMLMessage(header: header, content: .acknowledgment(acknowledgment)), .ebXMLSignal, [], identity)
    }

    /// The refusal of a message.
    ///
    /// - Parameters:
    ///   - header: of the refused message. It may be no more than a claim, so send the answer to the address that our own
    ///     registry has for that party, never to where the message came from.
    ///   - messageID: of the refusal.
    /// - Throws: `.headerMalformed` for the header of a signal: those are never answered with an error.
    public static func report(
        _ errors: ErrorList, about header: MessageHeader, messageID: String, at timestamp: Date,
        description: SystemDescription? = nil, with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedEnvelope {
        try sign(
            refusal(errors, about: header, messageID: messageID, at: timestamp, description), .ebXMLSignal, [], identity)
    }

    /// The question whether the other node is there and takes our signature. ebMS 2.0 §8.1. It carries no payload.
    ///
    /// - Parameters:
    ///   - from, to: as in a message between the two.
    ///   - messageID: also the conversation's id, since nothing else belongs to it.
    public static func ping(
        from: Party, to: Party, cpaID: String, messageID: String, at timestamp: Date, description: SystemDescription? = nil,
        with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedEnvelope {
        let header = MessageHeader(
            from: from, to: to, cpaID: cpaID, conversationID: messageID, service: .signal, action: SignalAction.ping,
            messageData: MessageData(messageID: messageID, timestamp: EbXMLTimestamp(timestamp)), duplicateElimination: false,
            description: description)
        return try sign(EbXMLMessage(header: header, content: .ping, syncReply: SyncReply()), .ebXMLSignal, [], identity)
    }

    /// The answer to a ping: it tells whoever asked that this node verified the question, and nothing else.
    ///
    /// - Throws: `.headerMalformed` for anything but a ping.
    public static func pong(
        _ ping: VerifiedMessage, messageID: String, at timestamp: Date, description: SystemDescription? = nil,
        with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedEnvelope {
        guard case .ping = ping.content else {
            throw EnvelopeError(.headerMalformed, reason: "only a Ping is answered with a Pong")
        }
        let data = MessageData(
            messageID: messageID, timestamp: EbXMLTimestamp(timestamp), refToMessageID: ping.messageID)
        let header = ping.header.answered(by: SignalAction.pong, data, description)
        return try sign(EbXMLMessage(header: header, content: .pong), .ebXMLSignal, [], identity)
    }

    /// The refusal of a message of which nobody knows who sent it, without a signature. It proves nothing to anybody.
    ///
    /// - Throws: `.headerMalformed` for the header of a signal.
    public static func reportUnsigned(
        _ errors: ErrorList, about header: MessageHeader, messageID: String, at timestamp: Date,
        description: SystemDescription? = nil
    ) throws(EnvelopeError) -> [UInt8] {
        try refusal(errors, about: header, messageID: messageID, at: timestamp, description).encoded
    }

    private static func refusal(
        _ errors: ErrorList, about header: MessageHeader, messageID: String, at timestamp: Date,
        _ description: SystemDescription?
    ) throws(EnvelopeError) -> EbXMLMessage {
        guard !header.service.isSignal else {
            throw EnvelopeError(.headerMalformed, reason: "a signal is never answered with an error")
        }
        let data = MessageData(
            messageID: messageID, timestamp: EbXMLTimestamp(timestamp), refToMessageID: header.messageID)
        return EbXMLMessage(header: header.answered(by: SignalAction.messageError, data, description), content: .error(errors))
    }

    private static func sign(
        _ message: EbXMLMessage, _ form: SignatureForm, _ parts: [SealedPart], _ identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedEnvelope {
        try message.checkReadable()
        let (envelope, offset) = message.draft()
        // The signature's URI is spelled as the Manifest's.
        let signed = parts.map { SignedPart(contentID: String($0.contentID.uri.dropFirst(4)), sha256: $0.sha256) }
        let document = try XMLSignature.sign(
            envelope, insertingAt: offset, amid: EbXMLMessage.namespaces, covering: form, parts: signed, with: identity)
        guard document.bytes.count <= XMLDocument.ebXMLLimits.bytes else {
            throw EnvelopeError(.headerMalformed, reason: "the message is larger than we would read", place: "Envelope")
        }
        return SignedEnvelope(made: document, of: message.header)
    }
}
