import Gateway
import HummingbirdCore
import HummingbirdTLS
import NIOSSL

/// How connections are made secure and guarded before Hummingbird sees them.
enum ServerTLS {
    /// From the socket inwards: the limit per address, TLS, the guard of requests, HTTP.
    static func builder(
        _ settings: WebSettings, observation: Observation? = nil
    ) throws(WebServerError) -> HTTPServerBuilder {
        let addresses = AddressCount(limit: settings.maxConnectionsPerAddress)
        let configuration = try settings.tls.map { files throws(WebServerError) in try self.configuration(files) }
        return HTTPServerBuilder { responder in
            let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: settings.maxHeaderBytes, maxHeaderListSize: settings.maxHeaderBytes,
                maxHeaderFieldCount: settings.maxHeaderFields)
            let http = HTTP1Channel(responder: responder, configuration: .init(httpDecoderConfiguration: decoder))
            let guarded = GuardedChannel(base: http, settings: settings, observation: observation)
            guard let configuration else {
                return AddressLimitedChannel(base: guarded, addresses: addresses, observation: observation)
            }
            return AddressLimitedChannel(
                base: try TLSChannel(guarded, tlsConfiguration: configuration), addresses: addresses, observation: observation)
        }
    }

    /// TLS 1.2 with forward secrecy and authenticated ciphers, and TLS 1.3.
    private static func configuration(_ files: WebSettings.TLSFiles) throws(WebServerError) -> TLSConfiguration {
        let certificates: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw WebServerError(.certificateUnreadable, reason: "\(files.certificate) holds no readable PEM certificate")
        }
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw WebServerError(.certificateUnreadable, reason: "\(files.key) holds no readable PEM key")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = [
            .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]
        configuration.applicationProtocols = ["http/1.1"]
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw WebServerError(
                .certificateUnreadable, reason: "\(files.certificate) and \(files.key) do not belong together")
        }
        return configuration
    }
}
