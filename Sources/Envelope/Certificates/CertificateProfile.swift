import Native

extension Certificate {
    /// What holds for every certificate we use, whoever issued it: what OpenSSL's path validation does not look at.
    func checkForm() throws(EnvelopeError) {
        guard !native.hasInvalidExtension else {
            throw EnvelopeError(.certificateMalformed, reason: "\(label) has an extension that cannot be read")
        }
        guard SerialNumber(der: native.serialDER).isValid else {
            throw EnvelopeError(.certificateMalformed, reason: "\(label): a serial number is positive and at most 20 octets")
        }
        guard native.extensionCriticality(ExtensionID.nameConstraints) == nil else {
            throw EnvelopeError(.certificateMalformed, reason: "\(label) is no authority but has name constraints")
        }
        guard !native.dnsNames.contains(where: Self.isAddress) else {
            throw EnvelopeError(.certificateMalformed, reason: "\(label) has an IP address for a DNS name")
        }
        guard !isSelfSigned else { throw EnvelopeError(.certificateUntrusted, reason: "\(label) is self-signed") }
        guard let digest = native.signatureDigest, digest != .sha1 else {
            throw EnvelopeError(.certificateAlgorithm, reason: "\(label) is signed with a digest that is not SHA-2")
        }
        try checkKey()
    }

    private static func isAddress(_ name: String) -> Bool {
        name.contains(":") || name.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
    }

    /// RSA of 2048 bits or more, or one of the three NIST curves.
    func checkKey() throws(EnvelopeError) {
        switch keyKind {
        case .rsa(let bits) where bits < 2048:
            throw EnvelopeError(.certificateKeyTooShort, reason: "\(label) has an RSA key of \(bits) bits")
        case .rsa, .ec: break
        case .other: throw EnvelopeError(.certificateAlgorithm, reason: "\(label) has a key of a kind that is not used here")
        }
    }

    /// Whether key usage says what the certificate is to be used for. One that says nothing is for TLS alone, where that is
    /// common.
    func checkUse(_ use: CertificateUse) throws(EnvelopeError) {
        let fits =
            switch (use, keyKind) {
            case (.signing, _): keyUsage.contains(.nonRepudiation)
            case (.encryption, .ec): keyUsage.contains(.keyAgreement)
            case (.encryption, _): keyUsage.contains(.keyEncipherment)
            case (.tlsServer, _):
                keyUsage.isEmpty || !keyUsage.isDisjoint(with: [.digitalSignature, .keyEncipherment, .keyAgreement])
            }
        guard fits else { throw EnvelopeError(.certificateKeyUsage, reason: "\(label) is not for \(use.rawValue)") }
    }
}

enum ExtensionID {
    static let nameConstraints = "2.5.29.30"
}
