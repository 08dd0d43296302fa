import Envelope
import Native

/// Why an attempt did not deliver a message.
///
/// What happens next follows from the code alone, by the tables here; docs/DELIVERY.md shows them and a test compares.
struct DeliveryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What it means for the message.
    enum Class: String, Sendable, CaseIterable {
        /// The destination does not work now: it is waited for.
        case temporaryDestination
        /// This message cannot be delivered now: it is tried again by itself.
        case temporaryMessage
        /// The receiver will never take these bytes: nobody tries again.
        case permanent
        /// Tried again all the same, since others may mend it; but someone is told at once, and when trying ends it is held.
        case needsPerson
    }

    /// What it shows of the destination.
    enum Shows: String, Sendable, CaseIterable {
        case down, doubtful, up, nothing
    }

    enum Code: String, Sendable, CaseIterable {
        // Nobody answered
        case unreachable, timedOut, interrupted, notHTTP, tlsHandshake, tlsRevocationUnknown, tlsRefused, addressRefused
        case misconfigured, bodyFailed, cancelled
        // An HTTP status
        case busy, serverFault, notHere, refusedByServer
        // An answer that decides nothing
        case answerTooLarge, answerUnreadable, answerUnsigned, answerUntrusted, answerElsewhere, warning
        // A signed MessageError
        case errorForNow, errorForGood, errorOfAgreement
        // Before anything was sent
        case receiverUnknown, revocationUnknown, notSealedNow, receiverCertificate, ownKeys, cannotSeal, notShareable

        var meaning: (class: Class, shows: Shows, text: String) {
            switch self {
            case .unreachable: (.temporaryDestination, .down, "no connection: name, route or port")
            case .timedOut: (.temporaryDestination, .doubtful, "connected, then silence or too slow")
            case .interrupted: (.temporaryDestination, .doubtful, "the connection broke")
            case .notHTTP: (.temporaryDestination, .doubtful, "what answers does not speak HTTP")
            case .tlsHandshake: (.temporaryDestination, .down, "no TLS version or cipher in common, or an alert")
            case .tlsRevocationUnknown: (.temporaryDestination, .down, "no list says whether the TLS certificate is revoked")
            case .tlsRefused: (.needsPerson, .down, "TLS certificate untrusted, expired, revoked or of another name")
            case .addressRefused: (.needsPerson, .nothing, "the registry's address is none that may be called")
            case .misconfigured: (.needsPerson, .nothing, "our own TLS files cannot be used")
            case .bodyFailed: (.needsPerson, .nothing, "the stored bytes cannot be read")
            case .cancelled: (.temporaryMessage, .nothing, "this node stops; not counted as an attempt")
            case .busy: (.temporaryDestination, .down, "HTTP 429 or 503; `Retry-After` is honoured, at most an hour")
            case .serverFault: (.temporaryDestination, .doubtful, "HTTP 408, 425, or any other 5xx")
            case .notHere: (.needsPerson, .doubtful, "HTTP 3xx, 401, 403, 404, 405, 407, 410: a wrong address, or no access")
            case .refusedByServer: (.needsPerson, .nothing, "any other 4xx, such as 413: unsigned, so it ends nothing")
            case .answerTooLarge: (.temporaryDestination, .doubtful, "an answer longer than any receipt")
            case .answerUnreadable: (.temporaryMessage, .doubtful, "2xx with something that is no ebXML message")
            case .answerUnsigned: (.temporaryMessage, .doubtful, "2xx with an Acknowledgment or MessageError that nobody signed")
            case .answerUntrusted: (.temporaryMessage, .doubtful, "a signature that does not hold, or not the receiver's")
            case .answerElsewhere: (.temporaryMessage, .doubtful, "a signed answer that is about something else")
            case .warning: (.temporaryMessage, .up, "a signed MessageError of severity Warning")
            case .errorForNow: (.temporaryMessage, .up, "a signed MessageError that may pass")
            case .errorForGood: (.permanent, .up, "a signed MessageError about the message itself")
            case .errorOfAgreement: (.needsPerson, .up, "a signed MessageError about agreement, certificate or key")
            case .receiverUnknown: (.needsPerson, .nothing, "the registry has no such party, or no endpoint for it")
            case .revocationUnknown: (.temporaryMessage, .nothing, "no list says whether the receiver's certificate is revoked")
            case .notSealedNow: (.temporaryMessage, .nothing, "it cannot be sealed now")
            case .receiverCertificate: (.needsPerson, .nothing, "the receiver's certificate or agreement cannot be used")
            case .ownKeys: (.needsPerson, .nothing, "the sender's keys cannot be used")
            case .notShareable:
                (.needsPerson, .nothing, "it may not be shared now: consent is missing, withdrawn or over; held at once")
            case .cannotSeal: (.permanent, .nothing, "it can never be sealed: damaged, or the agreement became weaker")
            }
        }
    }

    let code: Code
    /// For our log and for operators. Names hosts and codes, never content.
    let reason: String
    /// What the peer asked for, already bounded.
    let patience: Duration?

    init(_ code: Code, _ reason: String, patience: Duration? = nil) {
        (self.code, self.reason, self.patience) = (code, reason, patience)
    }

    var `class`: Class { code.meaning.class }

    var description: String {
        switch code {
        case .errorForNow, .errorForGood, .errorOfAgreement: "refused by the receiving node: \(reason)"
        case .warning: "the receiving node warns: \(reason)"
        default: reason
        }
    }

    static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    var finding: DeliveryQueue.Finding {
        switch code.meaning.shows {
        case .down: .down(patience: patience)
        case .doubtful: .doubtful
        case .up: .up
        case .nothing: .nothing
        }
    }
}

// MARK: - Where they come from

extension DeliveryError {
    /// Any error that an attempt meets.
    init(_ error: any Error) {
        switch error {
        case let error as DeliveryError: self = error
        case let error as HTTPClientError: self.init(Self.code(error), "\(error)")
        case let error as RegistryError: self.init(error.isTemporary ? .revocationUnknown : .receiverUnknown, "\(error)")
        case let error as SealingError: self.init(Self.code(error.code), "\(error)")
        case is StoreError: self.init(.notSealedNow, "\(error)")
        default: self.init(.notSealedNow, "\(error)")
        }
    }

    static func code(_ error: HTTPClientError) -> Code {
        switch error.code {
        case .unreachable: .unreachable
        case .timedOut: .timedOut
        case .interrupted: .interrupted
        case .protocolError: .notHTTP
        case .answerTooLarge: .answerTooLarge
        case .requestRefused: .addressRefused
        case .misconfigured: .misconfigured
        case .bodyFailed: .bodyFailed
        case .cancelled: .cancelled
        case .tlsRefused:
            switch error.refusal {
            case .handshake, nil: .tlsHandshake
            case .revocationUnknown: .tlsRevocationUnknown
            case .untrusted, .wrongName, .expired, .notYetValid, .revoked: .tlsRefused
            }
        }
    }

    static func code(_ code: SealingError.Code) -> Code {
        switch code {
        case .tryLater: .notSealedNow
        case .receiver: .receiverCertificate
        case .keys: .ownKeys
        case .damaged, .weakened, .document, .envelope: .cannotSeal
        }
    }

    /// nil for 2xx.
    static func code(httpStatus status: Int) -> Code? {
        switch status {
        case 200..<300: nil
        case 429, 503: .busy
        case 408, 425, 500..<600: .serverFault
        case 300..<400, 401, 403, 404, 405, 407, 410: .notHere
        case 400..<500: .refusedByServer
        default: .answerUnreadable
        }
    }

    /// What a signed MessageError of severity Error says. ebMS 2.0 §4.2.3.4; a code that is not in its table is somebody's to
    /// look at.
    static func code(_ code: EbXMLErrorCode?) -> Code {
        switch code {
        // The same bytes may be taken tomorrow: a certificate or an agreement reaches a partner's registry late.
        case .securityFailure, .valueNotRecognized, nil: .errorOfAgreement
        case .deliveryFailure, .unknown: .errorForNow
        case .notSupported, .inconsistent, .otherXml, .timeToLiveExpired, .mimeProblem: .errorForGood
        }
    }

    /// A signed list as one error: the gravest of severity Error counts.
    init(_ list: ErrorList) {
        let words = list.errors.map { $0.code?.rawValue ?? "an unknown code" }.joined(separator: ", ")
        let codes = list.errors.filter { $0.severity == .error }.map { Self.code($0.code) }
        let gravest = [Code.errorForGood, .errorOfAgreement, .errorForNow].first { codes.contains($0) }
        self.init(gravest ?? .warning, words)
    }
}
