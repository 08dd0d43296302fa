import COpenSSL

/// How a content key is encrypted to an RSA key. RFC 8017.
package enum RSAKeyTransport: Sendable, Hashable {
    /// RSAES-PKCS1-v1_5.
    case pkcs1
    /// RSAES-OAEP with an empty label.
    case oaep(DigestAlgorithm, mask: DigestAlgorithm)
}

extension RSAKeyTransport {
    static func encrypt(_ secret: borrowing SecretBytes, to key: OpaquePointer, _ transport: Self) throws(NativeError) -> [UInt8]
    {
        let context = try KeyContext(key)
        guard EVP_PKEY_encrypt_init(context.pointer) == 1, context.set(transport) else {
            throw NativeError.fromOpenSSL(calling: "EVP_PKEY_encrypt_init")
        }
        let size = Int(EVP_PKEY_get_size(key))
        var succeeded = false
        let encrypted = [UInt8](unsafeUninitializedCapacity: size) { target, written in
            written = size
            succeeded = EVP_PKEY_encrypt(context.pointer, target.baseAddress, &written, secret.pointer, secret.count) == 1
            if !succeeded { written = 0 }
        }
        guard succeeded, encrypted.count == size else { throw NativeError.fromOpenSSL(calling: "EVP_PKEY_encrypt") }
        return encrypted
    }

    /// The content key, or, when `encrypted` is damaged in whatever way, a random key of the same length.
    ///
    /// A caller cannot tell the two apart, and so cannot tell a sender (Bleichenbacher 1998, RFC 3218): the content then fails like
    /// any damaged content.
    static func decrypt(
        _ encrypted: [UInt8], with key: OpaquePointer, _ transport: Self, length: Int
    ) throws(NativeError) -> SecretBytes {
        let substitute = try SecretBytes.random(count: length)
        defer { ERR_clear_error() }
        switch transport {
        case .pkcs1:
            guard let block = try raw(encrypted, with: key, padding: RSA_NO_PADDING, transport) else { return substitute }
            return unpadded(block, orElse: substitute)
        case .oaep:
            guard let secret = try raw(encrypted, with: key, padding: RSA_PKCS1_OAEP_PADDING, transport), secret.count == length
            else { return substitute }
            return secret
        }
    }

    /// nil when OpenSSL refuses, which for `RSA_NO_PADDING` depends on nothing secret: only on length and size of `encrypted`.
    private static func raw(
        _ encrypted: [UInt8], with key: OpaquePointer, padding: Int32, _ transport: Self
    ) throws(NativeError) -> SecretBytes? {
        let context = try KeyContext(key)
        guard EVP_PKEY_decrypt_init(context.pointer) == 1,
            padding == RSA_NO_PADDING
                ? EVP_PKEY_CTX_set_rsa_padding(context.pointer, padding) == 1 : context.set(transport)
        else { throw NativeError.fromOpenSSL(calling: "EVP_PKEY_decrypt_init") }
        let size = Int(EVP_PKEY_get_size(key))
        guard encrypted.count == size else { return nil }
        let block = SecretBytes(count: size)
        var written = size
        guard EVP_PKEY_decrypt(context.pointer, block.pointer, &written, encrypted, encrypted.count) == 1 else { return nil }
        return written == size ? block : block.prefix(written)
    }

    /// EME-PKCS1-v1_5 decoding for a message whose length is known, without a branch or an index that depends on the block:
    /// `00 02 (no zeros) 00 key`. RFC 8017 §7.2.2.
    private static func unpadded(_ block: consuming SecretBytes, orElse substitute: consuming SecretBytes) -> SecretBytes {
        let (size, length) = (block.count, substitute.count)
        guard size >= length + 11 else { return substitute }
        var wrong = block.storage[0] | (block.storage[1] ^ 2) | block.storage[size - length - 1]
        for position in 2..<(size - length - 1) { wrong |= zeroMask(block.storage[position]) }
        let right = zeroMask(wrong)
        for position in 0..<length {
            substitute.storage[position] =
                (block.storage[size - length + position] & right) | (substitute.storage[position] & ~right)
        }
        return substitute
    }

    /// 0xFF for 0, 0 for everything else, without a branch.
    private static func zeroMask(_ byte: UInt8) -> UInt8 { UInt8(truncatingIfNeeded: (UInt16(byte) &- 1) >> 8) }
}

/// Owns one `EVP_PKEY_CTX`.
struct KeyContext: ~Copyable {
    let pointer: OpaquePointer

    init(_ key: OpaquePointer) throws(NativeError) {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
            throw NativeError.fromOpenSSL(calling: "EVP_PKEY_CTX_new_from_pkey")
        }
        pointer = context
    }

    init(algorithm: String) throws(NativeError) {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, algorithm, nil) else {
            throw NativeError.fromOpenSSL(calling: "EVP_PKEY_CTX_new_from_name")
        }
        pointer = context
    }

    deinit { EVP_PKEY_CTX_free(pointer) }

    borrowing func set(_ transport: RSAKeyTransport) -> Bool {
        switch transport {
        case .pkcs1: EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_PADDING) == 1
        case .oaep(let digest, let mask):
            EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_OAEP_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_oaep_md_name(pointer, digest.encryptionName, nil) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md_name(pointer, mask.encryptionName, nil) == 1
        }
    }
}

extension DigestAlgorithm {
    /// The name OpenSSL's key operations know it by.
    var encryptionName: String {
        switch self {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha384: "SHA384"
        case .sha512: "SHA512"
        }
    }
}
