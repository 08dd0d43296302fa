import Envelope

/// Why the registry cannot be used, or why it cannot answer for a party.
public struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        // The file
        case fileUnreadable, malformed, duplicate, unknownParent, parentLoop, invalidValue, certificate
        // A question to it
        case unknownParty, inactive, noEndpoint, noCertificate, noCommonProtection
        /// The party's certificate is refused; `underlying` says why.
        case untrusted
        /// Nobody can say now whether the party's certificate is revoked: hold and ask again.
        case revocationUnknown
    }

    public let code: Code
    /// The registry's file, when the fault lies in it.
    public let file: String?
    public let party: HERID?
    /// The field of the party in the file: `certificates.signing`.
    public let field: String?
    /// Never holds the name of a person.
    public let reason: String
    public let underlying: EnvelopeError?

    public init(
        _ code: Code, file: String? = nil, party: HERID? = nil, field: String? = nil, reason: String,
        underlying: EnvelopeError? = nil
    ) {
        (self.code, self.file, self.party, self.field) = (code, file, party, field)
        (self.reason, self.underlying) = (reason, underlying)
    }

    /// Whether the same question may get another answer later, with nothing corrected in between.
    public var isTemporary: Bool {
        switch code {
        case .revocationUnknown: true
        case .fileUnreadable, .malformed, .duplicate, .unknownParent, .parentLoop, .invalidValue, .certificate, .unknownParty,
            .inactive, .noEndpoint, .noCertificate, .noCommonProtection, .untrusted:
            false
        }
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    public var description: String {
        let place = [file, party.map { "party \($0)" }].compactMap(\.self).joined(separator: ", ")
        let subject = field.map { $0.isEmpty ? "" : "\($0) " } ?? ""
        return (place.isEmpty ? "" : "\(place): ") + subject + reason + (underlying.map { " (\($0))" } ?? "")
    }
}
