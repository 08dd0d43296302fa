import COpenSSL

/// Owns one OpenSSL `X509_CRL`.
///
/// `@unchecked`: the list is never changed after `init`; OpenSSL guards its own sorting of the entries with a lock.
package final class X509RevocationList: @unchecked Sendable {
    let pointer: OpaquePointer
    package let der: [UInt8]

    /// - Throws: `.malformedKeyMaterial` if `der` is not exactly one list in DER; trailing bytes are refused.
    package convenience init(der: [UInt8]) throws(NativeError) {
        let parsed = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let parsed = d2i_X509_CRL(nil, &cursor, buffer.count) else { return nil }
            if cursor == buffer.baseAddress?.advanced(by: buffer.count) { return parsed }
            X509_CRL_free(parsed)
            return nil
        }
        guard let parsed else { throw .fromOpenSSL(.malformedKeyMaterial, calling: "d2i_X509_CRL") }
        self.init(owning: parsed, readFrom: der)
    }

    /// Exactly one list as PEM.
    package convenience init(pem: [UInt8]) throws(NativeError) {
        let source = try memoryBIO(pem)
        defer { BIO_free(source) }
        guard let parsed = PEM_read_bio_X509_CRL(source, nil, { _, _, _, _ in -1 }, nil) else {
            throw .fromOpenSSL(.malformedKeyMaterial, calling: "PEM_read_bio_X509_CRL")
        }
        self.init(owning: parsed, readFrom: encoding { i2d_X509_CRL(parsed, $0) })
    }

    private init(owning parsed: OpaquePointer, readFrom der: [UInt8]) { (self.pointer, self.der) = (parsed, der) }

    deinit { X509_CRL_free(pointer) }

    package var issuer: DistinguishedName { DistinguishedName(X509_CRL_get_issuer(pointer)) }
    package var issuerDER: [UInt8] { encoding { i2d_X509_NAME(X509_CRL_get_issuer(pointer), $0) } }
    /// Seconds since 1970.
    package var thisUpdate: Int64 { seconds(X509_CRL_get0_lastUpdate(pointer)) ?? .max }
    /// nil when the list says nothing of when the next one comes.
    package var nextUpdate: Int64? { seconds(X509_CRL_get0_nextUpdate(pointer)) }
    package var signatureDigest: DigestAlgorithm? { DigestAlgorithm(signatureNID: X509_CRL_get_signature_nid(pointer)) }
    /// RFC 5280 §5.2.3: every list has a `CRLNumber`.
    package var hasNumber: Bool { X509_CRL_get_ext_by_NID(pointer, NID_crl_number, -1) >= 0 }
}
