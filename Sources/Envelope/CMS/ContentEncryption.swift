import Native

/// The content cipher of an envelope with its initialisation vector or nonce.
struct ContentEncryption {
    let cipher: CMSContentCipher
    let vector: [UInt8]

    init(cipher: CMSContentCipher, vector: [UInt8]) { (self.cipher, self.vector) = (cipher, vector) }

    /// - Throws: `.profile` for a cipher that is not on the list or is in the wrong kind of envelope, `.malformed` for parameters
    ///   that are not its own.
    init(_ algorithm: CMSAlgorithm, isAuthenticated: Bool) throws(BERFailure) {
        guard let cipher = Self.ciphers[algorithm.identifier] else {
            throw .profile("content encryption \(algorithm.identifier.name) is not read")
        }
        guard cipher.native.isAuthenticated == isAuthenticated else {
            throw .profile("\(cipher.rawValue) does not belong in this kind of envelope")
        }
        guard let parameters = algorithm.parameters else { throw .profile("\(cipher.rawValue) without parameters") }
        self.cipher = cipher
        vector = isAuthenticated ? try Self.nonce(parameters) : try Self.initialisationVector(parameters)
        guard vector.count == cipher.native.vectorLength else {
            throw .profile("\(cipher.rawValue) with an initialisation vector of \(vector.count) bytes")
        }
    }

    private static func initialisationVector(_ parameters: BERElement) throws(BERFailure) -> [UInt8] {
        guard parameters.tag == DER.octetString else { throw .profile("parameters that are no initialisation vector") }
        return parameters.contents
    }

    /// `GCMParameters ::= SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER DEFAULT 12 }`. RFC 5084 §3.2.
    ///
    /// The default is refused along with every other length but 16: a shorter tag is a cheaper forgery.
    private static func nonce(_ parameters: BERElement) throws(BERFailure) -> [UInt8] {
        guard parameters.tag == DER.sequence else { throw .profile("parameters that are not those of GCM") }
        var inside = parameters.cursor()
        let nonce = try inside.element(DER.octetString, "a nonce").contents
        let length = try inside.optional(DER.integer)?.smallInteger() ?? 12
        try inside.leave()
        guard length == ContentCipher.tagLength else { throw .profile("an authentication tag of \(length) bytes is not read") }
        return nonce
    }

    private static let ciphers: [ObjectIdentifier: CMSContentCipher] = [
        .aes128CBC: .aes128CBC, .aes192CBC: .aes192CBC, .aes256CBC: .aes256CBC, .tripleDESCBC: .tripleDESCBC,
        .aes128GCM: .aes128GCM, .aes192GCM: .aes192GCM, .aes256GCM: .aes256GCM,
    ]

    /// `AlgorithmIdentifier` in DER, of the two ciphers that are written.
    var der: [UInt8] {
        let vector = DER.encode(DER.octetString, self.vector)
        return switch cipher.native.isAuthenticated {
        case true:
            DER.algorithm(.aes256GCM, DER.encode(DER.sequence, vector, DER.encode(integer: UInt8(ContentCipher.tagLength))))
        case false: DER.algorithm(.aes256CBC, vector)
        }
    }
}

extension CMSContentCipher {
    var native: ContentCipher {
        switch self {
        case .aes128CBC: .aes128CBC
        case .aes192CBC: .aes192CBC
        case .aes256CBC: .aes256CBC
        case .tripleDESCBC: .tripleDESCBC
        case .aes128GCM: .aes128GCM
        case .aes192GCM: .aes192GCM
        case .aes256GCM: .aes256GCM
        }
    }
}
