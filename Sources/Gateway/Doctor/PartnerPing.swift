import Envelope
import Foundation
import Native

/// What came of asking a partner's node whether it is there.
public struct PingResult: Sendable, Hashable, Codable {
    public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        /// A Pong signed by the party: it is there, it trusts our signature, and we trust its.
        case answered
        /// A signed answer of that party, but no Pong: its system does not know the question.
        case unknownThere
        /// Something answered, but nothing that the party signed about this question.
        case notProved
        /// Nobody answered.
        case unreachable
        /// It could not be asked: no endpoint, no agreement, no usable certificate.
        case notAsked
    }

    public let party: String
    public let name: String
    public let endpoint: String?
    public let outcome: Outcome
    /// From the question to its answer; nil when none came.
    public let milliseconds: Int?
    /// What was found when it was not `answered`.
    public let reason: String?
}

extension Node {
    /// Asks a partner whether it is there: a real message, signed by one of ours, that carries nothing. ebMS 2.0 §8.1.
    ///
    /// - Parameter sender: the party that asks; nil takes the first that this node hosts.
    public func ping(_ receiver: HERID, from sender: HERID? = nil) async -> PingResult {
        let name = (try? registry.party(receiver))?.name ?? ""
        let endpoint = try? registry.endpoint(for: receiver)
        func result(_ outcome: PingResult.Outcome, _ milliseconds: Int? = nil, _ reason: String? = nil) -> PingResult {
            PingResult(
                party: receiver.value, name: name, endpoint: endpoint, outcome: outcome, milliseconds: milliseconds,
                reason: reason)
        }
        let question: PingQuestion
        do { question = try self.question(to: receiver, from: sender) } catch { return result(.notAsked, nil, "\(error)") }
        let begun = ContinuousClock.now
        do {
            let (outcome, reason) = try await transport.post {
                question.post
            } reading: { [trust, clock] answer in
                question.read(answer, trust: trust, at: clock.now())
            }
            let taken = begun.duration(to: .now)
            return result(outcome, Int((taken.seconds * 1000).rounded()), reason)
        } catch {
            return result(.unreachable, nil, "\(error)")
        }
    }

    private func question(to receiver: HERID, from asked: HERID?) throws -> PingQuestion {
        let sender = asked ?? keys.parties[0]
        let agreement = try registry.agreement(between: sender, and: receiver)
        let envelope = try EnvelopeSealer.ping(
            from: registry.headerParty(sender, under: agreement, role: nil),
            to: registry.headerParty(receiver, under: agreement, role: nil), cpaID: agreement.cpaID, messageID: ids.next(),
            at: clock.now(), description: MSGGW.description, with: keys.signing(for: sender))
        let layout = MessageLayout(signal: envelope.soap, encoding: .binary)
        return PingQuestion(
            envelope: envelope, headers: layout.headers, body: try layout.encoded(parts: []), receiver: receiver,
            agreement: agreement, endpoint: try registry.endpoint(for: receiver),
            connectTime: settings.delivery.connectTime)
    }
}

/// A ping as it goes out, and what its answer must be.
struct PingQuestion: Sendable {
    let envelope: SignedEnvelope
    let headers: [MIMEHeaders.Field]
    let body: [UInt8]
    let receiver: HERID
    let agreement: Agreement
    let endpoint: String
    let connectTime: Duration

    var post: HTTPPost {
        var post = HTTPPost(url: endpoint, headers: headers.map { ($0.name, $0.value) }, bytes: body)
        post.timeouts = HTTPTimeouts(connect: connectTime, stalled: .seconds(20), total: .seconds(30))
        return post
    }

    /// Only what the asked party signed counts as its answer.
    func read(_ answer: HTTPAnswer, trust: PartnerTrust, at now: Date) -> (PingResult.Outcome, String?) {
        guard (200..<300).contains(answer.status) else { return (.notProved, "it answered HTTP \(answer.status)") }
        guard !answer.body.isEmpty else { return (.notProved, "it took the question and gave no answer with it") }
        do {
            let signal = try AnswerReader.message(in: answer)
            guard signal.isSigned else { return (.notProved, "the answer is not signed") }
            let signer = try trust.trusted(receiver, presentingDER: try signal.claimedCertificateDER(), at: now)
            let verified = try SignatureVerifier.verify(
                signal, signedBy: signer, policy: agreement.acceptsLegacySHA1 ? .legacy : .strict)
            let asked = envelope.header
            guard verified.refToMessageID == asked.messageID, verified.header.from.matches(asked.to),
                verified.header.to.matches(asked.from), verified.header.cpaID == asked.cpaID
            else { return (.notProved, "the answer is about something else") }
            switch verified.content {
            case .pong: return (.answered, nil)
            case .error(let list):
                let codes = list.errors.map { $0.code?.rawValue ?? "an unknown code" }.joined(separator: ", ")
                return (.unknownThere, "it answered \(codes)")
            case .payload, .acknowledgment, .ping: return (.notProved, "the answer is no Pong")
            }
        } catch {
            return (.notProved, "the answer cannot be trusted: \(error)")
        }
    }
}
