import CLibCurl

/// Hands mail in. Each call blocks its thread until the server has taken or refused it, so it belongs on a thread pool.
package final class SMTPClient: Sendable {
    private let server: SMTPServer
    private let cancellation = HTTPCancellation()

    package init(_ server: SMTPServer) { self.server = server }

    /// Hands in one mail for one recipient, so that one address that is refused refuses no other.
    ///
    /// - Parameters:
    ///   - sender: of the envelope (RFC 5321 reverse path), a plain address.
    ///   - message: header and text, lines ended by CR LF. Leading dots are doubled on the way.
    package func send(_ message: [UInt8], from sender: String, to recipient: String) throws(SMTPError) {
        guard server.security != .plainLoopback || ["127.0.0.1", "::1", "localhost"].contains(server.host) else {
            throw SMTPError(.requestRefused, reason: "\(server.host): mail without TLS goes to this machine only")
        }
        for address in [sender, recipient] where !Self.isPlain(address) {
            throw SMTPError(.requestRefused, reason: "an address that is not plain")
        }
        guard !cancellation.isRequested else { throw SMTPError(.cancelled, reason: "cancelled") }
        do {
            try perform(message, sender, recipient)
        } catch let error as SMTPError {
            throw error
        } catch {
            throw SMTPError(.misconfigured, reason: "\(error)")
        }
    }

    /// Ends every running call as `.cancelled`, within about a second, and refuses later ones.
    package func cancel() { cancellation.request() }

    private func perform(_ message: [UInt8], _ sender: String, _ recipient: String) throws {
        let handle = try CurlHandle()
        let transfer = HTTPTransfer(HTTPPost(url: "", bytes: message), cancellation: cancellation)
        let recipients = curl_slist_append(nil, "<\(recipient)>")
        defer { curl_slist_free_all(recipients) }
        handle.reset()
        try handle.standAlone()
        try secure(handle)
        try handle.set(CURLOPT_URL, url)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds: server.connectTime)
        try handle.set(CURLOPT_TIMEOUT_MS, milliseconds: server.totalTime)
        try handle.set(CURLOPT_MAIL_FROM, "<\(sender)>")
        try handle.check(msggw_curl_set_pointer(handle.pointer, CURLOPT_MAIL_RCPT, recipients))
        try handle.set(CURLOPT_UPLOAD, true)
        try handle.check(msggw_curl_set_offset(handle.pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count)))
        try transfer.attach(to: handle)
        let result = withExtendedLifetime(transfer) { curl_easy_perform(handle.pointer) }
        guard result == CURLE_OK else { throw failure(result, handle, wasCancelled: transfer.wasCancelled) }
    }

    private var url: String {
        let scheme = server.security == .tls ? "smtps" : "smtp"
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        return "\(scheme)://\(host):\(server.port)/\(server.clientName)"
    }

    private func secure(_ handle: borrowing CurlHandle) throws(HTTPClientError) {
        let (name, mask) = server.security == .tls ? ("smtps", CURLPROTO_SMTPS) : ("smtp", CURLPROTO_SMTP)
        try handle.check(msggw_curl_set_protocols(handle.pointer, name, Int(mask)))
        if server.security != .plainLoopback {
            try handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
            try handle.verifyPeer(trusting: server.trustedCertificates)
        }
        if let login = server.login {
            try handle.set(CURLOPT_USERNAME, login.user)
            try handle.set(CURLOPT_PASSWORD, login.password)
        }
    }

    private func failure(_ result: CURLcode, _ handle: borrowing CurlHandle, wasCancelled: Bool) -> SMTPError {
        let place = "\(server.host):\(server.port)"
        if wasCancelled { return SMTPError(.cancelled, reason: "\(place): cancelled") }
        return SMTPError(
            Self.code(result, answer: handle.number(CURLINFO_RESPONSE_CODE)), reason: "\(place): \(handle.words(about: result))")
    }

    private static func code(_ result: CURLcode, answer: Int) -> SMTPError.Code {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .unreachable
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .tlsRefused
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE: .misconfigured
        case CURLE_LOGIN_DENIED: .loginRefused
        default:
            switch answer {
            case 400..<500: .busy
            case 500..<600: .refused
            default: .interrupted
            }
        }
    }

    /// Nothing that could end the command it stands in.
    private static func isPlain(_ address: String) -> Bool {
        !address.isEmpty && address.contains("@")
            && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
    }
}
