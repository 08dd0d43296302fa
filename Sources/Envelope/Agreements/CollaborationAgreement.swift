import Foundation
import Native

/// What two parties agreed on: who may send what to whom, where to and with which certificates. CPPA 2.0 (CPA).
///
/// The agreements in service are not valid against their schema (identifiers stand several times, durations are of the wrong
/// type), so they are read leniently; what is ambiguous about a certificate is refused.
public struct CollaborationAgreement: Sendable, Hashable {
    public let cpaID: String
    /// `proposed` even when it is in use.
    public let status: String?
    public let start: Date?
    public let end: Date?
    /// Two.
    public let parties: [AgreementParty]
    public let deviations: [Deviation]

    /// - Throws: `.agreementMalformed`; for bytes that are no XML `.xmlMalformed` or `.xmlRefused`.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        guard let agreement = try Self.read(bytes) else {
            throw EnvelopeError(.agreementMalformed, reason: "the answer says that there is no agreement")
        }
        self = agreement
    }

    /// Reads an agreement, bare or in the answer of the registry. nil when the answer is `nil`: there is none.
    public static func read(_ bytes: [UInt8]) throws(EnvelopeError) -> CollaborationAgreement? {
        guard let root = try AgreementElement.root("CollaborationProtocolAgreement", parsing: bytes) else { return nil }
        return try CollaborationAgreement(root)
    }

    private init(_ root: AgreementElement) throws(EnvelopeError) {
        cpaID = try root.required("cpaid")
        status = root.child("Status")?.attribute("value")
        (start, end) = (try root.time("Start"), try root.time("End"))
        let packagings = try AgreementPackaging.all(in: root)
        var parties: [AgreementParty] = []
        for party in root.children("PartyInfo") { parties.append(try AgreementParty(party, packagings)) }
        guard parties.count == 2, !parties[0].matches(parties[1]) else {
            throw root.malformed("an agreement has two parties, and this one has \(parties.count)")
        }
        self.parties = parties
        deviations = root.log.deviations
    }

    public func party(_ party: Party) -> AgreementParty? { parties.first { $0.matches(party) } }

    /// Both ends are inclusive; an end that is not stated is open.
    public func isInForce(at time: Date) -> Bool {
        (start.map { $0 <= time } ?? true) && (end.map { time <= $0 } ?? true)
    }

    /// What was agreed for a message: the sender may send it and the receiver may receive it, in the header's roles.
    ///
    /// Service and action are compared without regard to case, since registries spell them both ways. nil when the message is
    /// not covered; for signals ask ``party(_:)``.
    public func terms(for header: MessageHeader) -> AgreementTerms? {
        guard header.cpaID == cpaID, let sender = party(header.from), let receiver = party(header.to), sender != receiver,
            let sending = sender.find(header.service, header.action, role: header.from.role, among: \.canSend),
            let receiving = receiver.find(header.service, header.action, role: header.to.role, among: \.canReceive)
        else { return nil }
        return AgreementTerms(
            sender: sender, senderRole: sending.role, sending: sending.action, receiver: receiver, receiverRole: receiving.role,
            receiving: receiving.action)
    }

    public func allows(_ header: MessageHeader) -> Bool { terms(for: header) != nil }
}

/// What an agreement says about one message.
public struct AgreementTerms: Sendable, Hashable {
    public let sender: AgreementParty
    public let senderRole: AgreementRole
    public let sending: AgreementAction
    public let receiver: AgreementParty
    public let receiverRole: AgreementRole
    public let receiving: AgreementAction

    /// With what the sender signs it.
    public var signingCertificate: Certificate? { sending.channel?.signingCertificate }
    /// For whom it is encrypted.
    public var encryptionCertificate: Certificate? { receiverRole.encryptionCertificate }
    /// Where it goes.
    public var endpoint: AgreementEndpoint? { receiving.channel?.endpoint }
}

/// What one party can do. CPPA 2.0 (CPP).
public struct CollaborationProfile: Sendable, Hashable {
    public let cppID: String?
    public let party: AgreementParty
    public let deviations: [Deviation]

    /// - Throws: `.agreementMalformed`; for bytes that are no XML `.xmlMalformed` or `.xmlRefused`.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        guard let profile = try Self.read(bytes) else {
            throw EnvelopeError(.agreementMalformed, reason: "the answer says that there is no profile")
        }
        self = profile
    }

    /// Reads a profile, bare or in the answer of the registry. nil when the answer is `nil`: there is none.
    public static func read(_ bytes: [UInt8]) throws(EnvelopeError) -> CollaborationProfile? {
        guard let root = try AgreementElement.root("CollaborationProtocolProfile", parsing: bytes) else { return nil }
        let parties = root.children("PartyInfo")
        guard parties.count == 1 else { throw root.malformed("a profile has one party, and this one has \(parties.count)") }
        let party = try AgreementParty(parties[0], AgreementPackaging.all(in: root))
        return CollaborationProfile(cppID: root.attribute("cppid"), party: party, deviations: root.log.deviations)
    }

    private init(cppID: String?, party: AgreementParty, deviations: [Deviation]) {
        (self.cppID, self.party, self.deviations) = (cppID, party, deviations)
    }
}
