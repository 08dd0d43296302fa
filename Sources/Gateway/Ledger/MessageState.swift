/// How far a message has come on this node.
///
/// Outgoing: `taken` → `sealed` → `delivered` → `accepted` or `rejected`; aside `held`, `cancelled`, `failed`.
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
    /// Out: nobody tries again by itself: the receiving node refused it for good, it cannot be sealed, or its time ran out.
    case failed
    /// Out: a person must act before anything more is done.
    case held
    /// Out: a person took it back before it was known to have arrived.
    case cancelled
    /// A signal that the other node has taken.
    case sent
    /// In: verified, decrypted, checked, on this node's disk, and acknowledged.
    case opened
    /// In: the receiving system or person has it.
    case filed
}

extension MessageState {
    /// Whether the node itself has to bring it further: it is due, or somebody works on it.
    var isUnderWay: Bool {
        switch self {
        case .taken, .sealed: true
        case .delivered, .accepted, .rejected, .failed, .held, .cancelled, .sent, .opened, .filed: false
        }
    }

    /// The state that an event leads to from this one; the same state when the event counts and only changes what is due.
    ///
    /// This is the whole state machine. It only goes forward: proof of arrival heals whatever was believed before, and
    /// nothing takes it back.
    ///
    /// - Parameter isSealed: whether the bytes that go out have been made. Only `released` and `askedAgain` ask.
    /// - Returns: nil when the event does not apply here and must change nothing.
    func next(after event: MessageEvent.Kind, isSealed: Bool = true) -> MessageState? {
        switch event {
        case .taken, .opened: nil
        case .sealed: from([.taken], to: .sealed)
        case .postponed: stays(in: [.taken, .sealed, .sent, .opened, .filed])
        case .handedOver: stays(in: [.sealed])
        case .sent: from([.sealed, .sent], to: .sent)
        case .askedAgain: from([.failed], to: isSealed ? .sealed : .taken) ?? stays(in: [.sealed, .sent])
        case .delivered: from([.sealed, .held, .failed, .cancelled], to: .delivered)
        case .refused: from([.sealed], to: .failed)
        case .failed, .expired: from([.taken, .sealed], to: .failed)
        case .held: from([.taken, .sealed], to: .held)
        case .released: from([.held, .failed], to: isSealed ? .sealed : .taken)
        case .retried: stays(in: [.taken, .sealed])
        case .redirected: stays(in: [.taken, .sealed, .held])
        case .cancelled: from([.taken, .sealed, .held], to: .cancelled)
        case .accepted: from([.sealed, .delivered, .rejected, .failed, .held, .cancelled], to: .accepted)
        case .rejected: from([.sealed, .delivered, .failed, .held, .cancelled], to: .rejected)
        case .answeredUnknown: stays(in: [.sealed, .delivered, .rejected, .failed, .held, .cancelled])
        case .filed: from([.opened], to: .filed)
        case .receipted: stays(in: [.filed])
        case .settled, .read: stays(in: [.opened, .filed])
        case .leased, .leaseReturned: stays(in: [.taken, .sealed, .sent])
        }
    }

    private func from(_ states: Set<MessageState>, to state: MessageState) -> MessageState? {
        states.contains(self) ? state : nil
    }

    private func stays(in states: Set<MessageState>) -> MessageState? { states.contains(self) ? self : nil }
}
