public import Gateway

extension WebSettings {
    /// The door of a node, as its settings describe it.
    public init(_ http: HTTPSettings) {
        self.init(
            host: http.host, port: http.port, path: http.path,
            tls: http.tls.map { TLSFiles(certificate: $0.certificate, key: $0.key) })
        (headerTime, bodyTime, idleTime) = (http.headerTime, http.bodyTime, http.idleTime)
        (maxHeaderBytes, maxBodyBytes) = (http.maxHeaderBytes, http.maxBodyBytes)
        (maxConnections, maxConnectionsPerAddress) = (http.maxConnections, http.maxConnectionsPerAddress)
    }
}

extension WebSettings {
    /// Where a node's measurements are read; nil when nowhere.
    public init?(_ metrics: MetricsSettings, http: HTTPSettings) {
        guard let port = metrics.port else { return nil }
        self.init(host: metrics.host, port: port, path: "/metrics")
        // On the machine itself nobody listens in, and those who ask there know no certificate of ours.
        if !isLoopback { tls = http.tls.map { TLSFiles(certificate: $0.certificate, key: $0.key) } }
        (maxConnections, maxConnectionsPerAddress, maxBodyBytes) = (32, 16, 0)
        shutdownTime = .seconds(1)
    }
}
