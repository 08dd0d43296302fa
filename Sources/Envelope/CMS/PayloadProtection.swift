/// The two strengths of the payload envelope; partners agree on one.
public enum PayloadProtection: String, Sendable, Hashable, CaseIterable {
    /// What every record system in the country reads: EnvelopedData, AES-256-CBC, RSA PKCS#1 v1.5.
    ///
    /// It keeps a payload secret and does not keep it from being changed. Only the message's signature over these very bytes does.
    case national
    /// Between our own gateways: AuthEnvelopedData, AES-256-GCM, RSA-OAEP with SHA-256 or ECDH.
    case strong
}

/// What a partner may send. Nothing in the message itself widens it.
public struct CMSPolicy: Sendable, Hashable {
    /// What was agreed: `.strong` refuses everything weaker, `.national` takes the stronger form too.
    public var requires: PayloadProtection
    /// Whether triple DES is still read from this partner. It is reported each time.
    public var allows3DES: Bool

    public init(requires: PayloadProtection, allows3DES: Bool = false) {
        (self.requires, self.allows3DES) = (requires, allows3DES)
    }
}
