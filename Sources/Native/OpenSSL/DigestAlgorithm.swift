import COpenSSL

/// The digests that a signature or an envelope may name. SHA-1 is here for the legacy policy alone.
public enum DigestAlgorithm: String, Sendable, Hashable, CaseIterable {
    case sha1 = "http://www.w3.org/2000/09/xmldsig#sha1"
    case sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
    case sha384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
    case sha512 = "http://www.w3.org/2001/04/xmlenc#sha512"

    /// The algorithm an XML signature or XML encryption names by this URI.
    public init?(uri: String) { self.init(rawValue: uri) }
    public var uri: String { rawValue }

    /// Bytes of a digest.
    public var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Fetched from OpenSSL once in the life of the process; fetching costs more than digesting a header.
    var fetched: OpaquePointer {
        switch self {
        case .sha1: Fetched.sha1.pointer
        case .sha256: Fetched.sha256.pointer
        case .sha384: Fetched.sha384.pointer
        case .sha512: Fetched.sha512.pointer
        }
    }

    /// `@unchecked`: an `EVP_MD` is never changed after it is fetched, and this one is never freed.
    private struct Fetched: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ name: String) {
            guard let fetched = EVP_MD_fetch(nil, name, nil) else {
                // Nothing here works without it, and no message may be answered as if it did.
                fatalError("OpenSSL has no \(name)")
            }
            pointer = fetched
        }

        static let sha1 = Fetched("SHA1")
        static let sha256 = Fetched("SHA2-256")
        static let sha384 = Fetched("SHA2-384")
        static let sha512 = Fetched("SHA2-512")
    }
}
