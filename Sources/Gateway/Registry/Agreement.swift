import Envelope

/// How acknowledgments and errors come back.
public enum SignalRoute: String, Sendable, CaseIterable {
    /// In the response to the message itself.
    case synchronous
    /// As messages of their own to the sender's endpoint.
    case separate
}

/// What two parties have agreed on: the part of a CPA that decides how their messages look.
public struct Agreement: Sendable, Hashable {
    /// `CPAId` of the header.
    public let cpaID: String
    /// The two parties that were asked for, lower HER-id first.
    public let parties: [HERID]
    /// Messages are sent exactly so; what comes in weaker is refused.
    public let protection: PayloadProtection
    public let signals: SignalRoute
    /// Whether payloads in 3DES are still taken from this partner.
    public let acceptsTripleDES: Bool
    /// Whether signatures with SHA-1 are still taken from this partner.
    public let acceptsLegacySHA1: Bool
    /// `eb:type` of the party ids that we write.
    public let partyIDType: String
    /// In place of what the kind of message gives.
    public let service: String?
    public let action: String?
    /// In place of what the kind of message gives, by party.
    public let roles: [HERID: String]
    /// Whether it stands in the registry; otherwise it follows from what both can.
    public let isExplicit: Bool
}
