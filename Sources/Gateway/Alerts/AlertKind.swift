/// Everything that someone is told of. A closed list: each kind says who is told, how bad it is and what to do.
public enum AlertKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// No Acknowledgment, no AppRec, no answer: near its deadline, or past it.
    case deliveryLate, acceptanceLate, answerLate
    /// Nobody tries again.
    case messageFailed
    /// Stopped until a person decides.
    case messageHeld
    /// Tried again and again for a reason that a person must mend.
    case messageObstructed
    /// A negative AppRec.
    case documentRejected
    /// An AppRec whose status is none of the standard's.
    case receiptUnclear
    /// A change, an addition or a cancellation of a referral that has not come, or is another's.
    case referralStray
    /// A referral was taken back and answered at the same time.
    case answerCrossed
    /// Who was to take over after a discharge says that they do not.
    case followUpRefused
    case destinationUnreachable
    case certificateExpiring, revocationListExpiring
    /// One that the registry has for a partner.
    case partnerCertificateExpiring
    case diskNearlyFull
    /// The store takes no commit.
    case storeFailing
    /// A way of telling people does not work.
    case sinkFailing
    /// Changes that somebody must approve or reject.
    case registryHeld
    /// A version of the registry that the node could not start with.
    case registryRefused
    /// A door has ended, and more than one follows it, or none: what is under way there waits for somebody.
    case doorUndecided, doorStranded
    /// No door of the line has opened it in its working hours.
    case notOpened
    /// A loop of the node has stopped.
    case loopStopped
    /// `msggw alerts test`.
    case test

    public init(_ event: DeadlineEvent) {
        self =
            switch event {
            case .delivered: .deliveryLate
            case .accepted: .acceptanceLate
            case .answered: .answerLate
            }
    }

    /// The deadline that this is about.
    public var event: DeadlineEvent? { DeadlineEvent.allCases.first { AlertKind($0) == self } }

    /// How bad it is; it can grow with the stage (see ``AlertBoard/raise(_:about:stage:at:in:)``).
    public func severity(stage: Int) -> AlertSeverity {
        switch self {
        case .deliveryLate, .acceptanceLate, .answerLate, .destinationUnreachable, .diskNearlyFull:
            stage > 0 ? .critical : .warning
        case .certificateExpiring, .partnerCertificateExpiring, .revocationListExpiring: stage >= 3 ? .critical : .warning
        case .messageFailed, .documentRejected, .followUpRefused, .storeFailing, .registryRefused, .doorUndecided, .doorStranded,
            .notOpened, .loopStopped:
            .critical
        case .messageHeld, .messageObstructed, .receiptUnclear, .referralStray, .answerCrossed, .sinkFailing, .registryHeld:
            .warning
        case .test: .notice
        }
    }

    /// Who is told besides the log and the webhook.
    var audience: AlertAudience {
        switch self {
        case .deliveryLate, .acceptanceLate, .messageFailed, .messageHeld, .notOpened: .both
        case .answerLate, .documentRejected, .receiptUnclear, .referralStray, .answerCrossed, .followUpRefused: .contact
        case .messageObstructed, .destinationUnreachable, .certificateExpiring, .partnerCertificateExpiring,
            .revocationListExpiring, .diskNearlyFull, .storeFailing, .sinkFailing, .registryHeld, .registryRefused,
            .doorUndecided, .doorStranded,
            .loopStopped,
            .test:
            .operators
        }
    }
}

public enum AlertSeverity: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
    case notice, warning, critical

    public static func < (left: Self, right: Self) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// Whose the matter is.
enum AlertAudience: Sendable {
    case operators
    /// The named person of the party; the operators when it has none.
    case contact
    case both
}
