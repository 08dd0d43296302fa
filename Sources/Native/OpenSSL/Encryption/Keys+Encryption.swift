import COpenSSL

extension PublicKey {
    /// Encrypts a content key to this RSA key.
    ///
    /// - Throws: `.malformedKeyMaterial` when this is no RSA key.
    package func encrypt(_ secret: borrowing SecretBytes, _ transport: RSAKeyTransport) throws(NativeError) -> [UInt8] {
        guard case .rsa = kind else { throw NativeError(.malformedKeyMaterial, reason: "key transport needs an RSA key") }
        return try RSAKeyTransport.encrypt(secret, to: pointer, transport)
    }

    /// Wraps a content key for this EC key.
    ///
    /// - Parameter sharedInfo: `ECC-CMS-SharedInfo` in DER. RFC 5753 §7.2.
    /// - Throws: `.malformedKeyMaterial` when this is no EC key.
    package func encrypt(
        _ secret: borrowing SecretBytes, _ agreement: KeyAgreement, sharedInfo: [UInt8]
    ) throws(NativeError) -> AgreedKey {
        guard case .ec(let curve) = kind else {
            throw NativeError(.malformedKeyMaterial, reason: "key agreement needs an EC key")
        }
        return try agreement.encrypt(secret, to: pointer, group: curve.rawValue, sharedInfo: sharedInfo)
    }
}

extension PrivateKey {
    /// The content key of `length` bytes, or a random one when `encrypted` is damaged; the caller cannot tell which.
    ///
    /// - Throws: `.malformedKeyMaterial` when this is no RSA key, `.openSSL` when the library itself is out of order. Neither
    ///   depends on what `encrypted` holds.
    package func decrypt(_ encrypted: [UInt8], _ transport: RSAKeyTransport, length: Int) throws(NativeError) -> SecretBytes {
        guard case .rsa = kind else { throw NativeError(.malformedKeyMaterial, reason: "key transport needs an RSA key") }
        return try RSAKeyTransport.decrypt(encrypted, with: pointer, transport, length: length)
    }

    /// As ``decrypt(_:_:length:)`` for a key that was agreed.
    package func decrypt(
        _ agreed: AgreedKey, _ agreement: KeyAgreement, sharedInfo: [UInt8], length: Int
    ) throws(NativeError) -> SecretBytes {
        guard case .ec = kind else { throw NativeError(.malformedKeyMaterial, reason: "key agreement needs an EC key") }
        return try agreement.decrypt(agreed, with: pointer, sharedInfo: sharedInfo, length: length)
    }
}

extension X509Certificate {
    /// Whether `name`, in DER, is the issuer's name, perhaps in other string types or letter cases. RFC 5280 §7.1.
    package func isIssued(by name: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        return name.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let parsed = d2i_X509_NAME(nil, &cursor, buffer.count) else { return false }
            defer { X509_NAME_free(parsed) }
            return X509_NAME_cmp(parsed, X509_get_issuer_name(pointer)) == 0
        }
    }
}
