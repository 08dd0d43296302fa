import COpenSSL
import Synchronization

/// Owns one OpenSSL `X509`, read once.
///
/// `@unchecked`: the certificate is never changed, and what OpenSSL caches in it on first use is cached in `init`.
package final class X509Certificate: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Exactly the bytes it was read from.
    package let der: [UInt8]
    package let publicKey: PublicKey
    private let readSubject = Mutex<DistinguishedName?>(nil)

    /// - Throws: `.malformedKeyMaterial` if `der` is not exactly one certificate in DER; trailing bytes are refused.
    package convenience init(der: [UInt8]) throws(NativeError) {
        let parsed = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let parsed = d2i_X509(nil, &cursor, buffer.count) else { return nil }
            if cursor == buffer.baseAddress?.advanced(by: buffer.count) { return parsed }
            X509_free(parsed)
            return nil
        }
        guard let parsed else { throw .fromOpenSSL(.malformedKeyMaterial, calling: "d2i_X509") }
        try self.init(owning: parsed, readFrom: der)
    }

    /// Every certificate in a text of PEM blocks, in order. Text between the blocks is skipped.
    ///
    /// OpenSSL's `TRUSTED CERTIFICATE` is refused: what such a block says of trust would be lost on us.
    package static func all(pem: [UInt8]) throws(NativeError) -> [X509Certificate] {
        guard !names(pem, "BEGIN TRUSTED CERTIFICATE") else {
            throw NativeError(.malformedKeyMaterial, reason: "a certificate with OpenSSL's trust settings")
        }
        let source = try memoryBIO(pem)
        defer { BIO_free(source) }
        var found: [X509Certificate] = []
        while let parsed = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
            let der = encoding { i2d_X509(parsed, $0) }
            found.append(try X509Certificate(owning: parsed, readFrom: der))
        }
        let atEnd = lastErrorIsNoStartLine()
        let error = NativeError.fromOpenSSL(.malformedKeyMaterial, calling: "PEM_read_bio_X509")
        guard atEnd else { throw error }
        return found
    }

    /// A registry is read by it for every certificate: the library's search for any collection takes longer than the parsing.
    private static func names(_ text: [UInt8], _ mark: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: mark.utf8Start, count: mark.utf8CodeUnitCount)
        return text.withUnsafeBytes { text in
            text.indices.dropLast(mark.utf8CodeUnitCount - 1).contains {
                text[$0] == mark.utf8Start[0] && text[$0...].prefix(mark.utf8CodeUnitCount).elementsEqual(wanted)
            }
        }
    }

    /// Takes over the reference, also when it throws.
    private init(owning parsed: OpaquePointer, readFrom der: [UInt8]) throws(NativeError) {
        // Fills the cache of extensions that `@unchecked Sendable` relies on.
        X509_check_purpose(parsed, -1, 0)
        guard encoding({ i2d_X509(parsed, $0) }) == der else {
            X509_free(parsed)
            throw NativeError(.malformedKeyMaterial, reason: "the certificate is not encoded in DER")
        }
        guard let key = X509_get_pubkey(parsed) else {
            X509_free(parsed)
            throw .fromOpenSSL(.malformedKeyMaterial, calling: "X509_get_pubkey")
        }
        ERR_clear_error()
        self.pointer = parsed
        self.der = der
        self.publicKey = PublicKey(owning: key)
    }

    deinit { X509_free(pointer) }

    /// Printed by OpenSSL once, when it is first asked for: a signer's is, with every message.
    package var subject: DistinguishedName {
        readSubject.withLock { known in
            if let known { return known }
            let subject = DistinguishedName(X509_get_subject_name(pointer))
            known = subject
            return subject
        }
    }
    package var issuer: DistinguishedName { DistinguishedName(X509_get_issuer_name(pointer)) }
    /// The issuer's `Name` in DER, as an `IssuerAndSerialNumber` holds it.
    package var issuerDER: [UInt8] { encoding { i2d_X509_NAME(X509_get_issuer_name(pointer), $0) } }
    package var subjectDER: [UInt8] { encoding { i2d_X509_NAME(X509_get_subject_name(pointer), $0) } }
    /// The serial number as a DER `INTEGER`, tag and length included.
    package var serialDER: [UInt8] { encoding { i2d_ASN1_INTEGER(X509_get0_serialNumber(pointer), $0) } }
    /// The `SubjectKeyIdentifier`, nil when the certificate has none.
    package var subjectKeyIdentifier: [UInt8]? {
        guard let string = X509_get0_subject_key_id(pointer) else { return nil }
        return Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    /// Seconds since 1970.
    package var notBefore: Int64 { seconds(X509_get0_notBefore(pointer)) ?? .max }
    package var notAfter: Int64 { seconds(X509_get0_notAfter(pointer)) ?? .min }

    /// The `KeyUsage` bits as OpenSSL numbers them; 0 when the extension is absent.
    package var keyUsageBits: UInt32 { extensionFlags & UInt32(EXFLAG_KUSAGE) == 0 ? 0 : X509_get_key_usage(pointer) }
    package var isAuthority: Bool { extensionFlags & UInt32(EXFLAG_CA) != 0 }
    /// Issuer and subject are one, and so are their key identifiers as far as it has them.
    package var isSelfSigned: Bool { extensionFlags & UInt32(EXFLAG_SS) != 0 }
    /// Some extension cannot be read.
    package var hasInvalidExtension: Bool { extensionFlags & UInt32(EXFLAG_INVALID | EXFLAG_INVALID_POLICY) != 0 }
    private var extensionFlags: UInt32 { X509_get_extension_flags(pointer) }

    /// The digest in the certificate's own signature; nil for one we do not use (MD5) or that is part of the algorithm.
    package var signatureDigest: DigestAlgorithm? { DigestAlgorithm(signatureNID: X509_get_signature_nid(pointer)) }

    /// The `dNSName`s among the subject's alternative names.
    package var dnsNames: [String] {
        guard let names = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let stack = OpaquePointer(names)
        defer { GENERAL_NAMES_free(stack) }
        return (0..<max(0, OPENSSL_sk_num(stack))).compactMap { position in
            var type: Int32 = 0
            let name = OPENSSL_sk_value(stack, position)?.assumingMemoryBound(to: GENERAL_NAME.self)
            guard let value = GENERAL_NAME_get0_value(name, &type), type == GEN_DNS else { return nil }
            let string = value.assumingMemoryBound(to: ASN1_STRING.self)
            let bytes = UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string)))
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Whether it excludes names from the paths below it (`NameConstraints`, RFC 5280 §4.2.1.10).
    package var hasExcludedNames: Bool {
        guard let constraints = X509_get_ext_d2i(pointer, NID_name_constraints, nil, nil) else { return false }
        let read = constraints.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
        defer { NAME_CONSTRAINTS_free(read) }
        return OPENSSL_sk_num(read.pointee.excludedSubtrees) > 0
    }

    /// Whether there is an extension of that dotted object identifier, and whether it is critical.
    package func extensionCriticality(_ oid: String) -> Bool? {
        guard let object = OBJ_txt2obj(oid, 1) else { return nil }
        defer { ASN1_OBJECT_free(object) }
        let position = X509_get_ext_by_OBJ(pointer, object, -1)
        guard position >= 0 else { return nil }
        return X509_EXTENSION_get_critical(X509_get_ext(pointer, position)) == 1
    }
}

/// Whether the last error is only that there is no further PEM block.
private func lastErrorIsNoStartLine() -> Bool {
    let last = ERR_peek_last_error()
    return last & 0x7FFFFF == UInt(PEM_R_NO_START_LINE) && (last >> 23) & 0xFF == UInt(ERR_LIB_PEM)
}

/// The two calls of an `i2d_` function: ask for the length, then write.
func encoding(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
    let length = write(nil)
    guard length > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
        var cursor = buffer.baseAddress
        count = Int(max(0, write(&cursor)))
    }
}

/// Seconds from 1970 to a time in a certificate or a list; nil when it is absent or no time.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
    defer { ASN1_TIME_free(epoch) }
    var days: Int32 = 0
    var rest: Int32 = 0
    guard ASN1_TIME_diff(&days, &rest, epoch, time) == 1 else { return nil }
    return Int64(days) * 86_400 + Int64(rest)
}

extension DigestAlgorithm {
    init?(signatureNID: Int32) {
        var digest: Int32 = 0
        guard OBJ_find_sigid_algs(signatureNID, &digest, nil) == 1 else { return nil }
        switch digest {
        case NID_sha1: self = .sha1
        case NID_sha256: self = .sha256
        case NID_sha384: self = .sha384
        case NID_sha512: self = .sha512
        default: return nil
        }
    }
}
