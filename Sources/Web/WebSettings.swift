/// Where the node listens, and what it bears from those who call.
public struct WebSettings: Sendable, Hashable {
    /// The files of a TLS server, both PEM.
    public struct TLSFiles: Sendable, Hashable {
        /// The server's certificate first, then its issuers.
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
    }

    public var host: String
    /// 0 takes any free port; ``WebServer/port()`` tells which.
    public var port: Int
    /// Where other nodes deliver.
    public var path: String
    /// nil is plain HTTP, which only a loopback address may speak.
    public var tls: TLSFiles?

    /// From the connection, TLS handshake included, or from the first byte of a later request, to the end of the header.
    public var headerTime: Duration = .seconds(15)
    /// From the header to the end of the body.
    public var bodyTime: Duration = .seconds(900)
    /// A body brings at least `progressBytes` in each of these spans. Spans in which we did not read do not count.
    public var progressTime: Duration = .seconds(15)
    public var progressBytes: Int = 4096
    /// From the end of the request to the end of our answer.
    public var answerTime: Duration = .seconds(120)
    /// Between two requests.
    public var idleTime: Duration = .seconds(60)
    /// How long a connection that we end is still read, so that the peer sees our last answer.
    public var lingerTime: Duration = .seconds(3)
    /// What requests under way still have when the node stops.
    public var shutdownTime: Duration = .seconds(20)

    public var maxHeaderBytes = 16 << 10
    public var maxHeaderFields = 100
    public var maxBodyBytes = 2 << 30
    public var maxConnections = 512
    public var maxConnectionsPerAddress = 64
    /// Exchanges received at the same time; further ones are told to come back.
    public var maxExchanges = 256
    public var maxExchangesPerAddress = 32
    public var retryAfterSeconds = 30

    public init(host: String = "127.0.0.1", port: Int = 8443, path: String = "/ebxml", tls: TLSFiles? = nil) {
        (self.host, self.port, self.path, self.tls) = (host, port, path, tls)
    }

    var isLoopback: Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
