import Native

/// The payload parts of a message. ebMS 2.0 §3.2.
public struct Manifest: Sendable, Hashable {
    static let mostReferences = 64

    /// Never empty; no two name the same part.
    public let references: [ManifestReference]

    /// - Throws: `.manifestMalformed` when there is no reference, or two name the same part.
    public init(_ references: [ManifestReference]) throws(EnvelopeError) {
        guard !references.isEmpty, references.count <= Self.mostReferences,
            Set(references.map(\.contentID)).count == references.count
        else {
            throw EnvelopeError(
                .manifestMalformed, reason: "there is no reference, more than \(Self.mostReferences), or one part twice",
                place: "Manifest")
        }
        self.references = references
    }
}

/// One payload part. ebMS 2.0 §3.2.1.
public struct ManifestReference: Sendable, Hashable {
    /// A schema the sender names. It is shown and never fetched.
    public struct Schema: Sendable, Hashable {
        public let location: String
        public let version: String?
    }

    public let contentID: ContentID
    /// `xlink:role`: what the part is.
    public let role: String?
    public let schemas: [Schema]
    /// `Description`, in the sender's words.
    public let description: String?

    public init(_ contentID: ContentID, role: String? = nil, schemas: [Schema] = [], description: String? = nil) {
        (self.contentID, self.role, self.schemas, self.description) = (contentID, role, schemas, description)
    }
}

extension Manifest {
    private static let order = XMLNameTable("Reference")

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkVersion()
        var references: [ManifestReference] = []
        for child in element.all("Reference") { references.append(try ManifestReference(child)) }
        try element.checkChildren(Self.order)
        try self.init(references)
    }

    func write(_ writer: inout XMLWriter) {
        writer.element("eb:Manifest", [("eb:version", EbXMLNamespace.version)]) { writer in
            for reference in references { reference.write(&writer) }
        }
    }
}

extension ManifestReference {
    private static let order = XMLNameTable("Schema", "Description")

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        guard let href = element.node.attribute("href", EbXMLNamespace.xlink)?.trimmed,
            let contentID = try? ContentID(uri: href)
        else {
            throw EnvelopeError(
                .manifestMalformed, reason: "xlink:href is not the cid: address of a part", place: element.place)
        }
        try element.checkChildren(Self.order)
        var schemas: [Schema] = []
        for schema in element.all("Schema").prefix(10) {
            let version = schema.node.attribute("version", EbXMLNamespace.eb) ?? schema.node.attribute("version")
            if version?.isEmpty ?? false { element.log.note("the version of a Schema is empty", at: element.place) }
            schemas.append(Schema(location: try schema.attribute("location") ?? "", version: version))
        }
        let description = try element.all("Description").first?.text(limit: SystemDescription.longest)
        self.init(
            contentID, role: element.node.attribute("role", EbXMLNamespace.xlink), schemas: schemas, description: description)
    }

    func write(_ writer: inout XMLWriter) {
        writer.element(
            "eb:Reference", [("xlink:href", contentID.uri), ("xlink:role", role), ("xlink:type", "simple")]
        ) { writer in
            for schema in schemas {
                writer.element("eb:Schema", [("eb:location", schema.location), ("eb:version", schema.version)])
            }
            writer.element("eb:Description", [("xml:lang", "NO")], text: description)
        }
    }
}
