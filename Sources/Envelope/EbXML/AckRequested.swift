import Native

/// The sender wants an Acknowledgment. ebMS 2.0 §6.3.1.
public struct AckRequested: Sendable, Hashable {
    public var signed: Bool

    public init(signed: Bool) { self.signed = signed }
}

extension AckRequested {
    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkBlock()
        try element.checkToPartyActor()
        switch try element.attribute("signed") {
        case "true", "1": signed = true
        case "false", "0": signed = false
        default: throw element.malformed("eb:signed is no Boolean")
        }
    }

    func write(_ writer: inout XMLWriter) {
        writer.block("eb:AckRequested", actor: EbXMLNamespace.toPartyMSH, ("eb:signed", signed ? "true" : "false"))
    }
}

/// The sender wants the answer on the same connection. ebMS 2.0 §4.3.1.
///
/// It is the one element that may be addressed to the next hop, so it is never covered by the signature: a wish, not a fact.
public struct SyncReply: Sendable, Hashable {
    public init() {}
}

extension SyncReply {
    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkBlock()
        guard element.node.attribute("actor", EbXMLNamespace.soap)?.trimmed == EbXMLNamespace.nextActor else {
            throw element.malformed("SOAP:actor is not the next hop")
        }
        guard element.node.children.isEmpty, element.node.text.trimmed.isEmpty else {
            throw EnvelopeError(.addressedToNextHop, reason: "SyncReply is not empty", place: element.place)
        }
    }

    func write(_ writer: inout XMLWriter) {
        writer.block("eb:SyncReply", actor: EbXMLNamespace.nextActor)
    }
}
