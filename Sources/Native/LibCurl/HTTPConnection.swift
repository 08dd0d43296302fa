import CLibCurl

/// One easy handle, bound to one destination.
///
/// `@unchecked Sendable`: the pool hands it to one call at a time and has it back before anyone else can get it.
final class HTTPConnection: @unchecked Sendable {
    let destination: HTTPDestination
    /// A resumed TLS session is not verified anew, so what is open and what can be resumed ends together.
    let expiry = ContinuousClock.now + .seconds(3600)
    private let handle: CurlHandle
    private let settings: HTTPClientSettings
    private let revocation: HTTPRevocation?

    init(to destination: HTTPDestination, settings: HTTPClientSettings) throws(HTTPClientError) {
        self.destination = destination
        self.settings = settings
        revocation = if case .required(let lists) = settings.revocation { HTTPRevocation(lists) } else { nil }
        handle = try CurlHandle()
    }

    /// Makes one call. After a throw the connection is not to be used again.
    func perform(_ request: HTTPPost, cancellation: HTTPCancellation) throws(HTTPClientError) -> HTTPAnswer {
        let headers = try HTTPHeaderList(request.headers)
        let transfer = HTTPTransfer(request, cancellation: cancellation)
        handle.reset()
        try secure()
        try bound(request.timeouts)
        try handle.set(CURLOPT_URL, request.url)
        if request.isGet { try handle.set(CURLOPT_HTTPGET, true) } else { try post(request) }
        try handle.check(msggw_curl_set_pointer(handle.pointer, CURLOPT_HTTPHEADER, headers.list))
        try transfer.attach(to: handle)
        let result = try withExtendedLifetime((transfer, headers)) { () throws(HTTPClientError) -> CURLcode in
            guard !request.isGet, Self.small.contains(request.contentLength), transfer.goesOnce(on: handle) else {
                return curl_easy_perform(handle.pointer)
            }
            return try performWhole(transfer)
        }
        let status = handle.number(CURLINFO_RESPONSE_CODE)
        guard result == CURLE_OK || Self.isAnsweredEarly(result, status: status, transfer: transfer) else {
            throw failure(result, transfer: transfer)
        }
        let retryAfter = handle.offset(CURLINFO_RETRY_AFTER)
        return HTTPAnswer(
            status: status, contentType: handle.text(CURLINFO_CONTENT_TYPE),
            transferEncoding: handle.header("Content-Transfer-Encoding"), retryAfter: retryAfter > 0 ? retryAfter : nil,
            body: transfer.answer, openedConnection: handle.number(CURLINFO_NUM_CONNECTS) > 0)
    }

    /// A body that is sent with its header, in one piece, instead of being asked for afterwards.
    private static let small = Int64(1)...32 << 10

    private func performWhole(_ transfer: HTTPTransfer) throws(HTTPClientError) -> CURLcode {
        guard let body = transfer.whole() else { throw failure(CURLE_ABORTED_BY_CALLBACK, transfer: transfer) }
        return body.withUnsafeBytes { bytes in
            let own = UnsafeMutableRawBufferPointer(mutating: bytes)  // libcurl reads it.
            let code = msggw_curl_set_pointer(handle.pointer, CURLOPT_POSTFIELDS, own.baseAddress)
            return code == CURLE_OK ? curl_easy_perform(handle.pointer) : code
        }
    }

    private func post(_ request: HTTPPost) throws(HTTPClientError) {
        try handle.set(CURLOPT_POST, true)
        // It is made for each call: what is small needs no large one.
        try handle.set(CURLOPT_UPLOAD_BUFFERSIZE, request.contentLength <= Self.small.upperBound ? 40 << 10 : 256 << 10)
        try handle.check(msggw_curl_set_offset(handle.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.contentLength)))
    }

    /// A peer that refuses before it has read the body may hang up while we still write: its refusal is the answer.
    private static func isAnsweredEarly(_ result: CURLcode, status: Int, transfer: HTTPTransfer) -> Bool {
        (result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR) && status >= 400
    }

    private func secure() throws(HTTPClientError) {
        let plain = destination.scheme == "http"
        let mask = plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS
        try handle.check(msggw_curl_set_protocols(handle.pointer, plain ? "http" : "https", Int(mask)))
        try handle.set(CURLOPT_FOLLOWLOCATION, false)
        try handle.standAlone()
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_DISALLOW_USERNAME_IN_URL, true)
        try handle.verifyPeer(trusting: settings.trustedCertificates)
        try revocation?.attach(to: handle)
        if let own = settings.clientCertificate {
            try handle.set(CURLOPT_SSLCERTTYPE, "PEM")
            try handle.set(CURLOPT_SSLCERT_BLOB, blob: own.certificate)
            try handle.set(CURLOPT_SSLKEYTYPE, "PEM")
            try handle.set(CURLOPT_SSLKEY_BLOB, blob: own.key)
        }
    }

    /// An idle connection is given up before common servers do so; none lives for more than an hour, so that a peer's
    /// certificate is looked at again.
    private func bound(_ timeouts: HTTPTimeouts) throws(HTTPClientError) {
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds: timeouts.connect)
        try handle.set(CURLOPT_TIMEOUT_MS, milliseconds: timeouts.total)
        try handle.set(CURLOPT_LOW_SPEED_TIME, timeouts.stalled.wholeMilliseconds / 1000)
        try handle.set(CURLOPT_LOW_SPEED_LIMIT, timeouts.slowBytesPerSecond)
        try handle.set(CURLOPT_MAXAGE_CONN, 50)
        try handle.set(CURLOPT_MAXLIFETIME_CONN, 3600)
        try handle.set(CURLOPT_MAXCONNECTS, 1)
    }

    private func failure(_ result: CURLcode, transfer: HTTPTransfer) -> HTTPClientError {
        if let reason = transfer.bodyFailure { return HTTPClientError(.bodyFailed, reason: "\(destination): \(reason)") }
        if transfer.answerIsTooLarge { return HTTPClientError(.answerTooLarge, reason: "\(destination): answer too large") }
        if transfer.wasCancelled { return HTTPClientError(.cancelled, reason: "\(destination): cancelled") }
        let reason = "\(destination): \(handle.words(about: result))"
        let code = Self.code(result)
        return HTTPClientError(code, reason: reason, refusal: code == .tlsRefused ? refusal(result) : nil)
    }

    private static func code(_ result: CURLcode) -> HTTPClientError.Code {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .unreachable
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .tlsRefused
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE: .misconfigured
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_URL_MALFORMAT:
            .protocolError
        default: .interrupted
        }
    }

    /// OpenSSL's verdict, by its numbers (`X509_V_ERR_…`). libcurl compares the name itself, after a verdict without fault.
    private func refusal(_ result: CURLcode) -> HTTPClientError.TLSRefusal {
        guard result != CURLE_SSL_CONNECT_ERROR else { return .handshake }
        return switch handle.number(CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1, 62, 64: .wrongName
        case 3, 11, 12, 44: .revocationUnknown
        case 9: .notYetValid
        case 10: .expired
        case 23: .revoked
        default: .untrusted
        }
    }
}
