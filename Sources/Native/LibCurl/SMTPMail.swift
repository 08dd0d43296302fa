/// Where mail is handed in, and as whom.
package struct SMTPServer: Sendable, Hashable {
    package enum Security: Sendable, Hashable {
        /// TLS from the first byte; usually port 465.
        case tls
        /// STARTTLS, and nothing is said before it but EHLO; a server that does not offer it gets nothing. Usually port 587.
        case startTLS
        /// No TLS. Only to this machine.
        case plainLoopback
    }

    /// A name or an address; IPv6 without brackets.
    package var host: String
    package var port: Int
    package var security: Security
    /// What we call ourselves in EHLO: a domain name.
    package var clientName: String
    package var login: Login?
    /// PEM of the certificates that are trusted, and nothing else.
    package var trustedCertificates: [UInt8]
    package var connectTime: Duration = .seconds(20)
    /// For one recipient, from connection to the server's last word.
    package var totalTime: Duration = .seconds(60)

    package struct Login: Sendable, Hashable {
        package let user: String
        package let password: String

        package init(user: String, password: String) { (self.user, self.password) = (user, password) }
    }

    package init(
        host: String, port: Int, security: Security, clientName: String, login: Login? = nil, trustedCertificates: [UInt8]
    ) {
        (self.host, self.port, self.security, self.clientName) = (host, port, security, clientName)
        (self.login, self.trustedCertificates) = (login, trustedCertificates)
    }
}

/// Why a mail was not taken. `reason` names the server and its words, never the mail.
package struct SMTPError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The mail or the server breaks our own rules: an address that could end a command, plain text to another machine.
        case requestRefused
        case misconfigured
        case unreachable
        case timedOut
        /// No trust, or no TLS at all: nothing of the mail was sent.
        case tlsRefused
        case loginRefused
        /// The server says no for good (5xx) or for now (4xx).
        case refused, busy
        /// The connection broke. The server may have taken the mail.
        case interrupted
        case cancelled
    }

    package let code: Code
    package let reason: String

    package init(_ code: Code, reason: String) { (self.code, self.reason) = (code, reason) }
    package var description: String { "\(code.rawValue): \(reason)" }
}
