import Native

/// How the content key is encrypted, with all its parameters.
enum KeyManagement: Hashable {
    case transport(RSAKeyTransport)
    /// `keyInfo` is the key wrap's AlgorithmIdentifier in DER, which the key derivation takes in.
    case agreement(KeyAgreement, keyInfo: [UInt8])

    /// - Throws: `.profile` for what is not on the list.
    init(_ recipient: CMSRecipient) throws(BERFailure) {
        guard let algorithm = recipient.algorithm else { throw .profile("a recipient without an algorithm") }
        switch recipient.kind {
        case .keyTransport: self = .transport(try Self.transport(algorithm))
        case .keyAgreement: self = try Self.agreement(algorithm)
        case .other(let name): throw .profile("\(name) is not read")
        }
    }

    private static func transport(_ algorithm: CMSAlgorithm) throws(BERFailure) -> RSAKeyTransport {
        switch algorithm.identifier {
        case .rsaEncryption where algorithm.hasNoParameters: return .pkcs1
        case .rsaOAEP: return try optimalPadding(algorithm)
        default: throw .profile("key transport \(algorithm.identifier.name) is not read")
        }
    }

    /// `SEQUENCE { hashAlgorithm [0] DEFAULT sha1, maskGenAlgorithm [1] DEFAULT mgf1SHA1, pSourceAlgorithm [2] DEFAULT empty }`.
    /// RFC 4055 §4.1.
    private static func optimalPadding(_ algorithm: CMSAlgorithm) throws(BERFailure) -> RSAKeyTransport {
        guard let parameters = algorithm.parameters, parameters.tag == DER.sequence else {
            throw .profile("RSA-OAEP without parameters")
        }
        var inside = parameters.cursor()
        var (hash, mask) = (DigestAlgorithm.sha1, DigestAlgorithm.sha1)
        if let element = try inside.optional(DER.constructed(0)) { hash = try digest(try only(element)) }
        if let element = try inside.optional(DER.constructed(1)) {
            let generator = try only(element)
            guard generator.identifier == .mgf1, let parameters = generator.parameters, parameters.tag == DER.sequence else {
                throw .profile("RSA-OAEP with an unknown mask")
            }
            mask = try digest(try CMSAlgorithm(parameters))
        }
        if let element = try inside.optional(DER.constructed(2)) {
            let source = try only(element)
            guard source.identifier == .pSpecified, source.parameters?.tag == DER.octetString,
                source.parameters?.contents.isEmpty == true
            else { throw .profile("RSA-OAEP with a label is not read") }
        }
        try inside.leave()
        return .oaep(hash, mask: mask)
    }

    private static func only(_ element: BERElement) throws(BERFailure) -> CMSAlgorithm {
        var inside = element.cursor()
        let algorithm = try CMSAlgorithm(try inside.element(DER.sequence, "an algorithm"))
        try inside.leave()
        return algorithm
    }

    private static func digest(_ algorithm: CMSAlgorithm) throws(BERFailure) -> DigestAlgorithm {
        guard algorithm.hasNoParameters else { throw .profile("a digest with parameters") }
        switch algorithm.identifier {
        case .sha1: return .sha1
        case .sha256: return .sha256
        case .sha384: return .sha384
        case .sha512: return .sha512
        default: throw .profile("digest \(algorithm.identifier.dotted) is not read")
        }
    }

    /// The algorithm names the key derivation, its parameters the key wrap. RFC 5753 §7.1.4.
    private static func agreement(_ algorithm: CMSAlgorithm) throws(BERFailure) -> KeyManagement {
        let derivation: DigestAlgorithm
        switch algorithm.identifier {
        case .ecdhSHA256: derivation = .sha256
        case .ecdhSHA384: derivation = .sha384
        case .ecdhSHA512: derivation = .sha512
        default: throw .profile("key agreement \(algorithm.identifier.name) is not read")
        }
        guard let parameters = algorithm.parameters, parameters.tag == DER.sequence else {
            throw .profile("key agreement without a key wrap")
        }
        let wrapping = try CMSAlgorithm(parameters)
        guard wrapping.hasNoParameters, let wrap = wraps[wrapping.identifier] else {
            throw .profile("key wrap \(wrapping.identifier.name) is not read")
        }
        let keyInfo = DER.algorithm(wrapping.identifier, wrapping.parameters == nil ? nil : DER.encode(DER.null))
        return .agreement(KeyAgreement(derivation: derivation, wrap: wrap), keyInfo: keyInfo)
    }

    private static let wraps: [ObjectIdentifier: KeyWrap] = [
        .aes128Wrap: .aes128, .aes192Wrap: .aes192, .aes256Wrap: .aes256,
    ]

    /// Whether `.strong` was agreed with this in mind.
    var isStrong: Bool {
        switch self {
        case .transport(.pkcs1): false
        case .transport(.oaep(let hash, let mask)): hash != .sha1 && mask != .sha1
        case .agreement(let agreement, _): agreement.wrap == .aes256
        }
    }

    var fact: CMSKeyManagement {
        switch self {
        case .transport(.pkcs1): .rsaPKCS1v15
        case .transport(.oaep): .rsaOAEP
        case .agreement: .ecdh
        }
    }
}

extension KeyAgreement {
    /// `ECC-CMS-SharedInfo ::= SEQUENCE { keyInfo AlgorithmIdentifier, entityUInfo [0] EXPLICIT OCTET STRING OPTIONAL,
    /// suppPubInfo [2] EXPLICIT OCTET STRING }`. RFC 5753 §7.2.
    ///
    /// - Parameter keyInfo: the key wrap's AlgorithmIdentifier in DER, with NULL or without as in the message.
    func sharedInfo(keyInfo: [UInt8], userKeyingMaterial: [UInt8]?) -> [UInt8] {
        let bits = UInt32(wrap.keyLength * 8)
        let length = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * $0)) }
        return DER.encode(
            DER.sequence, keyInfo,
            userKeyingMaterial.map { DER.encode(DER.constructed(0), DER.encode(DER.octetString, $0)) } ?? [],
            DER.encode(DER.constructed(2), DER.encode(DER.octetString, length)))
    }
}
