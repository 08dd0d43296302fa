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
