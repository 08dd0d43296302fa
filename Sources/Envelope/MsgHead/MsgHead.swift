/// Hodemelding 1.2: who sends what to whom about whom, with the document itself and its attachments.
public struct MsgHead: Sendable, Hashable {
    public static let namespace = "http://www.kith.no/xmlstds/msghead/2006-05-24"
    public static let migVersion = "v1.2 2006-05-24"

    /// `Sender` or `Receiver`.
    public struct Party: Sendable, Hashable {
        /// `ComMethod`, list 8235.
        public var comMethod: CodedValue?
        public var organisation: Organisation

        public init(_ organisation: Organisation, comMethod: CodedValue? = nil) {
            (self.organisation, self.comMethod) = (organisation, comMethod)
        }
    }

    /// `OtherReceiver`: a copy receiver, or someone else who gets the message.
    public struct OtherReceiver: Sendable, Hashable {
        public enum Who: Sendable, Hashable {
            case organisation(Organisation)
            case patient(Person)
            case person(Person)
            case professional(HealthcareProfessional)
        }

        public var comMethod: CodedValue?
        public var role: CodedValue
        public var who: Who

        public init(_ who: Who, role: CodedValue = copyRole, comMethod: CodedValue? = nil) {
            (self.who, self.role, self.comMethod) = (who, role, comMethod)
        }

        /// One copy to an organisation.
        public init(copyTo organisation: Organisation) { self.init(.organisation(organisation)) }

        public static let copyRole = CodedValue("COP", "Kopimottaker")
    }

    /// `Document` with its `RefDoc`: the payload, or an attachment.
    public struct Document: Sendable, Hashable {
        public enum Content: Sendable, Hashable {
            case dialogmelding(Dialogmelding)
            case attachment(Attachment)
            /// A payload this program has no reader for, as canonical XML with every namespace it inherits.
            case unknown(name: String, namespace: String?, xml: [UInt8])
        }

        public var content: Content
        public var documentConnection: CodedValue?
        public var contentType: CodedValue?
        public var contentDescription: String?
        public var contentCategory: CodedValue?
        /// List 9064.
        public var consent: CodedValue?
        public var annotation: String?
        public var fromDate: DocumentTime?
        public var toDate: DocumentTime?
        public var oidRef: String?
        public var enquiryRefID: String?
        /// `RefDoc/IssueDate` of a payload; an attachment has its own.
        public var issued: DocumentTime?
        /// `RefDoc/Id`, `MimeType` and `Description` of a payload.
        public var id: String?
        public var mimeType: String?
        public var description: String?

        public init(_ content: Content, issued: DocumentTime? = nil, description: String? = nil) {
            (self.content, self.issued, self.description) = (content, issued, description)
        }
    }

    /// 8279.
    public var type: CodedValue
    public var generated: DocumentTime
    public var messageID: String
    public var processingStatus: CodedValue?
    public var requestedPriority: CodedValue?
    public var ack: CodedValue?
    public var conversation: ConversationReference?
    public var sender: Party
    public var receiver: Party
    public var otherReceivers: [OtherReceiver]
    public var patient: Person?
    /// The payload first, then one for each attachment.
    public var documents: [Document]
    /// Whether the document that was read carries a `ds:Signature`. It says nothing of whether it holds.
    public internal(set) var hasSignature = false
    /// What was tolerated while reading; empty for a message that was built.
    public internal(set) var deviations: [Deviation] = []

    public init(
        type: CodedValue, generated: DocumentTime, messageID: String, processingStatus: CodedValue? = nil,
        requestedPriority: CodedValue? = nil, ack: CodedValue? = nil, conversation: ConversationReference? = nil,
        sender: Party, receiver: Party, otherReceivers: [OtherReceiver] = [], patient: Person? = nil, documents: [Document]
    ) {
        (self.type, self.generated, self.messageID) = (type, generated, messageID)
        (self.processingStatus, self.requestedPriority, self.ack) = (processingStatus, requestedPriority, ack)
        (self.conversation, self.sender, self.receiver) = (conversation, sender, receiver)
        (self.otherReceivers, self.patient, self.documents) = (otherReceivers, patient, documents)
    }

    /// The payload, when it is a dialog.
    public var dialogmelding: Dialogmelding? {
        for document in documents {
            if case .dialogmelding(let dialog) = document.content { return dialog }
        }
        return nil
    }

    /// What a "Status på henvisning" says; nil for any other message. A theme that does not name its list is read as one of
    /// 9148, since the message's type says so.
    public var statusPaaHenvisning: HenvisningStatus? {
        guard MessageType(type) == .dialogStatusHenvisning else { return nil }
        return HenvisningStatus(dialogmelding?.notater.first?.temaKodet)
    }

    public var attachments: [Attachment] {
        documents.compactMap { document in
            if case .attachment(let attachment) = document.content { attachment } else { nil }
        }
    }

    /// Namespace of the first payload; nil when there is none.
    public var payloadNamespace: String? {
        for document in documents {
            switch document.content {
            case .dialogmelding(let dialog): return dialog.version.namespace
            case .unknown(_, let namespace, _): return namespace
            case .attachment: continue
            }
        }
        return nil
    }

    private var isUrgent: Bool {
        DocumentUrgency.isUrgent(priority: requestedPriority)
            || dialogmelding.map { $0.foresporsler.contains { DocumentUrgency.isUrgent(question: $0.hastegrad) } } ?? false
    }

    public var summary: DocumentSummary {
        var summary = DocumentSummary(
            format: .msgHead(payload: payloadNamespace), type: type, messageID: messageID, generated: generated,
            sender: sender.organisation.addressPath, receiver: receiver.organisation.addressPath,
            copyReceivers: otherReceivers.compactMap { other in
                if case .organisation(let organisation) = other.who { organisation.addressPath } else { nil }
            },
            attachments: attachments, conversation: conversation, patient: patient?.summary, ack: AckRequest(ack),
            processingStatus: ProcessingStatus(processingStatus), isUrgent: isUrgent, deviations: deviations)
        summary.note = dialogmelding?.notater.first.map { NoteSummary($0) }
        return summary
    }
}
