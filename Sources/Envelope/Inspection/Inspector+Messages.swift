import Native

extension Inspection {
    mutating func inspectMIME(_ bytes: [UInt8], _ options: InspectionOptions) {
        kind = .mime
        read { () throws(EnvelopeError) in
            try SavedMessage(parsing: bytes)
        } then: { inspection, saved in
            inspection.note(saved.deviations)
            inspection.read { () throws(EnvelopeError) in
                try Self.parts(of: saved)
            } then: { inspection, parts in
                inspection.inspectSOAP(saved.soap, parts: parts, options)
            }
        }
    }

    private static func parts(of saved: SavedMessage) throws(EnvelopeError) -> [GivenPart] {
        var parts: [GivenPart] = []
        for part in saved.parts {
            guard let contentID = part.part.contentID else {
                throw EnvelopeError(.mimeMalformed, reason: "a part has no Content-ID", place: "part \(part.part.index)")
            }
            parts.append(GivenPart(contentID: contentID, contentType: part.part.contentType, bytes: part.bytes))
        }
        return parts
    }

    /// A SOAP part without the MIME around it, its payload parts given beside it.
    mutating func inspectBareSOAP(_ bytes: [UInt8], _ options: InspectionOptions) {
        read { () throws(EnvelopeError) in
            var parts: [GivenPart] = []
            for (name, bytes) in options.parts.sorted(by: { $0.key < $1.key }) {
                parts.append(
                    GivenPart(
                        contentID: try ContentID(name), contentType: try ContentType("application/pkcs7-mime"), bytes: bytes))
            }
            return parts
        } then: { inspection, parts in
            inspection.inspectSOAP(bytes, parts: parts, options)
        }
    }

    private mutating func inspectSOAP(_ soap: [UInt8], parts given: [GivenPart], _ options: InspectionOptions) {
        show(given)
        if SOAPFault.isFault(soap), let document = try? XMLDocument.ebXML(parsing: soap) {
            showFault(in: document)
            return
        }
        kind = .ebXMLRefused
        read { () throws(EnvelopeError) in
            try UnverifiedMessage(soap: soap, parts: given.enumerated().map { $1.received(at: $0) })
        } then: { inspection, message in
            inspection.show(message, options)
        }
    }

    private mutating func show(_ parts: [GivenPart]) {
        guard !parts.isEmpty else { return }
        self.parts = parts.map { given in
            let structure = (try? CMSStructure.inspect(given.bytes)).map { CMS($0) }
            if let structure {
                note(structure.deviations(at: given.contentID.uri))
            } else {
                let look = FileForm.look(of: given.bytes)
                note([Deviation("the part is not encrypted; it looks like \(look)", at: given.contentID.uri, severity: .warning)])
            }
            return Part(
                contentID: ShownText.identifier(given.contentID.value), contentType: ShownText.free(given.contentType.mediaType),
                bytes: given.bytes.count, sha256: Hexadecimal.text(Digest.of(given.bytes, .sha256)), cms: structure)
        }
    }

    private mutating func show(_ message: UnverifiedMessage, _ options: InspectionOptions) {
        kind =
            switch message.claimed.content {
            case .payload: .ebXMLPayload
            case .acknowledgment: .ebXMLAcknowledgment
            case .error: .ebXMLError
            case .ping: .ebXMLPing
            case .pong: .ebXMLPong
            }
        ebXML = EbXML(message.claimed)
        note(message.deviations)
        guard message.isSigned else {
            conclude(Signature(.unsigned))
            return
        }
        if case .payload(let manifest) = message.claimed.content {
            let here = Set(message.parts.map(\.contentID))
            let missing = manifest.references.map(\.contentID).filter { !here.contains($0) }
            if let first = missing.first {
                var signature = Signature(.partsMissing)
                signature.error = Failure(
                    EnvelopeError(
                        .mimePartMissing, reason: "parts of the Manifest that were not given: \(missing.count)", place: first.uri)
                )
                conclude(signature)
                return
            }
        }
        let verdict = SignatureInspection.inspect(message, with: options.certificate, policy: .legacy)
        note(verdict.deviations)
        var signature = Signature(verdict.isValid ? .verifies : .fails)
        signature.error = verdict.error.map(Failure.init)
        signature.algorithm = verdict.signatureAlgorithm
        signature.references = verdict.isValid ? verdict.references.map(Signature.Reference.init) : nil
        show(signature, verdict.certificate, isGiven: !verdict.isCertificateFromMessage)
    }

    private mutating func show(_ signature: Signature, _ certificate: Certificate?, isGiven: Bool) {
        var signature = signature
        signature.certificate = certificate.map(CertificateFacts.init)
        signature.certificateFrom = certificate.map { _ in isGiven ? "given" : "message" }
        signature.certificateTrusted = certificate.map { _ in false }
        note(certificate?.weaknesses ?? [])
        conclude(signature)
    }

    /// The enveloped signature of a business document.
    mutating func inspectSignature(of root: XMLNode, in document: XMLDocument, _ options: InspectionOptions) {
        guard !root.children("Signature", SignatureNamespace.ds).isEmpty else {
            conclude(Signature(.unsigned))
            return
        }
        var tried = options.certificate
        do throws(EnvelopeError) {
            let element = try XMLSignature.only(in: root)
            if tried == nil { tried = try XMLSignature.keyInfoCertificate(of: element) }
            guard let tried else {
                throw EnvelopeError(.signatureMissing, reason: "there is no certificate to verify the signature with")
            }
            let facts = try XMLSignature.verify(document, signature: element, parts: [:], key: tried, policy: .legacy)
            note(facts.deviations)
            var signature = Signature(.verifies)
            signature.algorithm = facts.signatureAlgorithm
            signature.references = facts.references.map(Signature.Reference.init)
            show(signature, tried, isGiven: options.certificate != nil)
        } catch {
            var signature = Signature(.fails)
            signature.error = Failure(error)
            show(signature, tried, isGiven: options.certificate != nil)
        }
    }
}

/// A payload part whose bytes are at hand.
private struct GivenPart {
    let contentID: ContentID
    let contentType: ContentType
    let bytes: [UInt8]

    /// Every digest a signature may name: it is not known yet which.
    func received(at index: Int) -> ReceivedPart {
        let others = DigestAlgorithm.allCases.filter { $0 != .sha256 }.map { ($0, Digest.of(bytes, $0)) }
        return ReceivedPart(
            index: index, contentID: contentID, contentType: contentType, length: bytes.count,
            digests: PartDigests(sha256: Digest.of(bytes, .sha256), others: Dictionary(uniqueKeysWithValues: others)))
    }
}

extension Inspection.Signature.Reference {
    fileprivate init(_ reference: SignedReference) {
        uri = ShownText.identifier(reference.uri)
        digestAlgorithm = reference.digestAlgorithm.uri
        digest = Hexadecimal.text(reference.digest)
        transforms = reference.transforms
    }
}
