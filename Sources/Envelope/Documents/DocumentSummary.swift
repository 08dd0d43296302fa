import Foundation

/// What a gateway needs to know of any document, whatever its family: who, to whom, which, in answer to what.
public struct DocumentSummary: Sendable, Hashable {
    public var format: DocumentFormat
    /// 8279: `MsgInfo/Type`, `Message/Type`, `AppRec/MsgType`. As sent.
    public var type: CodedValue
    /// `MsgId`, or the receipt's `Id`. New for every message.
    public var messageID: String
    /// `GenDate`; its text is what an AppRec repeats.
    public var generated: DocumentTime
    public var sender: AddressPath
    public var receiver: AddressPath
    public var copyReceivers: [AddressPath]
    public var attachments: [Attachment]
    public var conversation: ConversationReference?
    /// The document's own id, stable through its changes: `ServReq/Id`, `ServProvId`. nil where the family has none.
    public var documentID: String?
    public var patient: PatientSummary?
    /// `Ack`. nil when the document does not say.
    public var ack: AckRequest?
    /// P, T or D. nil when the document does not say, which means production.
    public var processingStatus: ProcessingStatus?
    /// Whether it says of itself that it cannot wait: an urgent referral or question.
    public var isUrgent: Bool
    /// Of a referral that was handed over: when its first receiver had it. The time to answer runs from then.
    public var firstReceived: Date?
    /// HER-id of whoever referred first, of a referral that was handed over.
    public var firstReferrer: String?
    /// How it relates to earlier ones with the same ``documentID``: list 7309. nil where the family has none.
    public var serviceType: ServType?
    /// Of a dialog: what its first note is about, and whom to call.
    public var note: NoteSummary?
    public var deviations: [Deviation]

    public init(
        format: DocumentFormat, type: CodedValue, messageID: String, generated: DocumentTime, sender: AddressPath,
        receiver: AddressPath, copyReceivers: [AddressPath] = [], attachments: [Attachment] = [],
        conversation: ConversationReference? = nil, documentID: String? = nil, patient: PatientSummary? = nil,
        ack: AckRequest? = nil, processingStatus: ProcessingStatus? = nil, isUrgent: Bool = false,
        deviations: [Deviation] = []
    ) {
        (self.format, self.type, self.messageID, self.generated) = (format, type, messageID, generated)
        (self.sender, self.receiver, self.copyReceivers) = (sender, receiver, copyReceivers)
        (self.attachments, self.conversation, self.documentID) = (attachments, conversation, documentID)
        (self.patient, self.ack, self.processingStatus) = (patient, ack, processingStatus)
        (self.isUrgent, self.deviations) = (isUrgent, deviations)
    }

    /// Content-IDs, without `cid:`, of the envelope parts the document refers to, in document order.
    public var contentIDs: [String] { attachments.compactMap(\.contentID) }
}

/// Which standard a document follows.
public enum DocumentFormat: Sendable, Hashable {
    case henvisning10, henvisning11
    case epikrise11, epikrise12
    /// MsgHead 1.2 with the namespace of its first payload; nil when it has none.
    case msgHead(payload: String?)
    case appRec10, appRec11
}

/// What a note of a dialog says by codes: a status of a referral (list 9148), a word about a discharged patient (7322), a deviation (8117).
public struct NoteSummary: Sendable, Hashable {
    public var theme: CodedValue
    /// Who answers for it and under which number, as people read it; nil when it names nobody.
    public var contact: String?

    public init(theme: CodedValue, contact: String? = nil) { (self.theme, self.contact) = (theme, contact) }

    init(_ note: Notat) {
        theme = note.temaKodet
        let known = note.roller.first { $0.roleToPatient?.code == RoleToPatient.clinicalContact.rawValue } ?? note.roller.first
        let person: Person? =
            switch known?.who {
            case .professional(let professional): professional.person
            case .person(let person): person
            case nil: nil
            }
        let numbers = (person?.telecoms ?? []).map { $0.address.hasPrefix("tel:") ? String($0.address.dropFirst(4)) : $0.address }
        let words = ([person?.name.shown] + numbers.map(Optional.some)).compactMap(\.self).filter { !$0.isEmpty }
        contact = words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

/// `ConversationRef`. The first message of a conversation has none.
public struct ConversationReference: Sendable, Hashable {
    /// `RefToParent`: MsgId of the message answered.
    public var parent: String
    /// `RefToConversation`: MsgId of the conversation's first message.
    public var conversation: String

    public init(parent: String, conversation: String) { (self.parent, self.conversation) = (parent, conversation) }
}

/// Who a document is about, as far as the document says.
public struct PatientSummary: Sendable, Hashable {
    public var name: PersonName
    public var identifiers: [Identifier]
    public var dateOfBirth: DocumentTime?
    public var sex: CodedValue?

    public init(name: PersonName, identifiers: [Identifier] = [], dateOfBirth: DocumentTime? = nil, sex: CodedValue? = nil) {
        (self.name, self.identifiers, self.dateOfBirth, self.sex) = (name, identifiers, dateOfBirth, sex)
    }
}
