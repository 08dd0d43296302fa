/// How far a message has come on this node.
///
/// Outgoing: `taken` → `sealed` → `delivered` → `accepted` or `rejected`; or `failed` when nobody will try again.
/// Incoming: `opened` → `filed`. Signals of their own: `sealed` → `sent`.
public enum MessageState: String, Sendable, CaseIterable, Codable {
    /// Out: the submission is on this node's disk.
    case taken
    /// Out: signed and encrypted; the bytes that go out are stored and never made again.
    case sealed
    /// Out: the receiver's node has it on disk and says so in a signed Acknowledgment.
    case delivered
    /// Out: the receiver's system says so in a positive AppRec.
    case accepted
    /// Out: the receiver's system refused it in a negative AppRec. Never the clinical rejection of a referral.
    case rejected
    /// Out: the receiving node refused it for good, or it cannot be sealed.
    case failed
    /// A signal that the other node has taken.
    case sent
    /// In: verified, decrypted, checked, on this node's disk, and acknowledged.
    case opened
    /// In: the receiving system or person has it.
    case filed
}
