extension MsgHead {
    /// What every message says of itself, whatever its kind: the builders take it and add type and content.
    public struct Heading: Sendable, Hashable {
        /// New for every message.
        public var messageID: String
        public var generated: DocumentTime
        public var sender: Organisation
        public var receiver: Organisation
        /// Each gets the same message as a copy.
        public var copyReceivers: [Organisation]
        public var patient: Person?
        /// nil in the first message of a conversation.
        public var conversation: ConversationReference?
        public var processingStatus: ProcessingStatus?
        public var ack: AckRequest?

        public init(
            messageID: String, generated: DocumentTime, sender: Organisation, receiver: Organisation,
            copyReceivers: [Organisation] = [], patient: Person? = nil, conversation: ConversationReference? = nil,
            processingStatus: ProcessingStatus? = nil, ack: AckRequest? = .yes
        ) {
            (self.messageID, self.generated, self.sender, self.receiver) = (messageID, generated, sender, receiver)
            (self.copyReceivers, self.patient, self.conversation) = (copyReceivers, patient, conversation)
            (self.processingStatus, self.ack) = (processingStatus, ack)
        }

        /// The heading of an answer: sender and receiver change places, and the conversation goes on. The first message of a
        /// conversation is both its parent and its beginning; a Henvisning 1.1 counts by its `MsgId`.
        ///
        /// - Parameter patient: nil for the person the message was about, as far as its summary tells.
        public init(
            answering message: DocumentSummary, messageID: String, generated: DocumentTime, copyReceivers: [Organisation] = [],
            patient: Person? = nil, ack: AckRequest? = .yes
        ) {
            let known = message.patient.map { about in
                Person(
                    name: about.name, dateOfBirth: about.dateOfBirth, sex: about.sex,
                    identifiers: about.identifiers.map { $0.inList(PersonIDType.number) })
            }
            self.init(
                messageID: messageID, generated: generated, sender: Organisation(message.receiver),
                receiver: Organisation(message.sender), copyReceivers: copyReceivers, patient: patient ?? known,
                conversation: ConversationReference(
                    parent: message.messageID, conversation: message.conversation?.conversation ?? message.messageID),
                processingStatus: message.processingStatus, ack: ack)
        }
    }

    /// A message with a dialog as payload and attachments after it.
    public init(_ type: MessageType, _ heading: Heading, _ dialog: Dialogmelding, attachments: [Attachment] = []) {
        self.init(
            type: type.simple, generated: heading.generated, messageID: heading.messageID,
            processingStatus: heading.processingStatus?.simple, ack: heading.ack?.simple, conversation: heading.conversation,
            sender: Party(heading.sender), receiver: Party(heading.receiver),
            otherReceivers: heading.copyReceivers.map { OtherReceiver(copyTo: $0) }, patient: heading.patient,
            documents: [Document(.dialogmelding(dialog), issued: heading.generated)]
                + attachments.map { Document(.attachment($0)) })
    }
}
