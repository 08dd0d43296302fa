import Native

/// A private key, read once for the life of the process.
public struct PrivateKey: Sendable {
    package let native: Native.PrivateKey

    /// - Parameter passphrase: for an encrypted key; without one an encrypted key is refused.
    /// - Throws: `.keyMalformed`.
    public init(pem: [UInt8], passphrase: [UInt8]? = nil) throws(EnvelopeError) {
        do {
            native = try Native.PrivateKey(pem: pem, passphrase: passphrase)
        } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
    }

    public var kind: KeyKind { native.kind }

    fileprivate func check(belongsTo certificate: Certificate, for use: CertificateUse) throws(EnvelopeError) {
        try certificate.checkKey()
        guard native.belongs(to: certificate.native.publicKey) else {
            throw EnvelopeError(.keyMalformed, reason: "the private key does not belong to \(certificate.label)")
        }
        try certificate.checkUse(use)
    }
}

/// What one of our parties signs with.
public struct SigningIdentity: Sendable {
    public let key: PrivateKey
    public let certificate: Certificate
    /// The certificate in base64, as each signature repeats it.
    let certificateText: [UInt8]

    /// - Throws: `.keyMalformed` when they do not belong together, `.certificateKeyUsage` when the certificate is not for
    ///   signing, `.certificateKeyTooShort`, `.certificateAlgorithm`.
    public init(key: PrivateKey, certificate: Certificate) throws(EnvelopeError) {
        try key.check(belongsTo: certificate, for: .signing)
        (self.key, self.certificate) = (key, certificate)
        certificateText = SignatureBase64.encode(certificate.der)
    }
}

/// What one of our parties opens payloads with. Former ones are kept: partners encrypt for them a while longer.
public struct DecryptionIdentity: Sendable {
    public let key: PrivateKey
    public let certificate: Certificate

    /// - Throws: as ``SigningIdentity``.
    public init(key: PrivateKey, certificate: Certificate) throws(EnvelopeError) {
        try key.check(belongsTo: certificate, for: .encryption)
        (self.key, self.certificate) = (key, certificate)
    }
}
