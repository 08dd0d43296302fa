/// How a payload was protected, known once it has been opened.
public struct CMSFacts: Sendable, Hashable {
    /// `.strong` only when every part of it is: cipher, key management, tag.
    public let protection: PayloadProtection
    public let contentCipher: CMSContentCipher
    public let keyManagement: CMSKeyManagement
    public let encoding: CMSEncoding
    /// The certificate whose key opened it: a former one means that the sender should be told of the new one.
    public let openedWith: Certificate
    public let deviations: [Deviation]
}

/// The ciphers that are read.
public enum CMSContentCipher: String, Sendable, Hashable, CaseIterable {
    case aes128CBC = "AES-128-CBC"
    case aes192CBC = "AES-192-CBC"
    case aes256CBC = "AES-256-CBC"
    case tripleDESCBC = "DES-EDE3-CBC"
    case aes128GCM = "AES-128-GCM"
    case aes192GCM = "AES-192-GCM"
    case aes256GCM = "AES-256-GCM"
}

/// The ways a content key may reach us.
public enum CMSKeyManagement: String, Sendable, Hashable, CaseIterable {
    case rsaPKCS1v15 = "RSA PKCS#1 v1.5"
    case rsaOAEP = "RSA-OAEP"
    case ecdh = "ECDH"
}

public enum CMSEncoding: String, Sendable, Hashable {
    /// Every length is known beforehand, and the content is in one piece.
    case der = "DER"
    /// Lengths are indefinite, or the content comes in pieces.
    case ber = "BER"
}
