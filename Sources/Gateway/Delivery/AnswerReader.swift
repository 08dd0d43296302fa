import Envelope
import Foundation
import Native

/// Reads what came back in the HTTP response to a message. Only what is signed by the receiver decides anything.
struct AnswerReader: Sendable {
    let trust: PartnerTrust
    let registry: Registry

    func read(_ answer: HTTPAnswer, to message: MessageRecord, sent: WireMessage, at now: Date) -> DeliveryOutcome {
        if let code = DeliveryError.code(httpStatus: answer.status) {
            return .failed(
                code, "the receiving node answered HTTP \(answer.status)",
                patience: answer.retryAfter.map { RetrySchedule.patience(with: $0) })
        }
        if answer.body.isEmpty { return .handedOver }
        do {
            return try read(Self.message(in: answer), to: message, sent: sent, at: now)
        } catch {
            return .failed(.answerUnreadable, "the answer cannot be read: \(error)")
        }
    }

    /// What an HTTP answer carries.
    static func message(in answer: HTTPAnswer) throws -> UnverifiedMessage {
        var fields = [MIMEHeaders.Field(name: "Content-Type", value: answer.contentType ?? "text/xml")]
        if let encoding = answer.transferEncoding {
            fields.append(MIMEHeaders.Field(name: "Content-Transfer-Encoding", value: encoding))
        }
        var reader = try IncomingMessageReader(headers: MIMEHeaders(fields))
        _ = try reader.consume(answer.body)
        return try reader.finish()
    }

    /// A signal that is about `message`, whichever way it came.
    func read(_ signal: UnverifiedMessage, to message: MessageRecord, sent: WireMessage, at now: Date) -> DeliveryOutcome {
        do {
            guard let receiver = HERID(message.receiver), let sender = HERID(message.sender) else {
                return .failed(.receiverUnknown, "the stored message names no parties")
            }
            guard signal.isSigned else {
                return .failed(
                    .answerUnsigned, "the answer is not signed, so it decides nothing: \(Self.words(signal.claimed.content))")
            }
            let agreement = try registry.agreement(between: sender, and: receiver)
            let policy: SignaturePolicy = agreement.acceptsLegacySHA1 ? .legacy : .strict
            let signer = try trust.trusted(receiver, presentingDER: try signal.claimedCertificateDER(), at: now)
            let verified = try SignatureVerifier.verify(signal, signedBy: signer, policy: policy)
            switch verified.content {
            case .acknowledgment:
                let receipt = try ReceiptCheck.check(verified, against: sent.envelope())
                // Old systems repeat no reference; one that can do `strong` does, and its receipt must say what it is for.
                guard receipt.provesContent || agreement.protection == .national else {
                    return .failed(.answerElsewhere, "the Acknowledgment does not say which bytes it is for")
                }
                return .acknowledged(receipt)
            case .error(let list):
                guard try Self.answers(verified, sent, message) else {
                    return .failed(.answerElsewhere, "the answer is about another message")
                }
                return .failed(DeliveryError(list), evidence: verified.evidence)
            case .payload, .ping, .pong:
                return .failed(.answerElsewhere, "the answer is a message, not a receipt")
            }
        } catch {
            return .failed(.answerUntrusted, "the answer cannot be trusted: \(error)")
        }
    }

    /// Whether a MessageError is an answer to what was sent: same exchange, parties swapped. Its MessageId alone could be
    /// repeated to the receiver by anyone who had seen it.
    private static func answers(_ error: VerifiedMessage, _ sent: WireMessage, _ message: MessageRecord) throws -> Bool {
        let header = try sent.envelope().header
        return error.refToMessageID == message.messageID && error.header.from.matches(header.to)
            && error.header.to.matches(header.from) && error.header.cpaID == header.cpaID
            && error.header.conversationID == header.conversationID
    }

    /// The codes of an error list. Its free text stays out: it may hold anything.
    private static func words(_ content: EbXMLMessage.Content) -> String {
        switch content {
        case .error(let list): list.errors.map { $0.code?.rawValue ?? "an unknown code" }.joined(separator: ", ")
        case .acknowledgment: "Acknowledgment"
        case .payload, .ping, .pong: "a message"
        }
    }
}
