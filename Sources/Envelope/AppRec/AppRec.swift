/// Application receipt, AppRec 1.0 and 1.1: the receiver's system says whether it has taken a message in and is ready to
/// handle it. A rejection here is technical; a referral is turned down by "Status på henvisning".
public struct AppRec: Sendable, Hashable {
    public enum Version: Sendable, Hashable, CaseIterable {
        case v10, v11

        public var namespace: String {
            switch self {
            case .v10: "http://www.kith.no/xmlstds/apprec/2004-11-21"
            case .v11: "http://www.kith.no/xmlstds/apprec/2012-02-15"
            }
        }

        /// A fixed value; that of 1.0 has no `v`.
        public var migVersion: String {
            switch self {
            case .v10: "1.0 2004-11-21"
            case .v11: "v1.1 2012-02-15"
            }
        }

        /// The version a document is answered in when no agreement names another: 1.0 for messages of the old standards.
        public init(answering format: DocumentFormat) {
            switch format {
            case .henvisning10, .epikrise11, .appRec10: self = .v10
            case .msgHead(let payload): self = payload == Dialogmelding.Version.v10.namespace ? .v10 : .v11
            case .henvisning11, .epikrise12, .appRec11: self = .v11
            }
        }
    }

    /// List 8258. The schemas do not check the value, so that anything may stand there.
    public enum Status: Sendable, Hashable {
        case ok
        case rejected
        case okWithErrorInPart
        /// Another value, or none. For a person to look at; never taken as ``ok``.
        case unknown(CodedValue)

        public init(_ value: CodedValue) {
            switch value.code {
            case "1": self = .ok
            case "2": self = .rejected
            case "3": self = .okWithErrorInPart
            default: self = .unknown(value)
            }
        }

        public var coded: CodedValue {
            switch self {
            case .ok: CodedValue("1", "OK")
            case .rejected: CodedValue("2", "Avvist")
            case .okWithErrorInPart: CodedValue("3", "OK, feil i delmelding")
            case .unknown(let value): value
            }
        }
    }

    /// Sender or receiver of the receipt.
    public struct Party: Sendable, Hashable {
        /// PRIM, COP, AVS in 1.1; REQ, RECEIVER in 1.0. Optional in both.
        public var role: CodedValue?
        public var address: AddressPath

        public init(_ address: AddressPath, role: CodedValue? = nil) { (self.address, self.role) = (address, role) }
    }

    /// `OriginalMsgId`: the message that is answered. Correlate on ``id``.
    public struct OriginalMessage: Sendable, Hashable {
        /// `Type` of the message, V and DN as they stood there.
        public var type: CodedValue
        /// Its `GenDate`, letter by letter.
        public var issued: DocumentTime
        /// Its `MsgId`.
        public var id: String

        public init(type: CodedValue, issued: DocumentTime, id: String) {
            (self.type, self.issued, self.id) = (type, issued, id)
        }
    }

    public var version: Version
    public var softwareName: String?
    public var softwareVersion: String?
    public var generated: DocumentTime
    public var id: String
    public var sender: Party
    public var receiver: Party
    public var status: Status
    /// List 8221, or a list of the receiver's own. At least one when the status is ``Status/rejected``.
    public var errors: [CodedValue]
    public var original: OriginalMessage
    /// What was tolerated while reading; empty for a receipt that was built.
    public internal(set) var deviations: [Deviation] = []

    public init(
        version: Version = .v11, softwareName: String? = nil, softwareVersion: String? = nil, generated: DocumentTime, id: String,
        sender: Party, receiver: Party, status: Status, errors: [CodedValue] = [], original: OriginalMessage
    ) {
        (self.version, self.softwareName, self.softwareVersion) = (version, softwareName, softwareVersion)
        (self.generated, self.id, self.sender, self.receiver) = (generated, id, sender, receiver)
        (self.status, self.errors, self.original) = (status, errors, original)
    }

    public static let messageType = MessageType.appRec.simple

    public var summary: DocumentSummary {
        DocumentSummary(
            format: version == .v10 ? .appRec10 : .appRec11, type: Self.messageType, messageID: id, generated: generated,
            sender: sender.address, receiver: receiver.address,
            conversation: ConversationReference(parent: original.id, conversation: original.id), deviations: deviations)
    }
}
