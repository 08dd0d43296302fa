import Envelope

/// What one attempt came to.
enum DeliveryOutcome: Sendable {
    /// The receiver's node has the message on its disk: its signed Acknowledgment was checked against what was sent.
    case acknowledged(DeliveryReceipt)
    /// Taken without an Acknowledgment in the answer; it comes as a message of its own.
    case handedOver
    /// A signed MessageError of severity Error. Final.
    case refused(reason: String, evidence: [UInt8])
    /// Anything else. Nothing is known to have failed for good; the same bytes go out again.
    case postponed(reason: String, after: Duration?)
}
