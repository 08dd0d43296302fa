extension Epikrise {
    /// The report.
    public struct ServRprt: Sendable, Hashable {
        /// List 7309: N new, M change, C cancellation, A addition.
        public var servType: CodedValue
        /// nil only when a message without it was read.
        public var issueDate: DocumentTime?
        public var apprDate: DocumentTime?
        /// List 7306; see ``ReportStatus``.
        public var status: CodedValue
        public var priority: CodedValue?
        /// List 7304: whether an AppRec is wanted.
        public var ack: CodedValue?
        /// Free text here: what kind of epikrise.
        public var msgDescr: String
        /// The epikrise's own id, the same in every message about it.
        public var servProvID: String?
        /// The referral that is answered.
        public var servReq: [ServReq]
        public var event: [Event]
        public var patient: Patient
        /// Who reports: the sender.
        public var servProvider: Party
        public var copyDest: [CopyDest]
        /// Who referred: the receiver.
        public var requester: Party
        public var relServProvider: [RelServProvider]
        public var refDoc: [RefDoc]

        public init(
            servType: CodedValue = ServType.new.simple, issueDate: DocumentTime, apprDate: DocumentTime? = nil,
            status: CodedValue = ReportStatus.final.simple, priority: CodedValue? = nil,
            ack: CodedValue? = AckRequest.yes.simple, msgDescr: String, servProvID: String?, servReq: [ServReq] = [],
            event: [Event] = [], patient: Patient, servProvider: Party, copyDest: [CopyDest] = [], requester: Party,
            relServProvider: [RelServProvider] = [], refDoc: [RefDoc] = []
        ) {
            (self.servType, self.issueDate, self.apprDate) = (servType, issueDate, apprDate)
            (self.status, self.priority, self.ack) = (status, priority, ack)
            (self.msgDescr, self.servProvID, self.servReq) = (msgDescr, servProvID, servReq)
            (self.event, self.patient, self.servProvider) = (event, patient, servProvider)
            (self.copyDest, self.requester) = (copyDest, requester)
            (self.relServProvider, self.refDoc) = (relServProvider, refDoc)
        }
    }

    /// The referral this answers.
    public struct ServReq: Sendable, Hashable {
        public var servType: CodedValue
        /// nil only when a message without it was read.
        public var issueDate: DocumentTime?
        public var receiptDate: DocumentTime?
        public var reqComment: String?
        /// List 8455.
        public var msgDescr: CodedValue
        /// `ServReq/Id` of the referral.
        public var id: String
        public var reasonAsText: [ReasonAsText]
        /// At least one.
        public var diagnosis: [Diagnosis]

        public init(
            servType: CodedValue = ServType.new.simple, issueDate: DocumentTime, receiptDate: DocumentTime? = nil,
            reqComment: String? = nil, msgDescr: CodedValue = ReferralContent.treatment.simple, id: String,
            reasonAsText: [ReasonAsText] = [], diagnosis: [Diagnosis]
        ) {
            (self.servType, self.issueDate, self.receiptDate) = (servType, issueDate, receiptDate)
            (self.reqComment, self.msgDescr, self.id) = (reqComment, msgDescr, id)
            (self.reasonAsText, self.diagnosis) = (reasonAsText, diagnosis)
        }
    }

    /// Text under a heading, plain or XHTML; `ReasonAsText` and `Result` are the same.
    public struct Comment: Sendable, Hashable {
        /// List 8311 or 8231; see ``EpikriseHeading``.
        public var heading: CodedValue?
        public var textResultValue: MixedContent?
        public var textCode: [CodedValue]

        public init(heading: CodedValue? = nil, textResultValue: MixedContent?, textCode: [CodedValue] = []) {
            (self.heading, self.textResultValue, self.textCode) = (heading, textResultValue, textCode)
        }

        /// Paragraphs of text, written as XHTML the way the standard has it.
        public init(_ heading: EpikriseHeading, _ text: String) {
            self.init(heading: heading.simple, textResultValue: MixedContent(paragraphs: text))
        }
    }

    public typealias ReasonAsText = Comment
    public typealias Result = Comment

    public struct Patient: Sendable, Hashable {
        /// List 3101.
        public var sex: CodedValue?
        public var dateOfBirth: DocumentTime?
        public var dateOfDeath: DocumentTime?
        /// One text: `Family, Given`.
        public var name: String?
        public var idByServProvider: String?
        public var idByRequester: String?
        public var offID: String?
        /// List 8116, as CS.
        public var typeOffID: CodedValue?
        public var patientPrecaution: [PatientPrecaution]
        public var patientRelParty: [PatientRelParty]
        public var patRelHCP: [PatRelHCP]
        public var additionalID: [AdditionalID]
        public var address: Address?

        public init(
            sex: CodedValue? = nil, dateOfBirth: DocumentTime? = nil, dateOfDeath: DocumentTime? = nil, name: String?,
            idByServProvider: String? = nil, idByRequester: String? = nil, offID: String? = nil, typeOffID: CodedValue? = nil,
            patientPrecaution: [PatientPrecaution] = [], patientRelParty: [PatientRelParty] = [], patRelHCP: [PatRelHCP] = [],
            additionalID: [AdditionalID] = [], address: Address? = nil
        ) {
            (self.sex, self.dateOfBirth, self.dateOfDeath, self.name) = (sex, dateOfBirth, dateOfDeath, name)
            (self.idByServProvider, self.idByRequester) = (idByServProvider, idByRequester)
            (self.offID, self.typeOffID, self.patientPrecaution) = (offID, typeOffID, patientPrecaution)
            (self.patientRelParty, self.patRelHCP) = (patientRelParty, patRelHCP)
            (self.additionalID, self.address) = (additionalID, address)
        }
    }

    /// A person the patient has to do with.
    public struct PatientRelParty: Sendable, Hashable {
        public var relation: CodedValue
        public var name: String?
        public var relPartyOffID: String?
        public var address: Address?

        public init(relation: CodedValue, name: String?, relPartyOffID: String? = nil, address: Address? = nil) {
            (self.relation, self.name, self.relPartyOffID, self.address) = (relation, name, relPartyOffID, address)
        }
    }
}
