/// Proof that the receiver's node has a message of ours.
public struct DeliveryReceipt: Sendable, Hashable {
    /// Of our message.
    public let messageID: String
    /// Of the Acknowledgment.
    public let receiptID: String
    /// When the receiver says it has taken the message.
    public let receivedAt: EbXMLTimestamp
    public let signer: Certificate
    /// Whether the receipt repeats the digest of what was sent. Without it the receipt only shows that the receiver knows the
    /// message's identifier, which an agreement may find too little.
    public let provesContent: Bool
    /// The Acknowledgment as it was verified.
    public let evidence: [UInt8]
    public let deviations: [Deviation]
}

/// Holds an Acknowledgment against what was sent. ebMS 2.0 §6.3.2; transport profile on non-repudiation of receipt.
public enum ReceiptCheck {
    /// - Parameters:
    ///   - receipt: verified with the certificate of the party we sent to.
    ///   - sent: the message that ``VerifiedMessage/refToMessageID`` names.
    /// - Throws: `.receiptMismatch` when it is no Acknowledgment, is about another message, comes from another party, or proves
    ///   other bytes than ours. The message then stays unconfirmed.
    public static func check(
        _ receipt: VerifiedMessage, against sent: SignedEnvelope
    ) throws(EnvelopeError) -> DeliveryReceipt {
        guard case .acknowledgment(let acknowledgment) = receipt.content else { throw mismatch("it is no Acknowledgment") }
        guard acknowledgment.refToMessageID == sent.header.messageID else { throw mismatch("it is about another message") }
        let log = DeviationLog()
        try checkHeader(receipt.header, sent.header, log)
        if let from = acknowledgment.from, !from.matches(sent.header.to) {
            throw mismatch("its From is not the party we sent to")
        }
        try checkReferences(acknowledgment.references, sent.references, log)
        return DeliveryReceipt(
            messageID: sent.header.messageID, receiptID: receipt.messageID, receivedAt: acknowledgment.timestamp,
            signer: receipt.signer, provesContent: !acknowledgment.references.isEmpty, evidence: receipt.evidence,
            deviations: receipt.deviations + log.deviations)
    }

    private static func checkHeader(_ header: MessageHeader, _ sent: MessageHeader, _ log: DeviationLog) throws(EnvelopeError) {
        guard header.from.matches(sent.to), header.to.matches(sent.from) else {
            throw mismatch("its parties are not ours, swapped")
        }
        guard header.conversationID == sent.conversationID else { throw mismatch("it is of another conversation") }
        guard header.cpaID == sent.cpaID else { throw mismatch("it is under another agreement") }
        guard let reference = header.messageData.refToMessageID else { return }
        guard reference == sent.messageID else { throw mismatch("its MessageData is about another message") }
        log.note("RefToMessageId stands in MessageData too", at: "MessageData", .note)
    }

    /// Every reference it repeats must be one of ours with our digest, and the one to the SOAP part must be among them: it
    /// covers the Manifest, and our signature ties the payload's digests to it. Repeating none at all is read and reported.
    private static func checkReferences(
        _ copied: [SignedReference], _ sent: [SignedReference], _ log: DeviationLog
    ) throws(EnvelopeError) {
        for reference in copied {
            guard let ours = sent.first(where: { same($0.uri, reference.uri) }) else {
                throw mismatch("it names a part we did not send")
            }
            guard ours.digestAlgorithm == reference.digestAlgorithm, ours.digest == reference.digest else {
                throw mismatch("a digest is not that of what we sent")
            }
        }
        guard !copied.isEmpty else {
            return log.note("it repeats no reference, so it proves no content", at: "Acknowledgment")
        }
        guard copied.contains(where: \.uri.isEmpty) else { throw mismatch("it does not repeat the reference to the message") }
        if copied.count < sent.count { log.note("not all references are repeated", at: "Acknowledgment") }
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        if left.isEmpty || right.isEmpty { return left == right }
        guard let left = try? ContentID(uri: left), let right = try? ContentID(uri: right) else { return false }
        return left == right
    }

    private static func mismatch(_ reason: String) -> EnvelopeError { EnvelopeError(.receiptMismatch, reason: reason) }
}
