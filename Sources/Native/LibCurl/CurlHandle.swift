import CLibCurl

/// Owns one easy handle with the connections and TLS sessions it keeps open.
///
/// Used by one thread at a time; libcurl allows it to wander between threads.
struct CurlHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private let words: UnsafeMutablePointer<CChar>

    /// - Throws: ``HTTPClientError`` `.misconfigured` when the library cannot be used at all.
    init() throws(HTTPClientError) {
        guard Self.library == CURLE_OK, let handle = curl_easy_init() else {
            throw HTTPClientError(.misconfigured, reason: "libcurl cannot be initialised")
        }
        pointer = handle
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        words.deallocate()
    }

    private static let library: CURLcode = msggw_curl_initialise()

    /// Forgets every option; what is open stays open.
    func reset() {
        curl_easy_reset(pointer)
        words.pointee = 0
        _ = msggw_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, words)
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(msggw_curl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ flag: Bool) throws(HTTPClientError) {
        try check(msggw_curl_set_long(pointer, option, flag ? 1 : 0))
    }

    func set(_ option: CURLoption, _ value: String?) throws(HTTPClientError) {
        try check(msggw_curl_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, blob: [UInt8]) throws(HTTPClientError) {
        try check(blob.withUnsafeBytes { msggw_curl_set_blob(pointer, option, $0.baseAddress, $0.count) })
    }

    func set(_ option: CURLoption, milliseconds duration: Duration) throws(HTTPClientError) {
        try set(option, max(1, duration.wholeMilliseconds))
    }

    func check(_ code: CURLcode) throws(HTTPClientError) {
        guard code != CURLE_OK else { return }
        throw HTTPClientError(.misconfigured, reason: "libcurl: \(String(cString: curl_easy_strerror(code)))")
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return msggw_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return msggw_curl_get_offset(pointer, info, &value) == CURLE_OK ? Int(value) : 0
    }

    func text(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        guard msggw_curl_get_string(pointer, info, &value) == CURLE_OK, let value else { return nil }
        return String(cString: value)
    }

    /// A header field of the answer; nil when it is absent, or when libcurl is too old to tell (before 7.83).
    func header(_ name: String) -> String? {
        msggw_curl_answer_header(pointer, name).map { String(cString: $0) }
    }

    /// libcurl's words about the last failure.
    func words(about code: CURLcode) -> String {
        let own = String(cString: words)
        return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    }
}

extension Duration {
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
