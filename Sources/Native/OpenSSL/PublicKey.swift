import COpenSSL

/// A public key, read once and used as long as the process lives.
///
/// `@unchecked`: OpenSSL 3 lets threads share an `EVP_PKEY` that nobody changes, and the pointer is never given away to be
/// changed.
package final class PublicKey: @unchecked Sendable {
    let pointer: OpaquePointer
    package let kind: KeyKind

    /// Takes over one reference to the key.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
        self.kind = KeyKind(pointer)
    }

    /// Reads a `SubjectPublicKeyInfo`. Trailing bytes are refused.
    package convenience init(der: [UInt8]) throws(NativeError) {
        let parsed = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let key = d2i_PUBKEY(nil, &cursor, buffer.count) else { return nil }
            if cursor == buffer.baseAddress?.advanced(by: buffer.count) { return key }
            EVP_PKEY_free(key)
            return nil
        }
        guard let parsed else { throw .fromOpenSSL(.malformedKeyMaterial, calling: "d2i_PUBKEY") }
        self.init(owning: parsed)
    }

    deinit { EVP_PKEY_free(pointer) }

    /// The key as `SubjectPublicKeyInfo`.
    package var der: [UInt8] {
        let length = i2d_PUBKEY(pointer, nil)
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var cursor = buffer.baseAddress
            count = Int(max(0, i2d_PUBKEY(pointer, &cursor)))
        }
    }

    /// Whether `signature` was made over the message with that digest. RSA is PKCS#1 v1.5; ECDSA is `r` and `s` side by
    /// side, each as long as the field (RFC 6931 §2.3.6), not DER.
    package func verify(_ signature: [UInt8], digest: [UInt8], _ algorithm: DigestAlgorithm) -> Bool {
        guard digest.count == algorithm.length else { return false }
        let encoded: [UInt8]
        switch kind {
        case .rsa: encoded = signature
        case .ec(let curve):
            guard let der = ECDSASignature.der(raw: signature, fieldBytes: curve.fieldBytes) else { return false }
            encoded = der
        case .other: return false
        }
        return isSignature(encoded, of: digest, algorithm)
    }

    package func verify(_ signature: [UInt8], over message: [UInt8], _ algorithm: DigestAlgorithm) -> Bool {
        verify(signature, digest: Digest.of(message, algorithm), algorithm)
    }

    /// Whether `signature` is one that ``PrivateKey/signDetached(_:)`` or `openssl dgst -sha256 -sign` makes over the message.
    package func verifyDetached(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        if case .other = kind { return false }
        return isSignature(signature, of: Digest.of(message, .sha256), .sha256)
    }

    private func isSignature(_ signature: [UInt8], of digest: [UInt8], _ algorithm: DigestAlgorithm) -> Bool {
        guard let context = EVP_PKEY_CTX_new(pointer, nil) else { return false }
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_PKEY_verify_init(context) == 1, EVP_PKEY_CTX_set_signature_md(context, algorithm.fetched) == 1 else {
            return false
        }
        if case .rsa = kind, EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 { return false }
        return EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }
}
