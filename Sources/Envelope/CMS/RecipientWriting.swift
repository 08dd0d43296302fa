import Native

/// The one `RecipientInfo` of an envelope we write.
enum RecipientWriting {
    static func recipientInfo(
        for certificate: Certificate, _ protection: PayloadProtection, _ key: borrowing SecretBytes
    ) throws -> [UInt8] {
        switch (certificate.keyKind, protection) {
        case (.rsa, .national):
            return try keyTransport(certificate, .pkcs1, DER.algorithm(.rsaEncryption, DER.encode(DER.null)), key)
        case (.rsa, .strong):
            return try keyTransport(certificate, .oaep(.sha256, mask: .sha256), optimalPadding, key)
        case (.ec(.p256), .strong), (.ec(.p384), .strong):
            return try keyAgreement(certificate, key)
        case (.ec, .national):
            throw EnvelopeError(
                .certificateAlgorithm, reason: "national protection is for RSA keys, and \(certificate.label) has an EC key")
        case (.ec, .strong), (.other, _):
            throw EnvelopeError(.certificateAlgorithm, reason: "nothing is encrypted to the kind of key of \(certificate.label)")
        }
    }

    private static func keyTransport(
        _ certificate: Certificate, _ transport: RSAKeyTransport, _ algorithm: [UInt8], _ key: borrowing SecretBytes
    ) throws(NativeError) -> [UInt8] {
        let encryptedKey = try certificate.native.publicKey.encrypt(key, transport)
        return DER.encode(
            DER.sequence, DER.encode(integer: 0), issuerAndSerialNumber(certificate), algorithm,
            DER.encode(DER.octetString, encryptedKey))
    }

    private static func keyAgreement(_ certificate: Certificate, _ key: borrowing SecretBytes) throws(NativeError) -> [UInt8] {
        let agreement = KeyAgreement(derivation: .sha256, wrap: .aes256)
        let keyInfo = DER.algorithm(.aes256Wrap)
        let agreed = try certificate.native.publicKey.encrypt(
            key, agreement, sharedInfo: agreement.sharedInfo(keyInfo: keyInfo, userKeyingMaterial: nil))
        let originator = DER.encode(
            DER.constructed(1), DER.algorithm(.ecPublicKey), DER.encode(DER.bitString, [0] + agreed.point))
        let recipientKey = DER.encode(
            DER.sequence, issuerAndSerialNumber(certificate), DER.encode(DER.octetString, agreed.wrapped))
        return DER.encode(
            DER.constructed(1), DER.encode(integer: 3), DER.encode(DER.constructed(0), originator),
            DER.algorithm(.ecdhSHA256, keyInfo), DER.encode(DER.sequence, recipientKey))
    }

    private static func issuerAndSerialNumber(_ certificate: Certificate) -> [UInt8] {
        DER.encode(DER.sequence, certificate.native.issuerDER, certificate.native.serialDER)
    }

    /// SHA-256 and MGF1 with SHA-256; the label stays the empty default. RFC 4055 §4.1.
    private static var optimalPadding: [UInt8] {
        let digest = DER.algorithm(.sha256, DER.encode(DER.null))
        return DER.algorithm(
            .rsaOAEP,
            DER.encode(
                DER.sequence, DER.encode(DER.constructed(0), digest),
                DER.encode(DER.constructed(1), DER.algorithm(.mgf1, digest))))
    }
}
