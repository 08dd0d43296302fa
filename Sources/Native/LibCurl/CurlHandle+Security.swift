import CLibCurl

extension CurlHandle {
    /// TLS 1.2 or later, the peer's certificate and name verified against these certificates and nothing else: the library's
    /// built-in folder and file of the system's roots are taken away before ours are given.
    func verifyPeer(trusting certificates: [UInt8]) throws(HTTPClientError) {
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, true)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_CAPATH, nil)
        try set(CURLOPT_CAINFO, nil)
        try set(CURLOPT_CAINFO_BLOB, blob: certificates)
    }

    /// No proxy, no signals: what a library in a server must not do by itself.
    func standAlone() throws(HTTPClientError) {
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NOSIGNAL, true)
        try set(CURLOPT_TCP_NODELAY, true)
        try set(CURLOPT_TCP_KEEPALIVE, true)
    }
}
