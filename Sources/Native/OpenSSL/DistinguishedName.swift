import COpenSSL

/// A `Name` of a certificate as text.
package struct DistinguishedName: Sendable, Hashable {
    package struct Attribute: Sendable, Hashable {
        /// Dotted object identifier.
        package let type: String
        package let value: String
    }

    /// In the certificate's order.
    package let attributes: [Attribute]
    /// RFC 2253.
    package let text: String

    package func values(_ type: String) -> [String] { attributes.filter { $0.type == type }.map(\.value) }

    init(_ name: OpaquePointer?) {
        attributes = (0..<max(0, X509_NAME_entry_count(name))).compactMap { position in
            guard let entry = X509_NAME_get_entry(name, position), let value = Self.text(X509_NAME_ENTRY_get_data(entry)) else {
                return nil
            }
            return Attribute(type: Self.dotted(X509_NAME_ENTRY_get_object(entry)), value: value)
        }
        text = Self.printed(name)
    }

    private static func dotted(_ object: OpaquePointer?) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        let length = OBJ_obj2txt(&buffer, Int32(buffer.count), object, 1)
        return String(decoding: buffer.prefix(Int(max(0, min(length, 127)))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func text(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
        var utf8: UnsafeMutablePointer<UInt8>?
        let length = ASN1_STRING_to_UTF8(&utf8, string)
        guard length >= 0, let utf8 else {
            ERR_clear_error()
            return nil
        }
        defer { CRYPTO_free(utf8, #fileID, #line) }
        return String(decoding: UnsafeBufferPointer(start: utf8, count: Int(length)), as: UTF8.self)
    }

    private static func printed(_ name: OpaquePointer?) -> String {
        guard let sink = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(sink) }
        guard X509_NAME_print_ex(sink, name, 0, msggw_name_flags()) >= 0 else { return "" }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 512)
        while true {
            let count = BIO_read(sink, &chunk, Int32(chunk.count))
            if count <= 0 { break }
            bytes += chunk.prefix(Int(count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
