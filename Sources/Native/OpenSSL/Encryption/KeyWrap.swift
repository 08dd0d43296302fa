import COpenSSL

/// AES key wrap. RFC 3394.
package enum KeyWrap: Sendable, Hashable, CaseIterable {
    case aes128, aes192, aes256

    package var keyLength: Int {
        switch self {
        case .aes128: 16
        case .aes192: 24
        case .aes256: 32
        }
    }

    /// `secret` wrapped: 8 bytes longer.
    package func wrap(_ secret: borrowing SecretBytes, under key: borrowing SecretBytes) throws(NativeError) -> [UInt8] {
        let context = try CipherContext(fetched, key: key, vector: nil, encrypts: true)
        var length: Int32 = 0
        var wrapped = [UInt8](repeating: 0, count: secret.count + 8)
        guard secret.count >= 16, secret.count.isMultiple(of: 8), secret.count <= 1024,
            EVP_CipherUpdate(context.pointer, &wrapped, &length, secret.pointer, Int32(secret.count)) == 1,
            Int(length) == wrapped.count
        else { throw NativeError.fromOpenSSL(calling: "AES key wrap") }
        return wrapped
    }

    /// nil when the integrity check of the wrap fails or the length cannot be one.
    package func unwrap(_ wrapped: [UInt8], under key: borrowing SecretBytes) throws(NativeError) -> SecretBytes? {
        guard wrapped.count >= 24, wrapped.count.isMultiple(of: 8), wrapped.count <= 1032 else { return nil }
        let context = try CipherContext(fetched, key: key, vector: nil, encrypts: false)
        defer { ERR_clear_error() }
        var length: Int32 = 0
        // Room for the integrity block that OpenSSL checks and drops.
        let secret = SecretBytes(count: wrapped.count)
        guard EVP_CipherUpdate(context.pointer, secret.pointer, &length, wrapped, Int32(wrapped.count)) == 1,
            Int(length) == wrapped.count - 8
        else { return nil }
        return secret.prefix(Int(length))
    }

    private var fetched: FetchedCipher {
        switch self {
        case .aes128: FetchedCipher.aes128Wrap
        case .aes192: FetchedCipher.aes192Wrap
        case .aes256: FetchedCipher.aes256Wrap
        }
    }
}
