import Native

/// A `ds:Signature` read by the strict profile: exactly these elements, in this order, and nothing beside them.
///
///     Signature(SignedInfo(CanonicalizationMethod, SignatureMethod, Reference+), SignatureValue, KeyInfo?)
///     Reference(Transforms?, DigestMethod, DigestValue)
struct SignatureElement {
    struct Reference {
        let uri: String
        let transforms: Transforms
        let digestAlgorithm: DigestAlgorithm
        let digest: [UInt8]
    }

    /// What the transforms of a reference come to.
    struct Transforms {
        var uris: [String] = []
        var isEnveloped = false
        var hasNextHopFilter = false
        /// nil when no transform names one: then it is inclusive C14N (XMLDSig §4.3.3.2).
        var canonicalization: CanonicalForm?
    }

    /// A canonical form with its `PrefixList`.
    struct CanonicalForm {
        let algorithm: Canonicalization
        let inclusivePrefixes: [String]
    }

    let node: XMLNode
    let signedInfo: XMLNode
    let canonicalForm: CanonicalForm
    let method: SignatureMethod
    let references: [Reference]
    let value: [UInt8]
    let certificates: [[UInt8]]

    /// - Throws: `.signatureProfile` for another structure, transform or reference, `.signatureAlgorithm` for another
    ///   algorithm.
    init(_ node: XMLNode) throws(EnvelopeError) {
        guard node.is("Signature", SignatureNamespace.ds) else { throw Self.refusal("is no ds:Signature", node) }
        let parts = try Self.children(of: node)
        guard (2...3).contains(parts.count), parts[0].isNamed("SignedInfo"), parts[1].isNamed("SignatureValue"),
            parts.count == 2 || parts[2].isNamed("KeyInfo")
        else { throw Self.refusal("holds other elements than SignedInfo, SignatureValue and KeyInfo", node) }
        let info = try Self.children(of: parts[0])
        guard info.count >= 3, info[0].isNamed("CanonicalizationMethod"), info[1].isNamed("SignatureMethod") else {
            throw Self.refusal("holds other elements than the two methods and references", parts[0])
        }
        (self.node, signedInfo) = (node, parts[0])
        canonicalForm = try Self.canonicalForm(info[0])
        method = try Self.method(info[1])
        var references: [Reference] = []
        for element in info.dropFirst(2) { references.append(try Self.reference(element)) }
        self.references = references
        value = try Self.base64(parts[1])
        certificates = parts.count == 3 ? try Self.certificates(parts[2]) : []
    }

    private static func method(_ element: XMLNode) throws(EnvelopeError) -> SignatureMethod {
        try requireNoContent(element)
        guard let method = SignatureMethod(rawValue: element.attribute("Algorithm") ?? "") else {
            throw EnvelopeError(
                .signatureAlgorithm, reason: "the signature method is not one of the profile", place: place(element))
        }
        return method
    }

    private static func reference(_ element: XMLNode) throws(EnvelopeError) -> Reference {
        guard element.isNamed("Reference"), let uri = element.attribute("URI") else {
            throw refusal("is not a Reference with a URI", element)
        }
        var parts = try children(of: element)[...]
        var transforms = Transforms()
        if let first = parts.first, first.isNamed("Transforms") {
            parts.removeFirst()
            transforms = try self.transforms(first)
        }
        guard parts.count == 2, let method = parts.first, method.isNamed("DigestMethod"), let value = parts.last,
            value.isNamed("DigestValue")
        else { throw refusal("holds other elements than Transforms, DigestMethod and DigestValue", element) }
        try requireNoContent(method)
        guard let algorithm = DigestAlgorithm(uri: method.attribute("Algorithm") ?? "") else {
            throw EnvelopeError(.signatureAlgorithm, reason: "the digest is not one of the profile", place: place(method))
        }
        let digest = try base64(value)
        guard digest.count == algorithm.length else { throw refusal("has another length than its algorithm's", value) }
        return Reference(uri: uri, transforms: transforms, digestAlgorithm: algorithm, digest: digest)
    }

    /// Enveloped signature, the next-hop filter, a canonical form: in that order, each at most once.
    private static func transforms(_ element: XMLNode) throws(EnvelopeError) -> Transforms {
        var transforms = Transforms()
        for transform in try children(of: element) {
            let uri = transform.attribute("Algorithm") ?? ""
            guard transform.isNamed("Transform"), transforms.canonicalization == nil else {
                throw refusal("stands where the profile has no transform", transform)
            }
            switch uri {
            case TransformURI.enveloped where transforms.uris.isEmpty:
                try requireNoContent(transform)
                transforms.isEnveloped = true
            case TransformURI.xpath where transforms.isEnveloped && !transforms.hasNextHopFilter:
                try requireNextHopFilter(transform)
                transforms.hasNextHopFilter = true
            default:
                guard Canonicalization(rawValue: uri) != nil else { throw refusal("is not one of the profile", transform) }
                transforms.canonicalization = try canonicalForm(transform)
            }
            transforms.uris.append(uri)
        }
        return transforms
    }

    private static func requireNextHopFilter(_ transform: XMLNode) throws(EnvelopeError) {
        let content = try children(of: transform)
        guard content.count == 1, content[0].isNamed("XPath"), !content[0].hasElements,
            NextHopFilter.isExpressed(by: content[0])
        else { throw refusal("is another XPath than the one that leaves out what is for the next hop", transform) }
    }

    private static func canonicalForm(_ element: XMLNode) throws(EnvelopeError) -> CanonicalForm {
        guard let algorithm = Canonicalization(rawValue: element.attribute("Algorithm") ?? "") else {
            throw EnvelopeError(
                .signatureAlgorithm, reason: "the canonical form is not one of the profile", place: place(element))
        }
        let content = element.children
        guard let list = content.first else {
            try requireNoContent(element)
            return CanonicalForm(algorithm: algorithm, inclusivePrefixes: [])
        }
        guard content.count == 1, list.is("InclusiveNamespaces", SignatureNamespace.exclusive), algorithm.isExclusive,
            !list.hasElements, let prefixes = list.attribute("PrefixList")
        else { throw refusal("has parameters that the profile does not know", element) }
        let names = prefixes.split(whereSeparator: \.isWhitespace).map(String.init)
        return CanonicalForm(algorithm: algorithm, inclusivePrefixes: names)
    }

    /// The certificates in `KeyInfo`. They prove nothing: they are compared with the one we hold.
    static func certificates(_ keyInfo: XMLNode) throws(EnvelopeError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for element in try children(of: keyInfo) {
            switch element.name {
            case "X509Data":
                for item in try children(of: element) where item.isNamed("X509Certificate") { found.append(try base64(item)) }
            case "KeyValue", "KeyName": break
            default: throw refusal("is a way to a key that the profile does not know", element)
            }
        }
        return found
    }
}

extension SignatureElement {
    static func place(_ element: XMLNode) -> String { "ds:\(element.name), line \(element.line)" }

    static func refusal(_ reason: String, _ element: XMLNode) -> EnvelopeError {
        EnvelopeError(.signatureProfile, reason: "\(element.name) \(reason)", place: "line \(element.line)")
    }

    /// Child elements, all of them XMLDSig's and with nothing but white space between them.
    private static func children(of element: XMLNode) throws(EnvelopeError) -> [XMLNode] {
        let children = element.children
        guard children.allSatisfy({ $0.isIn(SignatureNamespace.ds) }) else {
            throw refusal("holds elements of another namespace", element)
        }
        guard element.isBlank else {
            throw refusal("holds text beside its elements", element)
        }
        return children
    }

    private static func requireNoContent(_ element: XMLNode) throws(EnvelopeError) {
        guard try children(of: element).isEmpty else { throw refusal("has parameters that the profile does not know", element) }
    }

    private static func base64(_ element: XMLNode) throws(EnvelopeError) -> [UInt8] {
        guard !element.hasElements, let bytes = SignatureBase64.decode(element.textBytes), !bytes.isEmpty else {
            throw refusal("is not base64", element)
        }
        return bytes
    }
}

extension Canonicalization {
    var isExclusive: Bool { self == .exclusive || self == .exclusiveWithComments }
    var hasComments: Bool { self == .inclusiveWithComments || self == .exclusiveWithComments }
    /// What is left of the form for a reference with `URI=""`: comments are no part of that node-set (XMLDSig §4.3.3.3).
    var withoutComments: Canonicalization { isExclusive ? .exclusive : .inclusive }
}
