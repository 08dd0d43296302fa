import COpenSSL

/// The content ciphers there are. What is not here cannot be asked for.
package enum ContentCipher: String, Sendable, Hashable, CaseIterable {
    case aes128CBC = "AES-128-CBC"
    case aes192CBC = "AES-192-CBC"
    case aes256CBC = "AES-256-CBC"
    /// Read only: ``CipherEncryption`` refuses it.
    case tripleDESCBC = "DES-EDE3-CBC"
    case aes128GCM = "AES-128-GCM"
    case aes192GCM = "AES-192-GCM"
    case aes256GCM = "AES-256-GCM"

    package var keyLength: Int {
        switch self {
        case .aes128CBC, .aes128GCM: 16
        case .aes192CBC, .aes192GCM, .tripleDESCBC: 24
        case .aes256CBC, .aes256GCM: 32
        }
    }

    /// Length of the initialisation vector, or of the nonce.
    package var vectorLength: Int {
        switch self {
        case .aes128CBC, .aes192CBC, .aes256CBC: 16
        case .tripleDESCBC: 8
        case .aes128GCM, .aes192GCM, .aes256GCM: 12
        }
    }

    package var blockLength: Int { self == .tripleDESCBC ? 8 : 16 }

    package var isAuthenticated: Bool {
        switch self {
        case .aes128GCM, .aes192GCM, .aes256GCM: true
        case .aes128CBC, .aes192CBC, .aes256CBC, .tripleDESCBC: false
        }
    }

    /// The only tag length that is written or read.
    package static let tagLength = 16

    var fetched: FetchedCipher {
        switch self {
        case .aes128CBC: FetchedCipher.aes128CBC
        case .aes192CBC: FetchedCipher.aes192CBC
        case .aes256CBC: FetchedCipher.aes256CBC
        case .tripleDESCBC: FetchedCipher.tripleDESCBC
        case .aes128GCM: FetchedCipher.aes128GCM
        case .aes192GCM: FetchedCipher.aes192GCM
        case .aes256GCM: FetchedCipher.aes256GCM
        }
    }
}

/// One `EVP_CIPHER`, fetched once for the life of the process: fetching costs more than encrypting a small message.
///
/// `@unchecked Sendable`: OpenSSL's fetched algorithms are immutable and counted atomically. nil when the provider has none.
struct FetchedCipher: @unchecked Sendable {
    let pointer: OpaquePointer?

    private init(_ name: String) { pointer = EVP_CIPHER_fetch(nil, name, nil) }

    static let aes128CBC = FetchedCipher("AES-128-CBC")
    static let aes192CBC = FetchedCipher("AES-192-CBC")
    static let aes256CBC = FetchedCipher("AES-256-CBC")
    static let tripleDESCBC = FetchedCipher("DES-EDE3-CBC")
    static let aes128GCM = FetchedCipher("AES-128-GCM")
    static let aes192GCM = FetchedCipher("AES-192-GCM")
    static let aes256GCM = FetchedCipher("AES-256-GCM")
    static let aes128Wrap = FetchedCipher("AES-128-WRAP")
    static let aes192Wrap = FetchedCipher("AES-192-WRAP")
    static let aes256Wrap = FetchedCipher("AES-256-WRAP")
}
