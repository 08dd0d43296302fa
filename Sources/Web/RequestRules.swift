import NIOHTTP1

/// What a request's header must be before anyone looks at the request. Stricter than the decoder, which forgives what
/// another program on the way may read differently.
enum RequestRules {
    /// The status that refuses this header; nil when it is in order.
    static func refusal(of head: HTTPRequestHead, maxBodyBytes: Int) -> HTTPResponseStatus? {
        guard head.version == .http1_1 || head.version == .http1_0 else { return .badRequest }
        guard head.method != .CONNECT else { return .methodNotAllowed }
        guard head.headers.allSatisfy({ isToken($0.name) && isText($0.value) }) else { return .badRequest }
        let hosts = head.headers["Host"].count
        guard hosts == 1 || (hosts == 0 && head.version == .http1_0) else { return .badRequest }
        // After it the decoder would read nothing more, and keep whatever comes.
        guard !head.headers.contains(name: "Upgrade"), !asksForUpgrade(head.headers) else { return .badRequest }
        if let expectation = head.headers.first(name: "Expect"), expectation.lowercased() != "100-continue" {
            return .expectationFailed
        }
        return framing(head, maxBodyBytes: maxBodyBytes)
    }

    /// RFC 9112 §6.3, without its exceptions: one length or one `chunked`, never both, nothing else.
    private static func framing(_ head: HTTPRequestHead, maxBodyBytes: Int) -> HTTPResponseStatus? {
        let lengths = head.headers["Content-Length"]
        let codings = head.headers["Transfer-Encoding"]
        if !codings.isEmpty {
            guard codings.count == 1, lengths.isEmpty, head.version == .http1_1 else { return .badRequest }
            return codings[0].lowercased() == "chunked" ? nil : .notImplemented
        }
        guard let length = lengths.first else { return nil }
        guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return .badRequest
        }
        guard let bytes = Int(length), bytes <= maxBodyBytes else { return .payloadTooLarge }
        return nil
    }

    private static func asksForUpgrade(_ headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !separators.contains($0) }
    }

    private static func isText(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }

    private static let separators = Set("\"(),/:;<=>?@[\\]{}".utf8)

    /// What the decoder's complaint is answered with.
    static func status(of error: HTTPParserError) -> HTTPResponseStatus {
        switch error {
        case .headerOverflow: .requestHeaderFieldsTooLarge
        case .invalidMethod: .notImplemented
        default: .badRequest
        }
    }
}
