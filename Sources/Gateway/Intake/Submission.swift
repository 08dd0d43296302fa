/// What a system or a person hands to its own node: a clinical document and the files that go with it.
public struct Submission: Sendable {
    /// The national XML document: Henvisning, Epikrise, a Hodemelding, AppRec.
    public var document: [UInt8]
    /// What errors call the document.
    public var documentName = "the document"
    public var attachments: [SubmittedAttachment]
    /// The sender that the document must name; nil when whichever hosted party it names is right.
    public var sender: HERID?
    /// The receiver that the document must name; nil to send to whom it names.
    public var receiver: HERID?
    /// How receivers were found, as far as they were found by what is needed. The document must name each.
    public var needs: [NeedAddress] = []
    /// Why it should go although the receiver's list is not answered.
    public var anyway: String?
    /// Why it cannot wait for a consent: life or health is at stake. It is marked, and gone through afterwards.
    public var emergency: String?
    /// Of a message that should name nobody: the author has looked at each finding, and it points to nobody.
    public var isLookedThrough = false
    /// The receiver gets the answered list too, as a text among the attachments.
    public var carriesChecklist = false
    /// The receiver gets the consents that the message relies on, as they were signed, among the attachments.
    public var carriesConsent = false
    /// Of a discharge summary: who does what by when, and on what basis each has it.
    public var followUp: FollowUpPlan?

    /// What the node knows of it besides, when a desk of its own made it.
    var sharing: KnownSharing?

    public init(document: [UInt8], attachments: [SubmittedAttachment] = [], sender: HERID? = nil, receiver: HERID? = nil) {
        (self.document, self.attachments, self.sender, self.receiver) = (document, attachments, sender, receiver)
    }
}

/// A file in its ordinary format.
public struct SubmittedAttachment: Sendable {
    /// Path of the file. It is read once, in pieces.
    public var path: String
    /// What the receiver reads as its name.
    public var title: String
    /// What this node has already, in place of a file.
    var held: HeldContent?

    init(_ held: HeldContent, title: String) { (path, self.title, self.held) = ("'\(title)'", title, held) }

    /// - Parameter title: nil takes the file's name without its ending.
    public init(path: String, title: String? = nil) {
        self.path = path
        let name = path.split(separator: "/").last.map(String.init) ?? path
        self.title = title ?? name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}

/// Proof that this node has a message on its disk. The first of the four receipts.
public struct TakenMessage: Sendable, Hashable {
    public let messageID: String
    public let conversationID: String
    public let receiver: HERID
    public let receiverName: String
    /// What the sender should know although it was taken, bokmål: what the receiver will miss.
    public let remarks: [String]
}

/// Why a submission was not taken. Nothing of it is kept.
public struct SubmissionError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case documentUnreadable, attachmentMissing, attachmentUnreadable, attachmentFormat, tooLarge
        case senderNotHosted, senderDiffers, receiverUnknown, receiverDiffers, receiverCannotReceive,
            receiverUnclear, duplicate, keys, store
        /// The receiver's list is not answered, and that is required.
        case incomplete
        /// An answer that cannot follow what was answered before.
        case outOfOrder
        /// The plan of what follows a discharge, or what is said of one.
        case followUp
        /// It may not be shared with a receiver, and a consent is required.
        case notShareable
        /// Revocation of the receiver's certificate cannot be looked up now.
        case tryLater
    }

    public let code: Code
    /// What was wrong, where, and what to do. No content of the document.
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        (self.code, self.reason) = (code, reason)
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }
    public var description: String { reason }
}
