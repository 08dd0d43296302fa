extension Henvisning {
    /// The referral.
    public struct ServReq: Sendable, Hashable {
        /// List 7309: N new, M change (replaces what came before), C cancellation, A addition, H history.
        public var servType: CodedValue
        /// nil only when a message without it was read.
        public var issueDate: DocumentTime?
        public var paymentCat: CodedValue?
        public var reqComment: String?
        /// List 7304: whether an AppRec is wanted.
        public var ack: CodedValue?
        /// List 8455: 10 assessment or treatment, 11 advice to the referrer, 99 other.
        public var msgDescr: CodedValue
        /// The referral's own id, the same in every message about it.
        public var id: String
        public var patient: Patient
        /// Who is asked: the receiver.
        public var servProvider: Party
        /// Who asks: the sender.
        public var requester: Party
        public var copyDest: [CopyDest]
        public var refDoc: [RefDoc]
        public var reasonAsText: [ReasonAsText]
        /// The first one is the main diagnosis.
        public var diagnosis: [Diagnosis]
        public var reqServ: ReqServ
        public var comment: [Comment]

        public init(
            servType: CodedValue = ServType.new.simple, issueDate: DocumentTime, paymentCat: CodedValue? = nil,
            reqComment: String? = nil, ack: CodedValue? = AckRequest.yes.simple,
            msgDescr: CodedValue = ReferralContent.treatment.simple, id: String, patient: Patient, servProvider: Party,
            requester: Party, copyDest: [CopyDest] = [], refDoc: [RefDoc] = [], reasonAsText: [ReasonAsText] = [],
            diagnosis: [Diagnosis] = [], reqServ: ReqServ, comment: [Comment] = []
        ) {
            (self.servType, self.issueDate, self.paymentCat) = (servType, issueDate, paymentCat)
            (self.reqComment, self.ack, self.msgDescr, self.id) = (reqComment, ack, msgDescr, id)
            (self.patient, self.servProvider, self.requester) = (patient, servProvider, requester)
            (self.copyDest, self.refDoc, self.reasonAsText) = (copyDest, refDoc, reasonAsText)
            (self.diagnosis, self.reqServ, self.comment) = (diagnosis, reqServ, comment)
        }
    }

    /// `Requester` or `ServProvider`.
    public struct Party: Sendable, Hashable {
        public var role: CodedValue?
        /// List 8235: EDI, PST.
        public var comMethod: CodedValue?
        public var hcp: HCP

        public init(role: CodedValue? = nil, comMethod: CodedValue? = nil, hcp: HCP) {
            (self.role, self.comMethod, self.hcp) = (role, comMethod, hcp)
        }

        /// A party that is reached electronically.
        public init(_ address: AddressPath) {
            self.init(comMethod: CodedValue("EDI", "EDI"), hcp: HCP(address))
        }
    }

    /// Someone who gets a copy.
    public struct CopyDest: Sendable, Hashable {
        public var role: CodedValue?
        public var copyDestRole: [CopyDestRole]
        public var hcp: HCP

        public init(role: CodedValue? = nil, copyDestRole: [CopyDestRole] = [], hcp: HCP) {
            (self.role, self.copyDestRole, self.hcp) = (role, copyDestRole, hcp)
        }

        public init(_ address: AddressPath) { self.init(hcp: HCP(address)) }
    }

    /// What a copy receiver is to get, and how.
    public struct CopyDestRole: Sendable, Hashable {
        public var msgType: CodedValue
        public var reqComMethod: CodedValue?
        public var actComMethod: CodedValue?

        public init(msgType: CodedValue, reqComMethod: CodedValue? = nil, actComMethod: CodedValue? = nil) {
            (self.msgType, self.reqComMethod, self.actComMethod) = (msgType, reqComMethod, actComMethod)
        }
    }

    /// One part of the reason, as free text under a heading.
    public struct ReasonAsText: Sendable, Hashable {
        /// List 8231; see ``ReasonHeading``.
        public var heading: CodedValue?
        public var textResultValue: String?
        public var textCode: [CodedValue]

        public init(heading: CodedValue?, textResultValue: String?, textCode: [CodedValue] = []) {
            (self.heading, self.textResultValue, self.textCode) = (heading, textResultValue, textCode)
        }

        public init(_ heading: ReasonHeading, _ text: String) {
            self.init(heading: heading.simple, textResultValue: text)
        }
    }

    /// A diagnosis, or another concept with its modifiers.
    public struct Diagnosis: Sendable, Hashable {
        /// ICPC-2 (7170), ICD-10 (7110).
        public var concept: CodedValue
        public var modifier: [Modifier]

        public init(_ concept: CodedValue, modifier: [Modifier] = []) { (self.concept, self.modifier) = (concept, modifier) }
    }

    public struct Modifier: Sendable, Hashable {
        public var name: CodedValue
        /// At least one.
        public var value: [CodedValue]

        public init(name: CodedValue, value: [CodedValue]) { (self.name, self.value) = (name, value) }
    }

    /// What is asked for.
    public struct ReqServ: Sendable, Hashable {
        /// List 7309.
        public var servType: CodedValue
        /// List 8248: 1 assessment, 2 treatment, 3 follow-up, 4 second opinion.
        public var purpose: CodedValue?
        public var reqDate: DocumentTime?
        /// List 8304; see ``ReferralPriority``.
        public var priority: CodedValue
        public var comment: String?
        public var service: Service?

        public init(
            servType: CodedValue = ServType.new.simple, purpose: CodedValue? = nil, reqDate: DocumentTime? = nil,
            priority: CodedValue, comment: String? = nil, service: Service? = nil
        ) {
            (self.servType, self.purpose, self.reqDate) = (servType, purpose, reqDate)
            (self.priority, self.comment, self.service) = (priority, comment, service)
        }
    }

    public struct Service: Sendable, Hashable {
        public var servID: CodedValue?
        /// List 8451: 310 is psykisk helsevern barn og unge.
        public var medSpeciality: CodedValue?
        /// List 8240: 3 is outpatient.
        public var admCat: CodedValue?

        public init(servID: CodedValue? = nil, medSpeciality: CodedValue? = nil, admCat: CodedValue? = nil) {
            (self.servID, self.medSpeciality, self.admCat) = (servID, medSpeciality, admCat)
        }
    }

    /// A remark with codes; used in referrals to BUP.
    public struct Comment: Sendable, Hashable {
        /// List 8234; see ``CommentHeading``.
        public var heading: CodedValue
        public var textResultValue: String
        /// At least one.
        public var codedComment: [CodedValue]

        public init(heading: CodedValue, textResultValue: String, codedComment: [CodedValue]) {
            (self.heading, self.textResultValue, self.codedComment) = (heading, textResultValue, codedComment)
        }

        public init(_ heading: CommentHeading, _ text: String, _ codedComment: [CodedValue]) {
            self.init(heading: heading.simple, textResultValue: text, codedComment: codedComment)
        }
    }
}
