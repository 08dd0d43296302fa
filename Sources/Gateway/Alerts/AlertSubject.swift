public import Foundation

/// What an alert is about: ids, codes, times and names of things. Never a person, never what a document says.
public struct AlertSubject: Sendable, Hashable, Codable {
    /// Tells one cause from another of the same kind.
    public let key: String
    /// This node's own number of the message.
    public var message: Int64?
    /// `eb:MessageId`.
    public var messageID: String?
    /// Code list 8279.
    public var documentKind: String?
    public var direction: MessageRecord.Direction?
    /// HER-ids.
    public var sender: String?
    public var receiver: String?
    /// A destination, a file, a loop, a way of telling.
    public var thing: String?
    /// The deadline, or when the thing runs out.
    public var until: Date?
    /// Percent free, minutes without an answer: what the kind counts.
    public var figure: Int?
    /// Codes of a negative AppRec (list 8221), or why it failed, as a code.
    public var codes: [String]?

    public init(_ key: String) { self.key = key }

    public static func message(_ message: MessageRecord, until deadline: Date? = nil, codes: [String]? = nil) -> AlertSubject {
        var subject = AlertSubject("#\(message.id)")
        (subject.message, subject.messageID, subject.documentKind) = (message.id, message.messageID, message.kind)
        (subject.direction, subject.sender, subject.receiver) = (message.direction, message.sender, message.receiver)
        (subject.until, subject.codes) = (deadline, codes)
        return subject
    }

    /// - Parameter origin: `https://host:port` of a partner's node.
    public static func destination(_ origin: String, minutes: Int) -> AlertSubject {
        var subject = AlertSubject(origin)
        (subject.thing, subject.figure) = (origin, minutes)
        return subject
    }

    /// A file, a loop, a way of telling: something with a name of its own.
    public static func thing(_ name: String, until: Date? = nil, figure: Int? = nil) -> AlertSubject {
        var subject = AlertSubject(name)
        (subject.thing, subject.until, subject.figure) = (name, until, figure)
        return subject
    }

    /// Whose named person is told: the sending party's of what went out, the receiving party's of what came in.
    public var party: String? { direction == .in ? receiver : sender }
}
