import COpenSSL

/// A private key, read once and used as long as the process lives: its first use costs more than the next ones.
///
/// `@unchecked`: OpenSSL 3 lets threads share an `EVP_PKEY` that nobody changes, and the pointer is never given away to be
/// changed.
package final class PrivateKey: @unchecked Sendable {
    let pointer: OpaquePointer
    package let kind: KeyKind

    /// - Parameter passphrase: for an encrypted key. Without one an encrypted key is refused; nobody is ever asked.
    /// - Throws: `.malformedKeyMaterial`.
    package init(pem: [UInt8], passphrase: [UInt8]? = nil) throws(NativeError) {
        let source = try memoryBIO(pem)
        defer { BIO_free(source) }
        let read = withUnsafePointer(to: passphrase) { passphrase in
            PEM_read_bio_PrivateKey(
                source, nil,
                { buffer, size, _, context in
                    guard let buffer, let secret = context?.assumingMemoryBound(to: [UInt8]?.self).pointee,
                        secret.count <= Int(size)
                    else { return -1 }
                    for (position, byte) in secret.enumerated() { buffer[position] = CChar(bitPattern: byte) }
                    return Int32(secret.count)
                }, UnsafeMutableRawPointer(mutating: passphrase))
        }
        guard let read else { throw .fromOpenSSL(.malformedKeyMaterial, calling: "PEM_read_bio_PrivateKey") }
        pointer = read
        kind = KeyKind(read)
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Whether `publicKey` is the other half.
    package func belongs(to publicKey: PublicKey) -> Bool {
        defer { ERR_clear_error() }
        return EVP_PKEY_eq(pointer, publicKey.pointer) == 1
    }

    /// A signature over the message with that digest: RSA PKCS#1 v1.5, or ECDSA as `r` and `s` side by side.
    package func sign(digest: [UInt8], _ algorithm: DigestAlgorithm) throws(NativeError) -> [UInt8] {
        guard digest.count == algorithm.length else { throw NativeError(.openSSL, reason: "the digest has another length") }
        switch kind {
        case .rsa: return try signature(of: digest, algorithm)
        case .ec(let curve):
            guard let raw = ECDSASignature.raw(der: try signature(of: digest, algorithm), fieldBytes: curve.fieldBytes) else {
                throw NativeError(.openSSL, reason: "OpenSSL wrote an ECDSA signature that cannot be read")
            }
            return raw
        case .other: throw NativeError(.malformedKeyMaterial, reason: "a key of this kind does not sign")
        }
    }

    package func sign(_ message: [UInt8], _ algorithm: DigestAlgorithm) throws(NativeError) -> [UInt8] {
        try sign(digest: Digest.of(message, algorithm), algorithm)
    }

    /// A signature in the form in which programs exchange them, `openssl dgst -sign` for one: RSA PKCS#1 v1.5, or ECDSA in DER.
    package func signDetached(_ message: [UInt8]) throws(NativeError) -> [UInt8] {
        try signature(of: Digest.of(message, .sha256), .sha256)
    }

    private func signature(of digest: [UInt8], _ algorithm: DigestAlgorithm) throws(NativeError) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new(pointer, nil) else { throw .fromOpenSSL(calling: "EVP_PKEY_CTX_new") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_sign_init(context) == 1, EVP_PKEY_CTX_set_signature_md(context, algorithm.fetched) == 1 else {
            throw .fromOpenSSL(calling: "EVP_PKEY_sign_init")
        }
        if case .rsa = kind, EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 {
            throw .fromOpenSSL(calling: "EVP_PKEY_CTX_set_rsa_padding")
        }
        var length = Int(EVP_PKEY_get_size(pointer))
        var done: Int32 = 0
        let signature = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            done = EVP_PKEY_sign(context, buffer.baseAddress, &length, digest, digest.count)
            count = done == 1 ? length : 0
        }
        guard done == 1 else { throw .fromOpenSSL(calling: "EVP_PKEY_sign") }
        return signature
    }
}
