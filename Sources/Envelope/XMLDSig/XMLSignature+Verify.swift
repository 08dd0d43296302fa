import Native

extension XMLSignature {
    /// Verifies a signature that covers the whole document, and each part it names.
    ///
    /// - Parameters:
    ///   - signature: the `ds:Signature` of `document`, at the place where the caller expects it. The reference `URI=""` must
    ///     be there and covers everything but this element.
    ///   - parts: by Content-ID without brackets.
    ///   - key: the certificate that we hold for the sender. `KeyInfo` must name it or none.
    package static func verify(
        _ document: XMLDocument, signature: XMLNode, parts: [String: PartDigests], key: Certificate, policy: SignaturePolicy
    ) throws(EnvelopeError) -> SignatureFacts {
        precondition(signature.document === document, "the signature is a node of the document")
        let element = try SignatureElement(signature)
        var deviations: [Deviation] = []
        try check(element, against: key, policy: policy, &deviations)
        guard key.native.publicKey.verify(element.value, digest: try digest(of: element), element.method.digest) else {
            throw EnvelopeError(.signatureInvalid, reason: "the signature value does not hold with \(key.label)")
        }
        try checkReferences(element, in: document, parts: parts, &deviations)
        return SignatureFacts(
            references: element.references.map {
                SignedReference(
                    uri: $0.uri, digestAlgorithm: $0.digestAlgorithm, digest: $0.digest, transforms: $0.transforms.uris)
            },
            signatureAlgorithm: element.method.rawValue, deviations: deviations,
            keyInfoCertificate: element.certificates.isEmpty ? nil : key)
    }

    /// Signer, key and algorithms: everything that can be refused before a byte is digested.
    private static func check(
        _ element: SignatureElement, against key: Certificate, policy: SignaturePolicy, _ deviations: inout [Deviation]
    ) throws(EnvelopeError) {
        if element.certificates.isEmpty {
            deviations.append(Deviation("no certificate in KeyInfo", at: "ds:KeyInfo"))
        } else if !element.certificates.contains(key.der) {
            throw EnvelopeError(
                .signerMismatch, reason: "KeyInfo holds another certificate than \(key.label)", place: "ds:KeyInfo")
        } else if element.certificates.count > 1 {
            deviations.append(Deviation("more than one certificate in KeyInfo", at: "ds:KeyInfo"))
        }
        try key.checkKey()
        guard element.method.fits(key.keyKind) else {
            throw EnvelopeError(.signatureAlgorithm, reason: "the signature method is not for the key of \(key.label)")
        }
        let usesSHA1 = element.method.digest == .sha1 || element.references.contains { $0.digestAlgorithm == .sha1 }
        if usesSHA1 {
            guard policy == .legacy else {
                throw EnvelopeError(.signatureAlgorithm, reason: "SHA-1 is not allowed for this partner", place: "ds:SignedInfo")
            }
            deviations.append(Deviation("the signature uses SHA-1", at: "ds:SignedInfo", severity: .warning))
        }
        note(element.canonicalForm.algorithm, at: "ds:CanonicalizationMethod", &deviations)
    }

    private static func digest(of element: SignatureElement) throws(EnvelopeError) -> [UInt8] {
        try digest(
            element.node.document, CanonicalSelection(apex: element.signedInfo), element.canonicalForm.algorithm,
            element.canonicalForm.inclusivePrefixes, element.method.digest)
    }

    private static func checkReferences(
        _ element: SignatureElement, in document: XMLDocument, parts: [String: PartDigests], _ deviations: inout [Deviation]
    ) throws(EnvelopeError) {
        var seen: Set<String> = []
        for reference in element.references {
            let (target, digest): (String, [UInt8])
            if reference.uri.isEmpty {
                target = ""
                try checkCoverage(reference, of: document, &deviations)
                digest = try self.digest(of: document, without: element.node, reference)
            } else {
                (target, digest) = try self.digest(ofPart: reference, among: parts)
            }
            guard seen.insert(target).inserted else {
                throw EnvelopeError(.signatureProfile, reason: "two references name the same", place: place(reference))
            }
            guard digest == reference.digest else {
                throw EnvelopeError(.digestMismatch, reason: "the bytes are not those that were signed", place: place(reference))
            }
        }
        guard seen.contains("") else {
            throw EnvelopeError(.signatureProfile, reason: "the signature does not cover the document", place: "ds:SignedInfo")
        }
    }

    private static func place(_ reference: SignatureElement.Reference) -> String {
        reference.uri.isEmpty ? "reference to the document" : reference.uri
    }

    /// The transforms of the reference to the document. The next-hop filter belongs to SOAP: anywhere else it would let
    /// content out of the signature that no reader refuses.
    private static func checkCoverage(
        _ reference: SignatureElement.Reference, of document: XMLDocument, _ deviations: inout [Deviation]
    ) throws(EnvelopeError) {
        guard reference.transforms.isEnveloped else {
            throw EnvelopeError(.signatureProfile, reason: "no enveloped-signature transform", place: place(reference))
        }
        let isEnvelope = document.root.is("Envelope", SignatureNamespace.soap)
        if reference.transforms.hasNextHopFilter, !isEnvelope {
            throw EnvelopeError(.signatureProfile, reason: "the filter of SOAP on another document", place: place(reference))
        }
        if reference.transforms.hasNextHopFilter, let left = NextHopFilter.emptied(document.root) {
            throw EnvelopeError(
                .addressedToNextHop, reason: "\(left) itself is addressed to the next hop, so that nothing in it is signed",
                place: place(reference))
        }
        if isEnvelope, !reference.transforms.hasNextHopFilter {
            deviations.append(Deviation("the XPath transform is missing", at: "ds:Transforms"))
        }
        guard let form = reference.transforms.canonicalization else {
            deviations.append(Deviation("the canonical form is not named", at: "ds:Transforms"))
            return
        }
        note(form.algorithm, at: "ds:Transforms", &deviations)
    }

    private static func note(_ form: Canonicalization, at place: String, _ deviations: inout [Deviation]) {
        if form.isExclusive { deviations.append(Deviation("exclusive canonicalisation", at: place)) }
        if form.hasComments { deviations.append(Deviation("canonicalisation with comments", at: place)) }
    }

    private static func digest(
        of document: XMLDocument, without signature: XMLNode, _ reference: SignatureElement.Reference
    ) throws(EnvelopeError) -> [UInt8] {
        let selection = CanonicalSelection(
            excluding: signature, excludingAddressed: reference.transforms.hasNextHopFilter ? NextHopFilter.addressed : nil)
        let form = reference.transforms.canonicalization
        return try digest(
            document, selection, form?.algorithm.withoutComments ?? .inclusive, form?.inclusivePrefixes ?? [],
            reference.digestAlgorithm)
    }

    private static func digest(
        ofPart reference: SignatureElement.Reference, among parts: [String: PartDigests]
    ) throws(EnvelopeError) -> (String, [UInt8]) {
        guard reference.uri.hasPrefix("cid:") else {
            throw EnvelopeError(
                .signatureProfile, reason: "a reference to something outside the message", place: place(reference))
        }
        guard reference.transforms.uris.isEmpty else {
            throw EnvelopeError(.signatureProfile, reason: "transforms of a part", place: place(reference))
        }
        let name = String(reference.uri.dropFirst(4))
        guard
            let (target, part) = [name, PercentEncoding.decoded(name)].lazy.compactMap({ id in parts[id].map { (id, $0) } }).first
        else { throw EnvelopeError(.referenceUnresolved, reason: "no part has that Content-ID", place: place(reference)) }
        guard let digest = part[reference.digestAlgorithm] else {
            throw EnvelopeError(.referenceUnresolved, reason: "the part was not digested that way", place: place(reference))
        }
        return (target, digest)
    }
}

extension XMLSignature {
    /// The canonical form goes straight into the digest, piece by piece.
    static func digest(
        _ document: XMLDocument, _ selection: CanonicalSelection, _ form: Canonicalization, _ prefixes: [String],
        _ algorithm: DigestAlgorithm
    ) throws(EnvelopeError) -> [UInt8] {
        var digest = Digest(algorithm)
        do {
            try document.canonicalize(form, selection, inclusivePrefixes: prefixes) { digest.update($0) }
        } catch {
            throw EnvelopeError(.signatureProfile, reason: error.reason)
        }
        return digest.finish()
    }
}

/// `cid:` URIs may escape characters of the Content-ID. RFC 2392 §2.
private enum PercentEncoding {
    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
