import Envelope
import Practice

extension SharingMessage {
    /// What a document is in the rules about sharing; nil for receipts and for what no rule is about.
    ///
    /// A dialogue message that names no patient is an anonymous discussion: there is no other use for one.
    init?(_ summary: DocumentSummary) {
        switch summary.type.code.map(MessageType.init(rawValue:)) {
        case .henvisning?, .henvisningBUP?, .henvisningRehabilitering?, .henvisningNyTilstand?, .henvisningVidere?:
            self = .referral
        case .epikrise?: self = .epikrise
        case .dialogStatusHenvisning?: self = .referralAnswer
        case .dialogForesporsel?, .dialogSvar?, .dialogNotat?, .dialogHelsefaglig?:
            self = summary.patient == nil ? .anonymousDiscussion : .dialogue
        default: return nil
        }
    }

    /// PPT has no message of its own: its report is a dialogue message with the report attached.
    func seen(from sender: CareService, hasAttachments: Bool) -> SharingMessage {
        let isSchool = sender == .ppt || sender == .school || sender == .kindergarten
        return self == .dialogue && hasAttachments && isSchool ? .pptReport : self
    }

    /// What of the child's story a message of this kind tells.
    var information: Set<InformationKind> {
        switch self {
        case .referral, .handover: [.referral]
        case .referralAnswer: [.decision]
        case .epikrise: [.epikrise]
        case .pptReport: [.pptReport]
        case .followUp: [.followUpPlan]
        case .dialogue, .concernReport, .familySubmission, .letter: [.dialogue]
        case .anonymousDiscussion: []
        }
    }
}
