import Foundation
import Native

/// Who sends what to whom. ebMS 2.0 §3.1.
public struct MessageHeader: Sendable, Hashable {
    public var from: Party
    public var to: Party
    public var cpaID: String
    public var conversationID: String
    public var service: Service
    public var action: String
    public var messageData: MessageData
    public var duplicateElimination: Bool
    public var description: SystemDescription?

    public init(
        from: Party, to: Party, cpaID: String, conversationID: String, service: Service, action: String,
        messageData: MessageData, duplicateElimination: Bool = true, description: SystemDescription? = nil
    ) {
        (self.from, self.to, self.cpaID, self.conversationID) = (from, to, cpaID, conversationID)
        (self.service, self.action, self.messageData) = (service, action, messageData)
        (self.duplicateElimination, self.description) = (duplicateElimination, description)
    }

    public var messageID: String { messageData.messageID }

    /// Whether the message may no longer be delivered. ebMS 2.0 §3.1.6.4.
    ///
    /// A message without `TimeToLive` never expires. The comparison is exact: at the stated instant it is expired.
    ///
    /// - Parameter now: the receiving gateway's time.
    public func isExpired(at now: Date) -> Bool { messageData.timeToLive.map { now >= $0.date } ?? false }

    /// The header of a signal that answers this message: parties swapped, same agreement and conversation.
    func answered(by action: String, _ data: MessageData, _ description: SystemDescription?) -> MessageHeader {
        MessageHeader(
            from: to, to: from, cpaID: cpaID, conversationID: conversationID, service: .signal, action: action,
            messageData: data, duplicateElimination: false, description: description)
    }
}

extension MessageHeader {
    private static let order = XMLNameTable(
        "From", "To", "CPAId", "ConversationId", "Service", "Action", "MessageData", "DuplicateElimination", "Description")

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkBlock()
        try element.checkChildren(Self.order)
        self.init(
            from: try Party(element.required("From")), to: try Party(element.required("To")),
            cpaID: try element.text(of: "CPAId"), conversationID: try element.text(of: "ConversationId"),
            service: try Service(element.required("Service")), action: try element.text(of: "Action"),
            messageData: try MessageData(element.required("MessageData")),
            duplicateElimination: try element.child("DuplicateElimination") != nil)
        let descriptions = element.all("Description")
        if descriptions.count > 1 { element.log.note("more than one Description; the first is read", at: element.place, .note) }
        if let first = descriptions.first { description = try SystemDescription(first) }
    }

    func write(_ writer: inout XMLWriter) {
        writer.block("eb:MessageHeader") { writer in
            from.write("eb:From", &writer)
            to.write("eb:To", &writer)
            writer.element("eb:CPAId", text: cpaID)
            writer.element("eb:ConversationId", text: conversationID)
            writer.element("eb:Service", [("eb:type", service.type)], text: service.name)
            writer.element("eb:Action", text: action)
            messageData.write(&writer)
            if duplicateElimination { writer.element("eb:DuplicateElimination") }
            if let description {
                writer.element("eb:Description", [("xml:lang", description.language)], text: description.text)
            }
        }
    }
}

extension XMLWriter {
    /// A header block with what every one of them carries. The attributes stand as in the canonical form: by the namespaces'
    /// names, of which SOAP's is before ebXML's and a `urn:` after both, then by their own.
    ///
    /// - Parameter attribute: of ebXML, with a name before `version`.
    mutating func block(
        _ name: String, actor: String? = nil, _ attribute: (String, String?)? = nil, auditHead: AuditHead? = nil,
        _ content: (inout XMLWriter) -> Void = { _ in }
    ) {
        var attributes: [(String, String?)] = auditHead.map { [$0.declaration] } ?? []
        attributes.append(("SOAP:actor", actor))
        attributes.append(("SOAP:mustUnderstand", "1"))
        if let attribute { attributes.append(attribute) }
        attributes.append(("eb:version", EbXMLNamespace.version))
        if let auditHead { attributes += auditHead.attributes }
        element(name, attributes, content)
    }
}
