/// What a C library refused, or what our own limits around it refused before it was asked.
///
/// `reason` is for our log. It names the call and the library's own words; it never holds content of a message.
package struct NativeError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// OpenSSL answered with an error; its queue is drained into `reason`.
        case openSSL
        /// A key, certificate or list that cannot be read.
        case malformedKeyMaterial
        /// The XML is not well-formed.
        case xmlMalformed
        /// Well-formed perhaps, but of a kind we never take in: DOCTYPE, depth, size, encoding.
        case xmlRefused
        /// libcurl answered with an error.
        case curl
    }

    package let code: Code
    package let reason: String
    /// Line in the document, when the library knows it. Counts from 1.
    package let line: Int?

    package init(_ code: Code, reason: String, line: Int? = nil) {
        (self.code, self.reason, self.line) = (code, reason, line)
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    package var description: String { line.map { "\(reason) (line \($0))" } ?? reason }
}
