import COpenSSL

/// How a content key reaches an EC key: ephemeral-static Diffie-Hellman, the X9.63 key derivation, AES key wrap. RFC 5753 §3.1.
package struct KeyAgreement: Sendable, Hashable {
    /// What is asked of the other side's point before it is used.
    package enum PointCheck: Sendable, Hashable {
        /// That it lies on the curve and is not the point at infinity. NIST SP 800-56A rev. 3 §5.6.2.3.4.
        ///
        /// Every curve of ``KeyKind/Curve`` is of prime order, so that each such point has that order.
        case onCurve
        /// That, and a multiplication by the order, which on these curves can find nothing more: what OpenSSL does unless it is
        /// told otherwise, for about the price of the agreement itself. §5.6.2.3.3.
        case order
    }

    package let derivation: DigestAlgorithm
    package let wrap: KeyWrap
    package let pointCheck: PointCheck

    package init(derivation: DigestAlgorithm, wrap: KeyWrap, pointCheck: PointCheck = .onCurve) {
        (self.derivation, self.wrap, self.pointCheck) = (derivation, wrap, pointCheck)
    }
}

/// What the sender of an agreed key tells: its ephemeral public point (uncompressed) and the wrapped content key.
package struct AgreedKey: Sendable {
    package let point: [UInt8]
    package let wrapped: [UInt8]

    package init(point: [UInt8], wrapped: [UInt8]) { (self.point, self.wrapped) = (point, wrapped) }
}

extension KeyAgreement {
    /// Wraps `secret` for `recipient` under a key pair made for this one message.
    func encrypt(
        _ secret: borrowing SecretBytes, to recipient: OpaquePointer, group: String, sharedInfo: [UInt8]
    ) throws(NativeError) -> AgreedKey {
        let generator = try KeyContext(algorithm: "EC")
        var generated: OpaquePointer?
        guard EVP_PKEY_keygen_init(generator.pointer) == 1, EVP_PKEY_CTX_set_group_name(generator.pointer, group) == 1,
            EVP_PKEY_generate(generator.pointer, &generated) == 1, let ephemeral = generated
        else { throw NativeError.fromOpenSSL(calling: "EVP_PKEY_generate") }
        defer { EVP_PKEY_free(ephemeral) }
        guard let agreed = try secretAgreed(by: ephemeral, with: recipient) else {
            throw NativeError.fromOpenSSL(calling: "EVP_PKEY_derive")
        }
        let wrapping = try derive(from: agreed, sharedInfo: sharedInfo)
        return AgreedKey(point: try Self.point(of: ephemeral), wrapped: try wrap.wrap(secret, under: wrapping))
    }

    /// The content key, or a random one of the same length when point or wrapped key are wrong in whatever way.
    func decrypt(
        _ agreed: AgreedKey, with key: OpaquePointer, sharedInfo: [UInt8], length: Int
    ) throws(NativeError) -> SecretBytes {
        let substitute = try SecretBytes.random(count: length)
        defer { ERR_clear_error() }
        guard let peer = Self.publicKey(point: agreed.point, like: key) else { return substitute }
        defer { EVP_PKEY_free(peer) }
        guard let secret = try secretAgreed(by: key, with: peer) else { return substitute }
        let wrapping = try derive(from: secret, sharedInfo: sharedInfo)
        guard let unwrapped = try wrap.unwrap(agreed.wrapped, under: wrapping), unwrapped.count == length else {
            return substitute
        }
        return unwrapped
    }

    /// nil when the peer's key is refused.
    private func secretAgreed(by own: OpaquePointer, with peer: OpaquePointer) throws(NativeError) -> SecretBytes? {
        if pointCheck == .onCurve {
            guard EVP_PKEY_public_check_quick(try KeyContext(peer).pointer) == 1 else { return nil }
        }
        let context = try KeyContext(own)
        var length = 0
        guard EVP_PKEY_derive_init(context.pointer) == 1,
            EVP_PKEY_derive_set_peer_ex(context.pointer, peer, pointCheck == .order ? 1 : 0) == 1,
            EVP_PKEY_derive(context.pointer, nil, &length) == 1, length > 0
        else { return nil }
        let secret = SecretBytes(count: length)
        guard EVP_PKEY_derive(context.pointer, secret.pointer, &length) == 1, length == secret.count else { return nil }
        return secret
    }

    /// ANSI X9.63 KDF. SEC 1 §3.6.1.
    private func derive(from secret: borrowing SecretBytes, sharedInfo: [UInt8]) throws(NativeError) -> SecretBytes {
        guard let derivation = FetchedDerivation.x963.pointer, let context = EVP_KDF_CTX_new(derivation) else {
            throw NativeError.fromOpenSSL(calling: "EVP_KDF_CTX_new")
        }
        defer { EVP_KDF_CTX_free(context) }
        let derived = SecretBytes(count: wrap.keyLength)
        var (digest, info) = (Array(self.derivation.encryptionName.utf8CString), sharedInfo)
        let status = digest.withUnsafeMutableBufferPointer { digest in
            info.withUnsafeMutableBytes { info in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(Self.key("digest"), digest.baseAddress, 0),
                    OSSL_PARAM_construct_octet_string(Self.key("key"), secret.storage.baseAddress, secret.count),
                    OSSL_PARAM_construct_octet_string(Self.key("info"), info.baseAddress, info.count),
                    OSSL_PARAM_construct_end(),
                ]
                return EVP_KDF_derive(context, derived.pointer, derived.count, parameters)
            }
        }
        guard status == 1 else { throw NativeError.fromOpenSSL(calling: "EVP_KDF_derive") }
        return derived
    }

    /// A parameter keeps the address of its name, so the name must be one that stays.
    private static func key(_ name: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func point(of key: OpaquePointer) throws(NativeError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = EVP_PKEY_get1_encoded_public_key(key, &bytes)
        guard count > 0, let bytes else { throw NativeError.fromOpenSSL(calling: "EVP_PKEY_get1_encoded_public_key") }
        defer { CRYPTO_free(bytes, #file, #line) }
        return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
    }

    /// nil unless `point` is an uncompressed point of the curve of `own`.
    private static func publicKey(point: [UInt8], like own: OpaquePointer) -> OpaquePointer? {
        guard point.first == 4, let key = EVP_PKEY_new() else { return nil }
        guard EVP_PKEY_copy_parameters(key, own) == 1, EVP_PKEY_set1_encoded_public_key(key, point, point.count) == 1 else {
            EVP_PKEY_free(key)
            return nil
        }
        return key
    }
}

/// One `EVP_KDF`, fetched once.
///
/// `@unchecked Sendable`: fetched algorithms are immutable. nil when the provider has none.
private struct FetchedDerivation: @unchecked Sendable {
    let pointer: OpaquePointer?
    static let x963 = FetchedDerivation(pointer: EVP_KDF_fetch(nil, "X963KDF", nil))
}
