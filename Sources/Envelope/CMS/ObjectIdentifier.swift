/// An ASN.1 object identifier, kept as the contents of its encoding. X.690 §8.19.
struct ObjectIdentifier: Hashable, Sendable {
    let contents: [UInt8]

    init(contents: [UInt8]) { self.contents = contents }

    /// From numbers, for the names below.
    init(_ numbers: Int...) {
        contents = [UInt8(numbers[0] * 40 + numbers[1])] + numbers.dropFirst(2).flatMap(Self.base128)
    }

    private static func base128(_ number: Int) -> [UInt8] {
        var (rest, octets) = (number >> 7, [UInt8(number & 0x7F)])
        while rest > 0 {
            octets.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return octets
    }

    var der: [UInt8] { DER.encode(DER.objectIdentifier, contents) }

    /// As people write it; a number too large for us is a question mark.
    var dotted: String {
        var numbers: [String] = []
        var (value, isFirst) = (0, true)
        for octet in contents {
            value = value > Int.max >> 8 ? -1 : value << 7 | Int(octet & 0x7F)
            guard octet & 0x80 == 0 else { continue }
            if isFirst {
                numbers += ["\(min(value / 40, 2))", "\(value - min(value / 40, 2) * 40)"]
            } else {
                numbers.append(value < 0 ? "?" : "\(value)")
            }
            (value, isFirst) = (0, false)
        }
        return numbers.joined(separator: ".")
    }
}

extension ObjectIdentifier {
    // Content types. RFC 5652 §3, RFC 5083 §2.1.
    static let data = Self(1, 2, 840, 113549, 1, 7, 1)
    static let envelopedData = Self(1, 2, 840, 113549, 1, 7, 3)
    static let authEnvelopedData = Self(1, 2, 840, 113549, 1, 9, 16, 1, 23)

    // Content encryption. RFC 3565, RFC 5084, RFC 3370 §5.1.
    static let aes128CBC = Self(2, 16, 840, 1, 101, 3, 4, 1, 2)
    static let aes192CBC = Self(2, 16, 840, 1, 101, 3, 4, 1, 22)
    static let aes256CBC = Self(2, 16, 840, 1, 101, 3, 4, 1, 42)
    static let tripleDESCBC = Self(1, 2, 840, 113549, 3, 7)
    static let aes128GCM = Self(2, 16, 840, 1, 101, 3, 4, 1, 6)
    static let aes192GCM = Self(2, 16, 840, 1, 101, 3, 4, 1, 26)
    static let aes256GCM = Self(2, 16, 840, 1, 101, 3, 4, 1, 46)

    // Key management. RFC 3370 §4.2, RFC 4055, RFC 5753 §7.1.4, RFC 3565 §2.3.
    static let rsaEncryption = Self(1, 2, 840, 113549, 1, 1, 1)
    static let rsaOAEP = Self(1, 2, 840, 113549, 1, 1, 7)
    static let mgf1 = Self(1, 2, 840, 113549, 1, 1, 8)
    static let pSpecified = Self(1, 2, 840, 113549, 1, 1, 9)
    static let ecPublicKey = Self(1, 2, 840, 10045, 2, 1)
    static let ecdhSHA256 = Self(1, 3, 132, 1, 11, 1)
    static let ecdhSHA384 = Self(1, 3, 132, 1, 11, 2)
    static let ecdhSHA512 = Self(1, 3, 132, 1, 11, 3)
    static let aes128Wrap = Self(2, 16, 840, 1, 101, 3, 4, 1, 5)
    static let aes192Wrap = Self(2, 16, 840, 1, 101, 3, 4, 1, 25)
    static let aes256Wrap = Self(2, 16, 840, 1, 101, 3, 4, 1, 45)

    // Digests. RFC 4055 §2.1.
    static let sha1 = Self(1, 3, 14, 3, 2, 26)
    static let sha256 = Self(2, 16, 840, 1, 101, 3, 4, 2, 1)
    static let sha384 = Self(2, 16, 840, 1, 101, 3, 4, 2, 2)
    static let sha512 = Self(2, 16, 840, 1, 101, 3, 4, 2, 3)

    /// What an operator calls it; the number when we have no word.
    var name: String { Self.names[self] ?? dotted }

    private static let names: [Self: String] = [
        data: "data", Self(1, 2, 840, 113549, 1, 7, 2): "SignedData", envelopedData: "EnvelopedData",
        Self(1, 2, 840, 113549, 1, 7, 4): "SignedAndEnvelopedData", Self(1, 2, 840, 113549, 1, 7, 5): "DigestedData",
        Self(1, 2, 840, 113549, 1, 7, 6): "EncryptedData", Self(1, 2, 840, 113549, 1, 9, 16, 1, 2): "AuthenticatedData",
        Self(1, 2, 840, 113549, 1, 9, 16, 1, 9): "CompressedData", authEnvelopedData: "AuthEnvelopedData",
        aes128CBC: "AES-128-CBC", aes192CBC: "AES-192-CBC", aes256CBC: "AES-256-CBC", tripleDESCBC: "DES-EDE3-CBC",
        aes128GCM: "AES-128-GCM", aes192GCM: "AES-192-GCM", aes256GCM: "AES-256-GCM",
        Self(1, 2, 840, 113549, 3, 2): "RC2-CBC", Self(1, 2, 840, 113549, 3, 4): "RC4", Self(1, 3, 14, 3, 2, 7): "DES-CBC",
        Self(1, 2, 840, 113549, 1, 9, 16, 3, 18): "ChaCha20-Poly1305",
        rsaEncryption: "RSA PKCS#1 v1.5", rsaOAEP: "RSA-OAEP", ecdhSHA256: "ECDH, SHA-256", ecdhSHA384: "ECDH, SHA-384",
        ecdhSHA512: "ECDH, SHA-512", Self(1, 3, 133, 16, 840, 63, 0, 2): "ECDH, SHA-1",
    ]
}
