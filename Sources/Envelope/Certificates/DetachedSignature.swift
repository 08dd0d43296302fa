import Native

/// A signature that stands beside what it covers, such as `openssl dgst -sha256 -verify` checks: SHA-256 with RSA PKCS#1 v1.5
/// or ECDSA in DER.
public enum DetachedSignature {
    /// - Throws: `.keyMalformed` for a key that does not sign.
    public static func make(over bytes: [UInt8], with identity: SigningIdentity) throws(EnvelopeError) -> [UInt8] {
        do {
            return try identity.key.native.signDetached(bytes)
        } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
    }

    /// Whether the certificate's key made the signature over exactly these bytes. Whose the certificate is, and whether it held
    /// then, is the caller's matter.
    public static func holds(_ signature: [UInt8], over bytes: [UInt8], by certificate: Certificate) -> Bool {
        certificate.native.publicKey.verifyDetached(signature, over: bytes)
    }
}
