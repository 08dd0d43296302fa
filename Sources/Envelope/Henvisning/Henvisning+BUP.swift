extension Henvisning {
    /// A referral to child and adolescent psychiatry, put together from what a good one says (HENVISNING_BUP).
    ///
    /// Each text goes under the heading BUP reads it by; empty ones are left out. What else the schema has is set on the
    /// ``henvisning()`` it makes.
    public struct BUPReferral: Sendable, Hashable {
        /// New for every message.
        public var messageID: String
        /// Stays through changes and cancellation.
        public var referralID: String
        public var generated: DocumentTime
        /// When the referrer signed it; the same as ``generated`` when nil.
        public var issued: DocumentTime?
        public var isTest = false
        public var sender: AddressPath
        public var receiver: AddressPath
        public var copyReceivers: [AddressPath] = []
        /// With guardians, contact persons, consent and clinical information.
        public var patient: Patient
        public var priority: ReferralPriority
        public var purpose: ReferralPurpose? = .assessment
        /// Why the child is referred: now, since when, how severe, risk. BUP-HG.
        public var reasonChild: String
        /// The child's surroundings. BUP-BM.
        public var reasonSurroundings = ""
        /// Function at home and school, what has been tried and with what effect. HJ.
        public var function = ""
        /// What is hoped for. UTRED.
        public var expected = ""
        public var diagnoses: [CodedValue] = []
        public var care: CareSituation?
        public var attachments: [Attachment] = []

        public init(
            messageID: String, referralID: String, generated: DocumentTime, from sender: AddressPath, to receiver: AddressPath,
            patient: Patient, priority: ReferralPriority, reasonChild: String
        ) {
            (self.messageID, self.referralID, self.generated) = (messageID, referralID, generated)
            (self.sender, self.receiver, self.patient) = (sender, receiver, patient)
            (self.priority, self.reasonChild) = (priority, reasonChild)
        }
    }

    /// Who cares for the child: `Comment` BUP-O, whose schema demands at least one code.
    public struct CareSituation: Sendable, Hashable {
        public var text: String
        public var livesWith: LivingSituation
        public var parentalResponsibility: ParentalResponsibility?
        public var childWelfare: ChildWelfareInvolvement?

        public init(
            _ text: String, livesWith: LivingSituation, parentalResponsibility: ParentalResponsibility? = nil,
            childWelfare: ChildWelfareInvolvement? = nil
        ) {
            (self.text, self.livesWith) = (text, livesWith)
            (self.parentalResponsibility, self.childWelfare) = (parentalResponsibility, childWelfare)
        }

        var comment: Comment {
            Comment(
                .bupCare, text,
                [livesWith.coded, parentalResponsibility?.coded, childWelfare?.coded].compactMap { $0 })
        }
    }
}

extension Henvisning.BUPReferral {
    public func henvisning() -> Henvisning {
        let texts: [(ReasonHeading, String)] = [
            (.bupChild, reasonChild), (.bupSurroundings, reasonSurroundings), (.function, function), (.expected, expected),
        ]
        let service = Henvisning.Service(
            medSpeciality: MedicalSpeciality.childPsychiatry.coded, admCat: AdmissionCategory.outpatient.simple)
        let servReq = Henvisning.ServReq(
            issueDate: issued ?? generated, id: referralID, patient: patient, servProvider: Henvisning.Party(receiver),
            requester: Henvisning.Party(sender), copyDest: copyReceivers.map { Henvisning.CopyDest($0) },
            refDoc: attachments.map { Henvisning.RefDoc($0) },
            reasonAsText: texts.filter { !$0.1.isEmpty }.map { Henvisning.ReasonAsText($0.0, $0.1) },
            diagnosis: diagnoses.map { Henvisning.Diagnosis($0) },
            reqServ: Henvisning.ReqServ(purpose: purpose?.simple, priority: priority.simple, service: service),
            comment: care.map { [$0.comment] } ?? [])
        return Henvisning(
            type: MessageType.henvisningBUP.simple, genDate: generated, msgID: messageID,
            status: isTest ? MessageStatus.test.simple : nil, servReq: servReq)
    }
}
