/// Whom outgoing HTTPS trusts, and as whom it appears.
package struct HTTPClientSettings: Sendable {
    /// PEM of the certificates that are trusted, and nothing else: the system's store is never read.
    package var trustedCertificates: [UInt8]
    package var revocation: Revocation
    /// Our certificate (its chain after it) and key, both PEM, for peers that ask for one.
    package var clientCertificate: ClientCertificate?
    /// Lets `http://` to 127.0.0.1, ::1 and localhost through. For tests.
    package var allowsPlainLoopback: Bool
    /// Connections kept open while nobody uses them, in all and to one destination.
    package var idleConnections: Int
    package var idleConnectionsPerDestination: Int

    /// Whether a server must be shown not to be revoked.
    package enum Revocation: Sendable {
        /// Every certificate on the path but the root needs a valid list among these; without one the call fails as
        /// `.revocationUnknown`, to be repeated.
        case required([X509RevocationList])
        case notChecked
    }

    package struct ClientCertificate: Sendable {
        package let certificate: [UInt8]
        package let key: [UInt8]

        package init(certificate: [UInt8], key: [UInt8]) { (self.certificate, self.key) = (certificate, key) }
    }

    package init(
        trustedCertificates: [UInt8], revocation: Revocation, clientCertificate: ClientCertificate? = nil,
        allowsPlainLoopback: Bool = false,
        idleConnections: Int = 64, idleConnectionsPerDestination: Int = 4
    ) {
        self.trustedCertificates = trustedCertificates
        self.revocation = revocation
        self.clientCertificate = clientCertificate
        self.allowsPlainLoopback = allowsPlainLoopback
        self.idleConnections = idleConnections
        self.idleConnectionsPerDestination = idleConnectionsPerDestination
    }
}
