public import Practice

/// What somebody wants a referral to be answered with.
public struct AnswerOrder: Sendable {
    /// What whoever orders it means to give; a file of another kind is refused.
    public let kind: AnswerFile.Kind
    public var file: AnswerFile
    /// Of the letters.
    public var language = WrittenLanguage.bokmal
    /// What the guardians may see.
    public var guardians = LetterReader.Guardians.byAge
    /// The child's, when the referral states no day of birth.
    public var age: Int?
    /// Why it is sent although something must be put right.
    public var anyway: String?
    /// The family's bydel, when neither the file nor the referral says it.
    public var area: String?
    /// What the child needs, in a few words, for the services that a rejection names.
    public var need = ""
    /// Where a referral is handed over to.
    public var door: HERID?

    public init(_ kind: AnswerFile.Kind, _ file: AnswerFile) { (self.kind, self.file) = (kind, file) }
}

/// What came of an answer: it is on the disk, and the messages are on their way.
public struct GivenAnswer: Sendable, Hashable, Codable {
    public struct Message: Sendable, Hashable, Codable {
        public enum What: String, Sendable, Codable {
            /// To the referrer, list 9148.
            case status
            /// To the family's mailbox.
            case letter
            /// The referral itself, to the right door.
            case referral
        }

        public let what: What
        public let messageID: String
        public let receiver: String
        public let receiverName: String
    }

    public struct Letter: Sendable, Hashable, Codable {
        public let reader: String
        public let language: String
        public let score: Int
        public let lixTenths: Int
        /// Whether it was made into PDF.
        public let isPDF: Bool
        /// Whether it goes to the family's mailbox.
        public let isSent: Bool
    }

    public let number: Int64
    public let kind: String
    /// List 9148.
    public let status: String
    /// The referral's number in this node.
    public let referral: Int64
    /// Last day of the right to complain.
    public let lastDay: String?
    /// SHA-256 of the record.
    public let digest: String
    public let messages: [Message]
    public let letters: [Letter]
    /// What whoever sent it should know, and do.
    public let remarks: [String]
}
