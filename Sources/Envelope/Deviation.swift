/// Something a peer does differently from the profile that was read all the same. It is always reported, never hidden.
public struct Deviation: Sendable, Hashable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        /// Another spelling of the same thing.
        case note
        /// A weakness that partners should be asked to mend: SHA-1, 3DES, a schema error.
        case warning
    }

    public let severity: Severity
    /// What, in words for an operator. Never content of a document.
    public let what: String
    /// Where: element, header field or Content-ID.
    public let place: String

    public init(_ what: String, at place: String, severity: Severity = .note) {
        (self.what, self.place, self.severity) = (what, place, severity)
    }

    public var description: String { "\(place): \(what)" }
}
