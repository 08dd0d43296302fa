import Native

/// The header of an ebXML message and what the message is: bytes to value and back. It says nothing about who wrote it.
public struct EbXMLMessage: Sendable, Hashable {
    /// A payload message, one of the two signals, or a question whether the other node is there; never a mixture.
    public enum Content: Sendable, Hashable {
        case payload(Manifest)
        case acknowledgment(Acknowledgment)
        case error(ErrorList)
        /// "Are you there?" ebMS 2.0 §8.1.
        case ping
        /// The answer to a ping.
        case pong
    }

    public let header: MessageHeader
    public let content: Content
    public let ackRequested: AckRequested?
    public let syncReply: SyncReply?
    /// What was tolerated while the header was read.
    public let deviations: [Deviation]

    public init(
        header: MessageHeader, content: Content, ackRequested: AckRequested? = nil, syncReply: SyncReply? = nil
    ) {
        (self.header, self.content, self.deviations) = (header, content, [])
        (self.ackRequested, self.syncReply) = (ackRequested, syncReply)
    }

    /// - Throws: `.notEbXML` for another root, `.headerMalformed`, `.headerDuplicated`, `.headerVersionUnsupported`,
    ///   `.headerNotUnderstood`, `.addressedToNextHop`, `.manifestMalformed`; for bytes that are no XML `.xmlMalformed` or
    ///   `.xmlRefused`.
    public init(parsing soap: [UInt8]) throws(EnvelopeError) {
        let document = try XMLDocument.ebXML(parsing: soap)
        try self.init(SOAPEnvelope(document))
    }

    /// The message this one answers: what its Acknowledgment names first, what its MessageData names second.
    public var refToMessageID: String? {
        if case .acknowledgment(let acknowledgment) = content { return acknowledgment.refToMessageID }
        return header.messageData.refToMessageID
    }

    /// Whether it carries no payload: Acknowledgment, error, ping, pong. Such a message is never acknowledged and never answered
    /// with an error.
    public var isSignal: Bool {
        if case .payload = content { false } else { true }
    }
}

extension EbXMLMessage {
    init(_ envelope: SOAPEnvelope) throws(EnvelopeError) {
        let log = DeviationLog()
        let header = EbXMLElement(node: envelope.header, log: log)
        let body = EbXMLElement(node: envelope.body, log: log)
        self.header = try MessageHeader(header.required("MessageHeader"))
        try Self.checkBlocks(header)
        try Self.checkBody(body)
        content = try Self.content(of: self.header, header, body)
        ackRequested = try header.child("AckRequested").map { element throws(EnvelopeError) in try AckRequested(element) }
        syncReply = try header.child("SyncReply").map { element throws(EnvelopeError) in try SyncReply(element) }
        if case .payload = content {
        } else if ackRequested != nil {
            log.note("a signal asks for an Acknowledgment", at: "AckRequested")
        }
        deviations = log.deviations
    }

    private static let blocks = XMLNameTable("MessageHeader", "AckRequested", "SyncReply", "Acknowledgment", "ErrorList")

    /// Header blocks that are not ours. SOAP 1.1 §4.2.3.
    private static func checkBlocks(_ header: EbXMLElement) throws(EnvelopeError) {
        for block in header.node.children {
            if block.isIn(EbXMLNamespace.eb), blocks.place(of: block, after: 0) != nil { continue }
            if block.is("Signature", SignatureNamespace.ds) { continue }
            let mustUnderstand = block.attribute("mustUnderstand", EbXMLNamespace.soap)?.trimmed ?? "0"
            guard mustUnderstand == "0" || mustUnderstand == "false", block.namespace != EbXMLNamespace.eb else {
                throw EnvelopeError(.headerNotUnderstood, reason: "a header block must be understood and is not", place: "Header")
            }
            header.log.note("an unknown header block, not read", at: "Header", .note)
        }
    }

    private static func checkBody(_ body: EbXMLElement) throws(EnvelopeError) {
        for child in body.node.children where !child.is("Manifest", EbXMLNamespace.eb) {
            guard child.namespace != EbXMLNamespace.eb else {
                throw EnvelopeError(.headerNotUnderstood, reason: "the Body asks for a service we do not have", place: "Body")
            }
            throw body.malformed("holds something else than a Manifest")
        }
    }

    private static func content(
        of message: MessageHeader, _ header: EbXMLElement, _ body: EbXMLElement
    ) throws(EnvelopeError) -> Content {
        let (manifest, acknowledgment) = (try body.child("Manifest"), try header.child("Acknowledgment"))
        let errors = try header.child("ErrorList")
        if message.service.isSignal {
            guard manifest == nil else { throw body.malformed("a signal has a Manifest") }
            switch (message.action, acknowledgment, errors) {
            case (SignalAction.acknowledgment, let acknowledgment?, nil):
                return .acknowledgment(try Acknowledgment(acknowledgment))
            case (SignalAction.messageError, nil, let errors?): return .error(try ErrorList(errors))
            case (SignalAction.ping, nil, nil): return .ping
            case (SignalAction.pong, nil, nil):
                guard message.messageData.refToMessageID != nil else { throw header.malformed("a Pong answers no Ping") }
                return .pong
            case (SignalAction.acknowledgment, _, _), (SignalAction.messageError, _, _), (SignalAction.ping, _, _),
                (SignalAction.pong, _, _):
                throw header.malformed("the signal's action and its content do not agree")
            default:
                throw EnvelopeError(.headerNotUnderstood, reason: "a signal action we do not have", place: "Action")
            }
        }
        guard acknowledgment == nil, errors == nil else { throw header.malformed("a payload message holds a signal") }
        guard let manifest else {
            throw EnvelopeError(.manifestMalformed, reason: "a payload message has no Manifest", place: "Body")
        }
        return .payload(try Manifest(manifest))
    }
}

enum SignalAction {
    static let acknowledgment = "Acknowledgment"
    static let messageError = "MessageError"
    static let ping = "Ping"
    static let pong = "Pong"
}

extension EbXMLMessage {
    /// Namespaces of the envelope by prefix, in the order of the canonical form.
    static let namespaces = [
        (prefix: "SOAP", name: EbXMLNamespace.soap), (prefix: "eb", name: EbXMLNamespace.eb),
        (prefix: "xlink", name: EbXMLNamespace.xlink),
    ]

    private static let declarations = namespaces.map { prefix, name -> (String, String?) in ("xmlns:" + prefix, name) }

    /// The SOAP envelope without a signature. The same value always gives the same bytes.
    public var encoded: [UInt8] { draft().envelope.bytes }

    /// The envelope, written so that its canonical form is what a signature covers, and where in it the signature goes: last in
    /// `SOAP:Header`.
    func draft() -> (envelope: XMLWriter, signatureOffset: Int) {
        var writer = XMLWriter(canonical: true)
        var offset = 0
        writer.aside { $0.declaration() }
        writer.element("SOAP:Envelope", Self.declarations) { writer in
            writer.element("SOAP:Header") { writer in
                header.write(&writer)
                ackRequested?.write(&writer)
                // It is for the next hop, so no signature covers it.
                if let syncReply { writer.aside { syncReply.write(&$0) } }
                switch content {
                case .payload, .ping, .pong: break
                case .acknowledgment(let acknowledgment): acknowledgment.write(&writer)
                case .error(let errors): errors.write(&writer)
                }
                offset = writer.bytes.count
            }
            writer.element("SOAP:Body") { writer in
                if case .payload(let manifest) = content { manifest.write(&writer) }
            }
        }
        return (writer, offset)
    }
}
