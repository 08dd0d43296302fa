import Native

/// What identifies one message. ebMS 2.0 §3.1.6.
public struct MessageData: Sendable, Hashable {
    /// Any text of up to 255 bytes; never part of a path, a statement or a page without being treated as one.
    public var messageID: String
    public var timestamp: EbXMLTimestamp
    public var refToMessageID: String?
    public var timeToLive: EbXMLTimestamp?

    public init(
        messageID: String, timestamp: EbXMLTimestamp, refToMessageID: String? = nil, timeToLive: EbXMLTimestamp? = nil
    ) {
        (self.messageID, self.timestamp) = (messageID, timestamp)
        (self.refToMessageID, self.timeToLive) = (refToMessageID, timeToLive)
    }
}

extension MessageData {
    private static let order = XMLNameTable("MessageId", "Timestamp", "RefToMessageId", "TimeToLive")

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkChildren(Self.order)
        self.init(
            messageID: try element.text(of: "MessageId"), timestamp: try element.required("Timestamp").timestamp(),
            refToMessageID: try element.optionalText(of: "RefToMessageId"))
        guard let timeToLive = try element.child("TimeToLive") else { return }
        self.timeToLive = try timeToLive.timestamp()
        guard let expiry = self.timeToLive, expiry.date >= timestamp.date else {
            throw element.malformed("TimeToLive is before Timestamp")
        }
    }

    func write(_ writer: inout XMLWriter) {
        writer.element("eb:MessageData") { writer in
            writer.element("eb:MessageId", text: messageID)
            writer.element("eb:Timestamp", text: timestamp.text)
            writer.element("eb:RefToMessageId", text: refToMessageID)
            writer.element("eb:TimeToLive", text: timeToLive?.text)
        }
    }
}
