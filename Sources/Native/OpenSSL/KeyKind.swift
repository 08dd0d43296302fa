import COpenSSL

/// What a key is, as far as we use keys.
public enum KeyKind: Sendable, Hashable {
    public enum Curve: String, Sendable, CaseIterable {
        case p256 = "prime256v1"
        case p384 = "secp384r1"
        case p521 = "secp521r1"

        /// Bytes of one coordinate, and of `r` and of `s` in a signature.
        package var fieldBytes: Int {
            switch self {
            case .p256: 32
            case .p384: 48
            case .p521: 66
            }
        }
    }

    case rsa(bits: Int)
    case ec(Curve)
    /// DSA, RSA-PSS, Edwards curves and curves we do not use. Nothing is ever verified or encrypted with it.
    case other

    init(_ key: OpaquePointer) {
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA:
            self = .rsa(bits: Int(EVP_PKEY_get_bits(key)))
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 64)
            var length = 0
            guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1,
                let curve = Curve(rawValue: String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self))
            else {
                ERR_clear_error()
                self = .other
                return
            }
            self = .ec(curve)
        default: self = .other
        }
    }
}
