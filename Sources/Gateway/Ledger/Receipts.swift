import Foundation

/// The four receipts of a message, each a fact of its own with its time; nil while it has not come.
///
/// For an outgoing message they are what we know of it; for an incoming one what we have told its sender, and whether a person
/// here has read it.
public struct Receipts: Sendable, Hashable, Codable {
    /// Out: on this node's disk.
    public var taken: Date?
    /// Out: the receiver's node signed for it. In: this node did.
    public var delivered: Date?
    /// Out: the receiver's system has it. In: our positive AppRec is on its way.
    public var accepted: Date?
    /// Out: the receiver's system refused it.
    public var rejected: Date?
    /// In: a person on this node was first shown or given its content.
    public var read: Date?

    /// - Parameter trail: what happened to the message, in order.
    init(_ trail: [AuditRecord]) {
        for record in trail {
            switch record.action {
            case MessageEvent.Kind.taken.rawValue: taken = taken ?? record.at
            // An Acknowledgment that an AppRec overtook changes no state, and came all the same.
            case MessageEvent.Kind.delivered.rawValue, "ignored \(MessageEvent.Kind.delivered.rawValue)",
                MessageEvent.Kind.opened.rawValue:
                delivered = delivered ?? record.at
            case MessageEvent.Kind.accepted.rawValue, MessageEvent.Kind.receipted.rawValue: accepted = accepted ?? record.at
            case MessageEvent.Kind.rejected.rawValue: rejected = rejected ?? record.at
            case MessageEvent.Kind.read.rawValue: read = read ?? record.at
            default: break
            }
        }
    }
}
