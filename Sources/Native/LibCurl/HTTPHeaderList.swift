import CLibCurl

/// Owns the list of header lines of one call.
final class HTTPHeaderList {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// `Expect` is switched off: waiting for `100 Continue` costs a round trip, or a second when the peer does not know it.
    init(_ headers: [(name: String, value: String)]) throws(HTTPClientError) {
        try append("Expect:")
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else {
                throw HTTPClientError(.requestRefused, reason: "a header field that cannot be sent")
            }
            try append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
    }

    deinit { curl_slist_free_all(list) }

    private func append(_ line: String) throws(HTTPClientError) {
        guard let longer = curl_slist_append(list, line) else {
            throw HTTPClientError(.misconfigured, reason: "no memory for a header")
        }
        list = longer
    }

    /// RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
