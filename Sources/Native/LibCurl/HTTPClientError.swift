/// Why an outgoing HTTP call brought no answer.
///
/// `reason` is for our log: it names the host and libcurl's own words, never a path, a header or content.
package struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The call breaks our own rules: not https, a header that would split, user names in the address.
        case requestRefused
        /// Our own certificates or key cannot be read.
        case misconfigured
        /// No connection was made: name, route, port.
        case unreachable
        /// A deadline ran out. The peer may have taken everything, a part or nothing.
        case timedOut
        /// No trust, so nothing of the body was sent. ``HTTPClientError/refusal`` says why.
        case tlsRefused
        /// The connection broke after it was made. The peer may have taken everything, a part or nothing.
        case interrupted
        /// The answer is longer than was allowed.
        case answerTooLarge
        /// Our own source of the body failed, or gave another number of bytes than promised.
        case bodyFailed
        /// What answered does not speak HTTP.
        case protocolError
        /// ``HTTPClient/cancel()`` was called.
        case cancelled
    }

    /// What TLS did not like about the peer.
    package enum TLSRefusal: String, Sendable, CaseIterable {
        case untrusted, wrongName, expired, notYetValid, revoked
        /// No list at hand says whether it is revoked. Unknown is not refused: a newer list may say.
        case revocationUnknown
        /// No common version or cipher, an alert, or a connection that broke during the handshake.
        case handshake
    }

    package let code: Code
    package let reason: String
    package let refusal: TLSRefusal?

    package init(_ code: Code, reason: String, refusal: TLSRefusal? = nil) {
        (self.code, self.reason, self.refusal) = (code, reason, refusal)
    }

    /// Whether the same call may succeed later without anyone changing anything here.
    package var isTemporary: Bool {
        switch code {
        case .unreachable, .timedOut, .interrupted, .cancelled: true
        case .tlsRefused: refusal == .handshake || refusal == .revocationUnknown
        case .requestRefused, .misconfigured, .answerTooLarge, .bodyFailed, .protocolError: false
        }
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code && lhs.refusal == rhs.refusal }

    package var description: String { "\(code.rawValue): \(reason)" }
}
