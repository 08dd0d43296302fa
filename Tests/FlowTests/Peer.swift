import Envelope
import Foundation
import Gateway
import Synchronization
import TestSupport

/// Stands in the place of a node: keeps what it is sent and answers as it is told. The last answer is given again and again.
final class Peer: ExchangeReceiver {
    typealias Reply = @Sendable (Exchange) throws -> ExchangeReply

    private let state: Mutex<(replies: [Reply], received: [Exchange])>

    init(_ replies: [Reply]) { state = Mutex((replies, [])) }

    var received: [Exchange] { state.withLock(\.received) }

    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply {
        var bytes: [UInt8] = []
        do { for try await piece in body { bytes += piece } } catch { return ExchangeReply(status: 400) }
        let taken = Exchange(contentType: exchange.contentType ?? "", body: bytes)
        let reply = state.withLock { state -> Reply? in
            state.received.append(taken)
            return state.replies.count > 1 ? state.replies.removeFirst() : state.replies.first
        }
        return (try? reply?(taken)) ?? ExchangeReply(status: 599)
    }
}

/// Answers, right and wrong, to a message from the GP to BUP.
enum Replies {
    static let unavailable: Peer.Reply = { _ in ExchangeReply(status: 503, retryAfterSeconds: 30) }
    static let acknowledgment: Peer.Reply = { try signal(acknowledge($0).soap) }

    /// The receipt that BUP would give.
    static func acknowledge(_ exchange: Exchange, by signer: String = "314000013/p256/signing") throws -> SignedEnvelope {
        let verified = try SignatureVerifier.verify(
            exchange.unverified(), signedBy: try TestKeys.signing("314000005/p256/signing"))
        return try EnvelopeSealer.acknowledge(
            verified, messageID: UUID().uuidString.lowercased(), at: TestPKI.now, with: try TestKeys.identity(signer))
    }

    /// A refusal as BUP would give it.
    static func refuse(
        _ exchange: Exchange, as code: EbXMLErrorCode = .securityFailure, by signer: String = "314000013/p256/signing"
    ) throws -> SignedEnvelope {
        try EnvelopeSealer.report(
            ErrorList(EbXMLError(code: code, severity: .error)), about: try exchange.unverified().claimedHeader,
            messageID: UUID().uuidString.lowercased(), at: TestPKI.now, with: try TestKeys.identity(signer))
    }

    static func signal(_ soap: [UInt8]) -> ExchangeReply {
        ExchangeReply(status: 200, contentType: "text/xml; charset=UTF-8", soapAction: "ebXML", body: soap)
    }

    /// The same without its signature.
    static func unsigned(_ soap: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: soap, as: UTF8.self)
        guard let start = text.firstRange(of: "<ds:Signature "), let end = text.firstRange(of: "</ds:Signature>") else {
            throw TestPKIError(description: "there is no signature")
        }
        return Array((text[..<start.lowerBound] + text[end.upperBound...]).utf8)
    }
}
