import Foundation
import Native

/// One X.509 certificate, read and not yet trusted. Two are equal when their bytes are.
public struct Certificate: Sendable {
    package let native: X509Certificate

    /// - Throws: `.certificateMalformed` unless `der` is exactly one certificate in DER.
    public init(der: [UInt8]) throws(EnvelopeError) {
        do {
            native = try X509Certificate(der: der)
        } catch {
            throw EnvelopeError(.certificateMalformed, reason: error.reason)
        }
    }

    /// - Throws: `.certificateMalformed` unless `pem` holds exactly one certificate.
    public init(pem: [UInt8]) throws(EnvelopeError) {
        let found = try Self.all(pem: pem)
        guard found.count == 1 else {
            throw EnvelopeError(.certificateMalformed, reason: "\(found.count) certificates where one is expected")
        }
        self = found[0]
    }

    /// Every certificate in a text of PEM blocks, in order.
    public static func all(pem: [UInt8]) throws(EnvelopeError) -> [Certificate] {
        do {
            return try X509Certificate.all(pem: pem).map { Certificate($0) }
        } catch {
            throw EnvelopeError(.certificateMalformed, reason: error.reason)
        }
    }

    package init(_ native: X509Certificate) { self.native = native }

    public var der: [UInt8] { native.der }
    /// RFC 2253. May hold a person's name, so it is for the screen and not for the log.
    public var subject: String { native.subject.text }
    /// RFC 2253.
    public var issuer: String { native.issuer.text }
    /// Upper-case hexadecimal, two digits a byte, without sign or leading zero byte.
    public var serialNumber: String { SerialNumber(der: native.serialDER).hexadecimal }
    public var notBefore: Date { Date(timeIntervalSince1970: TimeInterval(native.notBefore)) }
    public var notAfter: Date { Date(timeIntervalSince1970: TimeInterval(native.notAfter)) }
    /// Empty when the certificate does not say; we never take that for "everything".
    public var keyUsage: KeyUsage { KeyUsage(rawValue: UInt16(truncatingIfNeeded: native.keyUsageBits)) }
    public var keyKind: KeyKind { native.publicKey.kind }
    public var isSelfSigned: Bool { native.isSelfSigned }
    /// SHA-256 of the whole certificate.
    public var sha256: [UInt8] { Digest.of(native.der, .sha256) }

    /// How logs and errors name a certificate: by organisation and serial number, never by a name.
    package var label: String { "the certificate of \(organisationNumber ?? "no organisation") with serial \(serialNumber)" }
}

extension Certificate: Hashable {
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.native === rhs.native || lhs.der == rhs.der }
    public func hash(into hasher: inout Hasher) { hasher.combine(der.suffix(32)) }
}

/// `KeyUsage`, RFC 5280 §4.2.1.3. The numbers are those of the bit string's bytes.
public struct KeyUsage: OptionSet, Sendable, Hashable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let digitalSignature = KeyUsage(rawValue: 0x80)
    /// Also called contentCommitment.
    public static let nonRepudiation = KeyUsage(rawValue: 0x40)
    public static let keyEncipherment = KeyUsage(rawValue: 0x20)
    public static let dataEncipherment = KeyUsage(rawValue: 0x10)
    public static let keyAgreement = KeyUsage(rawValue: 0x08)
    public static let keyCertSign = KeyUsage(rawValue: 0x04)
    public static let cRLSign = KeyUsage(rawValue: 0x02)
}

/// A serial number as its DER `INTEGER` says it.
struct SerialNumber {
    let digits: [UInt8]
    let isNegative: Bool

    init(der: [UInt8]) {
        // Certificates whose serial is longer than 127 bytes are not read by anyone; their digits are all kept.
        let content = der.dropFirst(2)
        isNegative = (content.first ?? 0) >= 0x80
        digits = Array(content.drop { $0 == 0 })
    }

    var hexadecimal: String {
        let alphabet = Array("0123456789ABCDEF")
        return digits.isEmpty ? "00" : String(digits.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] })
    }

    /// RFC 5280 §4.1.2.2: positive, at most 20 octets.
    var isValid: Bool { !isNegative && !digits.isEmpty && digits.count <= 20 }
}
