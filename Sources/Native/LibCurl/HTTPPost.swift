/// One POST, or a GET. Not `Sendable`: it is used once, on the thread that makes the call.
package struct HTTPPost {
    package var url: String
    package var headers: [(name: String, value: String)]
    package var contentLength: Int64
    package var body: HTTPBody
    package var timeouts: HTTPTimeouts
    /// More than this many bytes of answer are `.answerTooLarge`.
    package var maximumAnswerBytes: Int
    /// Asks without a body: GET. Nothing is changed by it, so it may be asked again.
    package private(set) var isGet = false

    /// A GET.
    package init(getting url: String, timeouts: HTTPTimeouts = HTTPTimeouts(), maximumAnswerBytes: Int) {
        self.init(
            url: url, contentLength: 0, body: HTTPBody { [] }, timeouts: timeouts, maximumAnswerBytes: maximumAnswerBytes)
        isGet = true
    }

    package init(
        url: String, headers: [(name: String, value: String)] = [], contentLength: Int64, body: HTTPBody,
        timeouts: HTTPTimeouts = HTTPTimeouts(), maximumAnswerBytes: Int = 4 << 20
    ) {
        (self.url, self.headers, self.contentLength, self.body) = (url, headers, contentLength, body)
        (self.timeouts, self.maximumAnswerBytes) = (timeouts, maximumAnswerBytes)
    }

    /// A body that is already in memory.
    package init(url: String, headers: [(name: String, value: String)] = [], bytes: [UInt8]) {
        var rest = bytes
        let body = HTTPBody {
            defer { rest = [] }
            return rest
        }
        self.init(url: url, headers: headers, contentLength: Int64(bytes.count), body: body)
    }
}

/// Where a body comes from: pulled once, from the beginning to the end, never rewound. A call that would have to send a
/// byte again fails as `.interrupted`, so that repeating is decided by the one who knows what was stored.
package struct HTTPBody {
    /// The next piece, 64 to 256 KiB for choice; empty at the end. Called on the thread that makes the call.
    package let next: () throws -> [UInt8]

    package init(_ next: @escaping () throws -> [UInt8]) { self.next = next }
}

package struct HTTPAnswer: Sendable {
    package let status: Int
    package let contentType: String?
    package let transferEncoding: String?
    /// Seconds the peer asks us to wait; nil when it does not ask. libcurl has turned a date into seconds.
    package let retryAfter: Int?
    package let body: [UInt8]
    /// false when an open connection was used again.
    package let openedConnection: Bool

    package init(
        status: Int, contentType: String? = nil, transferEncoding: String? = nil, retryAfter: Int? = nil, body: [UInt8] = [],
        openedConnection: Bool = true
    ) {
        (self.status, self.contentType, self.transferEncoding) = (status, contentType, transferEncoding)
        (self.retryAfter, self.body, self.openedConnection) = (retryAfter, body, openedConnection)
    }
}

/// Deadlines of one call.
package struct HTTPTimeouts: Sendable {
    /// Name, connection and TLS handshake together.
    package var connect: Duration
    /// Fewer than `slowBytesPerSecond` for this long, in either direction, ends the call. The time the peer needs to think
    /// about the message counts too. Whole seconds; zero means no such rule.
    package var stalled: Duration
    package var slowBytesPerSecond: Int
    /// Everything together.
    package var total: Duration

    package init(
        connect: Duration = .seconds(20), stalled: Duration = .seconds(90), slowBytesPerSecond: Int = 100,
        total: Duration = .seconds(1800)
    ) {
        (self.connect, self.stalled) = (connect, stalled)
        (self.slowBytesPerSecond, self.total) = (slowBytesPerSecond, total)
    }
}
