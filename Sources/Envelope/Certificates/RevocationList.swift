import Foundation
import Native

/// A list of revoked certificates (CRL), read and not yet trusted: its signature is checked whenever it is used.
public struct RevocationList: Sendable {
    package let native: X509RevocationList

    /// - Throws: `.certificateMalformed` unless `der` is exactly one list in DER.
    public init(der: [UInt8]) throws(EnvelopeError) {
        do {
            native = try X509RevocationList(der: der)
        } catch {
            throw EnvelopeError(.certificateMalformed, reason: error.reason)
        }
    }

    public init(pem: [UInt8]) throws(EnvelopeError) {
        do {
            native = try X509RevocationList(pem: pem)
        } catch {
            throw EnvelopeError(.certificateMalformed, reason: error.reason)
        }
    }

    public var der: [UInt8] { native.der }
    /// RFC 2253.
    public var issuer: String { native.issuer.text }
    public var thisUpdate: Date { Date(timeIntervalSince1970: TimeInterval(native.thisUpdate)) }
    /// From this instant the list proves nothing any more. nil in a list that does not say, which is never used.
    public var nextUpdate: Date? { native.nextUpdate.map { Date(timeIntervalSince1970: TimeInterval($0)) } }

    /// Whether the list can prove anything: it has a number (RFC 5280 §5.2.3), an end (§5.1.2.5) and a digest that holds.
    package var isUsable: Bool {
        guard let digest = native.signatureDigest, digest != .sha1 else { return false }
        return native.hasNumber && native.nextUpdate != nil
    }
}
