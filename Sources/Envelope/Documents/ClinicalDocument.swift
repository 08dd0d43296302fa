import Native

/// A document of one of the families this program handles, told apart by root element and namespace.
public indirect enum ClinicalDocument: Sendable, Hashable {
    case msgHead(MsgHead)
    case appRec(AppRec)
    case henvisning(Henvisning)
    case epikrise(Epikrise)

    /// Reads a document. NAV's wrapper `EI_fellesformat` is taken off and reported.
    ///
    /// - Throws: ``EnvelopeError`` `.xmlMalformed` or `.xmlRefused` for what is not XML or has a DOCTYPE, `.documentUnknown`
    ///   for any other document, and what the family's own reader refuses.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        try self.init(reading: XMLDocument.clinical(parsing: bytes))
    }

    init(reading document: XMLDocument) throws(EnvelopeError) {
        let log = DeviationLog()
        let root = try Self.root(of: document, log)
        switch (root.name, root.namespace) {
        case ("MsgHead", _): self = .msgHead(try MsgHead(reading: root, log: log))
        case ("AppRec", _): self = .appRec(try AppRec(reading: root, log: log))
        case ("Message", Henvisning.namespace): self = .henvisning(try Henvisning.read(root, log))
        case ("Message", Epikrise.namespace): self = .epikrise(try Epikrise.read(root, log))
        default: throw EnvelopeError(.documentUnknown, reason: "no document of a kind that is handled")
        }
    }

    public var summary: DocumentSummary {
        switch self {
        case .msgHead(let head): head.summary
        case .appRec(let receipt): receipt.summary
        case .henvisning(let referral): referral.summary
        case .epikrise(let report): report.summary
        }
    }

    /// The document's own root: the document element, or what NAV's wrapper is around.
    static func root(of document: XMLDocument, _ log: DeviationLog) throws(EnvelopeError) -> XMLNode {
        let root = document.root
        guard root.name == "EI_fellesformat" else { return root }
        let inner = root.children.filter { $0.name == "MsgHead" || $0.name == "AppRec" || $0.name == "Message" }
        guard inner.count == 1, let document = inner.first else {
            throw EnvelopeError(.documentUnknown, reason: "the wrapper holds \(inner.count) documents", place: root.name)
        }
        log.note("the document stands in NAV's wrapper EI_fellesformat", at: root.name, .note)
        return document
    }
}
