import Native

/// The names that XML signatures of our profile use. Nothing that is not named here exists for us.
enum SignatureNamespace {
    static let ds = "http://www.w3.org/2000/09/xmldsig#"
    static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    static let soap = "http://schemas.xmlsoap.org/soap/envelope/"
}

enum TransformURI {
    static let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
    static let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116"
}

/// `SignatureMethod`. RSA is PKCS#1 v1.5, ECDSA is `r` and `s` side by side.
enum SignatureMethod: String, Sendable, CaseIterable {
    case rsaSHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    case rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    case rsaSHA384 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
    case rsaSHA512 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
    case ecdsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
    case ecdsaSHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"

    var digest: DigestAlgorithm {
        switch self {
        case .rsaSHA1: .sha1
        case .rsaSHA256, .ecdsaSHA256: .sha256
        case .rsaSHA384, .ecdsaSHA384: .sha384
        case .rsaSHA512: .sha512
        }
    }

    func fits(_ kind: KeyKind) -> Bool {
        switch (self, kind) {
        case (.rsaSHA1, .rsa), (.rsaSHA256, .rsa), (.rsaSHA384, .rsa), (.rsaSHA512, .rsa): true
        case (.ecdsaSHA256, .ec), (.ecdsaSHA384, .ec): true
        default: false
        }
    }

    /// What we write with a key of that kind.
    init?(writingWith kind: KeyKind) {
        switch kind {
        case .rsa: self = .rsaSHA256
        case .ec: self = .ecdsaSHA256
        case .other: return nil
        }
    }
}
