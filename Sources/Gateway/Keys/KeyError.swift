/// Why a key, a certificate of our own or the configured trust cannot be used. One line, which names the file, the party and
/// the remedy; never anything of the key.
public struct KeyError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case missing, unreadable
        /// The file is a folder, a device, a pipe.
        case notRegular
        /// The file belongs to another user.
        case owner
        /// Others may read or write the file.
        case permissions
        case malformed
        /// The certificate is for another key.
        case mismatch
        case usage, expired, notYetValid, organisation, untrusted, revoked
        /// Nobody can say now whether the certificate is revoked.
        case revocationUnknown
        /// The party is none of this node's.
        case notHosted
        case noRoots
    }

    public let code: Code
    public let file: String?
    public let party: HERID?
    public let reason: String
    public let remedy: String

    public init(_ code: Code, file: String? = nil, party: HERID? = nil, reason: String, remedy: String) {
        (self.code, self.file, self.party, self.reason, self.remedy) = (code, file, party, reason, remedy)
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    public var description: String {
        let place = [party.map { "party \($0)" }, file].compactMap(\.self).joined(separator: ": ")
        return (place.isEmpty ? "" : "\(place) ") + "\(reason); \(remedy)"
    }
}
