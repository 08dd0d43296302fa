import Foundation

/// Something that happened to a message. `MessageState.next(after:)` says what it means in each state, and ``Ledger`` writes
/// it down.
///
/// Reasons and details are the operator's: codes and causes, never what a document or a peer says.
enum MessageEvent: Sendable {
    /// Out: the first event; the submission is on the disk.
    case taken
    /// Out: the bytes that go out are stored in the same commit. The first event of a signal of its own.
    case sealed(detail: String?, digest: [UInt8])
    /// It did not work now. `until` is when to try again; nil leaves it due as it was.
    case postponed(reason: String, until: Date?)
    /// Out: the other node took the bytes; the Acknowledgment comes as a message of its own. The same bytes are due `until` then.
    case handedOver(until: Date)
    /// A signal was taken by the other node.
    case sent
    /// A partner repeated a message whose Acknowledgment is a message of its own: it goes out once more.
    case askedAgain
    /// Out: a signed Acknowledgment that was checked against what was sent.
    case delivered(receiptID: String, evidence: [UInt8])
    /// Out: the receiving node refused it for good, in a signed MessageError.
    case refused(reason: String, evidence: [UInt8])
    /// Out: it cannot be sent, and trying again will not help.
    case failed(reason: String)
    /// Out: the time in which it makes sense to try is over.
    case expired(reason: String)
    /// Out: a person must act.
    case held(reason: String)
    /// Out: a person lets it go on.
    case released
    /// Out: a person wants it tried now.
    case retried
    /// Out: it goes to another node from now on.
    case redirected(destination: String)
    /// Out: a person took it back.
    case cancelled(reason: String)
    /// Out: a positive AppRec of the party that it was sent to.
    case accepted(detail: String?)
    /// Out: a negative one, with its codes.
    case rejected(detail: String?)
    /// Out: an AppRec whose status is none of the standard's.
    case answeredUnknown
    /// In: the first event; verified, decrypted, stored and acknowledged. `digest` is that of what the sender signed.
    case opened(detail: String?, digest: [UInt8])
    /// In: the receiving side has it; the AppRec that it may want is due.
    case filed
    /// In: the positive AppRec that the document asks for was handed to this node's own intake.
    case receipted
    /// In: nothing is due by the node any more.
    case settled
    /// In: a person was shown or given its content. `how` says what of it.
    case read(how: String, purpose: String?)
    /// The daemon of that incarnation works on it, until then at most.
    case leased(by: Int64, until: Date)
    /// The daemon does not work on it any more; whether it died meanwhile.
    case leaseReturned(crashed: Bool)

    /// The event without what belongs to it. The raw value is the word in the audit trail and in `msggw status`.
    enum Kind: String, Sendable, CaseIterable {
        case taken, sealed, postponed
        case handedOver = "handed over"
        case sent
        case askedAgain = "asked again"
        case delivered, refused, failed, expired, held, released, retried, redirected, cancelled, accepted, rejected
        case answeredUnknown = "answered"
        case opened, filed, receipted, settled, read, leased
        case leaseReturned = "lease returned"
    }

    var kind: Kind {
        switch self {
        case .taken: .taken
        case .sealed: .sealed
        case .postponed: .postponed
        case .handedOver: .handedOver
        case .sent: .sent
        case .askedAgain: .askedAgain
        case .delivered: .delivered
        case .refused: .refused
        case .failed: .failed
        case .expired: .expired
        case .held: .held
        case .released: .released
        case .retried: .retried
        case .redirected: .redirected
        case .cancelled: .cancelled
        case .accepted: .accepted
        case .rejected: .rejected
        case .answeredUnknown: .answeredUnknown
        case .opened: .opened
        case .filed: .filed
        case .receipted: .receipted
        case .settled: .settled
        case .read: .read
        case .leased: .leased
        case .leaseReturned: .leaseReturned
        }
    }

    /// What the history says beside the word.
    var detail: String? {
        switch self {
        case .sealed(let detail, _), .opened(let detail, _), .accepted(let detail), .rejected(let detail): detail
        case .postponed(let reason, _), .failed(let reason), .expired(let reason), .held(let reason), .cancelled(let reason):
            reason
        case .refused(let reason, _): "refused by the receiving node: \(reason)"
        case .delivered(let receiptID, _): "signed Acknowledgment \(receiptID)"
        case .handedOver: "the Acknowledgment comes as a message of its own"
        case .redirected(let destination): "to \(destination)"
        case .answeredUnknown: "AppRec with an unknown status: a person must look at it"
        case .read(let how, _): how
        case .leaseReturned: "the node stopped while it worked on it"
        case .taken, .sent, .askedAgain, .released, .retried, .filed, .receipted, .settled, .leased: nil
        }
    }

    /// A signal that proves it, kept byte for byte.
    var evidence: (kind: ReceiptRecord.Kind, bytes: [UInt8])? {
        switch self {
        case .delivered(_, let evidence): (.acknowledgment, evidence)
        case .refused(_, let evidence): (.messageError, evidence)
        default: nil
        }
    }

    var purpose: String? { if case .read(_, let purpose) = self { purpose } else { nil } }
}

extension MessageEvent.Kind {
    /// A lease that is taken, or given back in order, is no part of a message's history.
    var isWorkaday: Bool { self == .leased }

    /// What another node can bring about again and again is written down once for each message.
    var isRecordedOnce: Bool { self == .sent || self == .askedAgain || self == .answeredUnknown }

    /// Whether it ends an attempt to bring the message further.
    var endsAttempt: Bool {
        switch self {
        case .postponed, .handedOver, .sent, .delivered, .refused, .failed: true
        default: false
        }
    }
}
