import Envelope
import Foundation
import Logging

/// What other nodes are told.
extension ReceivingDesk {
    func reply(signal soap: [UInt8]) throws -> ExchangeReply {
        let layout = MessageLayout(signal: soap, encoding: .binary)
        return ExchangeReply(
            status: 200, contentType: layout.contentType, soapAction: "ebXML", body: try layout.encoded(parts: []))
    }

    /// A MessageError when the message is for one of ours; a SOAP Fault when it cannot be tied to a party here. What the other
    /// side learns follows from the code alone.
    ///
    /// - Parameter isProved: whether the sender's signature holds. Only then is the answer signed: nobody gets our party's
    ///   signature by writing its partners' names into a header.
    func refusal(
        of message: UnverifiedMessage, _ error: EnvelopeError, isProved: Bool, at now: Date
    ) -> ExchangeReply {
        let header = message.claimedHeader
        logger.warning(
            "Message refused",
            metadata: [
                LogKey.message: "\(header.messageData.messageID.prefix(64))",
                LogKey.sender: "\(header.from.herID?.prefix(16) ?? "none")",
                LogKey.code: "\(error.code.rawValue)", LogKey.reason: "\(error)",
            ])
        guard let receiver = header.to.herID.flatMap({ HERID($0) }), let identity = try? keys.signing(for: receiver) else {
            return soapFault(error.code.ebXML)
        }
        do {
            let list = ErrorList(answering: error)
            let soap =
                isProved
                ? try EnvelopeSealer.report(
                    list, about: header, messageID: ids.next(), at: now, description: description, with: identity
                ).soap
                : try EnvelopeSealer.reportUnsigned(
                    list, about: header, messageID: ids.next(), at: now, description: description)
            return try reply(signal: soap)
        } catch {
            return soapFault(.unknown)
        }
    }

    func fault(_ error: EnvelopeError, _ exchange: InboundExchange) -> ExchangeReply {
        logger.warning(
            "Request refused",
            metadata: [
                LogKey.remote: "\(exchange.remoteAddress ?? "unknown")", LogKey.code: "\(error.code.rawValue)",
                LogKey.reason: "\(error)",
            ])
        return soapFault(error.code.ebXML)
    }

    func soapFault(_ code: EbXMLErrorCode) -> ExchangeReply {
        ExchangeReply(status: 500, contentType: "text/xml; charset=UTF-8", soapAction: "ebXML", body: SOAPFault.server(code))
    }

    /// Something here does not work now. The sender keeps the message and tries again.
    func unavailable(_ error: any Error) -> ExchangeReply {
        logger.error("Message not taken now", metadata: [LogKey.reason: "\(error)"])
        return ExchangeReply(status: 503, retryAfterSeconds: 30)
    }
}

extension EnvelopeError {
    /// What another node is told about a party that our registry does not let through.
    init(refusing error: RegistryError) {
        switch error.code {
        case .unknownParty, .inactive, .noEndpoint, .noCertificate, .noCommonProtection:
            self.init(.agreementUnknown, reason: error.description, place: "From/PartyId")
        case .fileUnreadable, .malformed, .duplicate, .unknownParent, .parentLoop, .invalidValue, .certificate, .untrusted,
            .revocationUnknown:
            self = error.underlying ?? EnvelopeError(.certificateUntrusted, reason: error.description)
        }
    }
}
