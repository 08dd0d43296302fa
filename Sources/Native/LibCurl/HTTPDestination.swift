import CLibCurl

/// Where an address leads: what connections are kept by, and what errors may name.
struct HTTPDestination: Hashable, CustomStringConvertible {
    let scheme: String
    let host: String
    let port: String

    var description: String { "\(host):\(port)" }

    /// Reads the address with libcurl's own parser, so that what is checked is what is called.
    init(_ url: String, allowsPlainLoopback: Bool) throws(HTTPClientError) {
        guard let parsed = curl_url() else { throw HTTPClientError(.misconfigured, reason: "no memory for an address") }
        defer { curl_url_cleanup(parsed) }
        guard !url.utf8.contains(0), curl_url_set(parsed, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parsed), let host = Self.part(CURLUPART_HOST, of: parsed),
            let port = Self.part(CURLUPART_PORT, of: parsed)
        else { throw HTTPClientError(.requestRefused, reason: "not an address that can be called") }
        (self.scheme, self.host, self.port) = (scheme, host, port)
        let isLoopback = ["127.0.0.1", "[::1]", "localhost"].contains(host)
        guard scheme == "https" || (scheme == "http" && isLoopback && allowsPlainLoopback) else {
            throw HTTPClientError(.requestRefused, reason: "\(host): only https is called, not \(scheme)")
        }
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
