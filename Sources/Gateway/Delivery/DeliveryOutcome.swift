import Envelope

/// What one attempt came to.
enum DeliveryOutcome: Sendable {
    /// The receiver's node has the message on its disk: its signed Acknowledgment was checked against what was sent.
    case acknowledged(DeliveryReceipt)
    /// Taken without an Acknowledgment in the answer; it comes as a message of its own.
    case handedOver
    /// Not delivered; the same bytes go out again unless the error is permanent. `evidence` is the signed MessageError, if it
    /// was one.
    case failed(DeliveryError, evidence: [UInt8]?)

    static func failed(_ code: DeliveryError.Code, _ reason: String, patience: Duration? = nil) -> DeliveryOutcome {
        .failed(DeliveryError(code, reason, patience: patience), evidence: nil)
    }

    /// What it shows of the destination.
    var finding: DeliveryQueue.Finding {
        switch self {
        case .acknowledged, .handedOver: .up
        case .failed(let error, _): error.finding
        }
    }

    /// Whether the receiver itself said so, by its signature.
    var isProved: Bool {
        switch self {
        case .acknowledged: true
        case .handedOver: false
        case .failed(_, let evidence): evidence != nil
        }
    }
}
