import Native

extension Inspection.CertificateFacts {
    init(_ certificate: Certificate) {
        subject = certificate.namesPerson ? nil : ShownText.free(certificate.subject)
        issuer = ShownText.free(certificate.issuer)
        serialNumber = certificate.serialNumber
        (organisationNumber, subUnitNumber) = (certificate.organisationNumber, certificate.subUnitNumber)
        notBefore = EbXMLTimestamp(certificate.notBefore).text
        notAfter = EbXMLTimestamp(certificate.notAfter).text
        keyUsage = certificate.keyUsage.names
        key =
            switch certificate.keyKind {
            case .rsa(let bits): "RSA \(bits)"
            case .ec(let curve): "EC \(curve.rawValue)"
            case .other: "of a kind that is not used"
            }
        (isAuthority, isSelfSigned) = (certificate.native.isAuthority, certificate.isSelfSigned)
        sha256 = Hexadecimal.text(certificate.sha256)
    }
}

extension Certificate {
    /// Whether the subject is a person: a surname, a given name, or an identifier of a natural person (ETSI EN 319 412-1).
    fileprivate var namesPerson: Bool {
        let subject = native.subject
        let identifiers = subject.values("2.5.4.5")
        return !subject.values("2.5.4.4").isEmpty || !subject.values("2.5.4.42").isEmpty
            || identifiers.contains { $0.hasPrefix("UN:") || $0.hasPrefix("PNO") || $0.hasPrefix("IDC") || $0.hasPrefix("PAS") }
    }

    /// What partners should be told of, whatever the certificate is for.
    var weaknesses: [Deviation] {
        var found: [Deviation] = []
        func warn(_ what: String) { found.append(Deviation(what, at: "certificate \(serialNumber)", severity: .warning)) }
        if native.signatureDigest == .sha1, !isSelfSigned { warn("the certificate is signed with SHA-1") }
        if case .rsa(let bits) = keyKind, bits < 2048 { warn("the RSA key has \(bits) bits") }
        if case .other = keyKind { warn("the key is of a kind that is not used here") }
        if keyUsage.isEmpty { warn("the certificate does not say what its key is for") }
        return found
    }
}

extension KeyUsage {
    /// RFC 5280's names, in its order.
    var names: [String] {
        let all: [(KeyUsage, String)] = [
            (.digitalSignature, "digitalSignature"), (.nonRepudiation, "nonRepudiation"), (.keyEncipherment, "keyEncipherment"),
            (.dataEncipherment, "dataEncipherment"), (.keyAgreement, "keyAgreement"), (.keyCertSign, "keyCertSign"),
            (.cRLSign, "cRLSign"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}

extension Inspection.RevocationListFacts {
    init(_ list: RevocationList) {
        issuer = ShownText.free(list.issuer)
        thisUpdate = EbXMLTimestamp(list.thisUpdate).text
        nextUpdate = list.nextUpdate.map { EbXMLTimestamp($0).text }
    }
}

extension Inspection.CMS {
    init(_ structure: CMSStructure) {
        contentType = structure.contentType
        contentCipher = structure.contentCipher
        encoding = structure.encoding.rawValue
        encryptedBytes = structure.encryptedContentLength
        recipients = structure.recipients.map {
            Recipient(
                kind: $0.kind, issuer: $0.issuer, serialNumber: $0.serialNumber, subjectKeyIdentifier: $0.subjectKeyIdentifier,
                keyManagement: $0.keyManagement)
        }
    }

    /// What is written otherwise than we write it, and what is weak.
    func deviations(at place: String) -> [Deviation] {
        var found: [Deviation] = []
        if contentCipher == CMSContentCipher.tripleDESCBC.rawValue {
            found.append(Deviation("encrypted with triple DES", at: place, severity: .warning))
        }
        if encoding == CMSEncoding.ber.rawValue { found.append(Deviation("the envelope is BER, not DER", at: place)) }
        return found
    }
}
