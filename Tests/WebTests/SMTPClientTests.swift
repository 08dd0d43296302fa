import Foundation
import NIOCore
import NIOPosix
import Native
import TestSupport
import Testing

/// Judged by aiosmtpd. Skipped where Python has it not: `python3 -m pip install aiosmtpd`, or Debian's python3-aiosmtpd.
@Suite("Outgoing mail", .enabled(if: MailServer.isAvailable, "python3 has no aiosmtpd"), .timeLimit(.minutes(10)))
struct SMTPClientTests {
    static let mail = Array("Subject: a\r\nContent-Type: text/plain\r\n\r\nfirst\r\n.\r\n..dots\r\nlast\r\n".utf8)

    static func server(
        _ port: Int, _ security: SMTPServer.Security, login: SMTPServer.Login? = nil, trusting: String = "root.pem"
    ) throws -> SMTPServer {
        SMTPServer(
            host: security == .plainLoopback ? "127.0.0.1" : "localhost", port: port, security: security,
            clientName: "gateway.example", login: login,
            trustedCertificates: security == .plainLoopback ? [] : try TestCertificates.shared.get().pem(trusting))
    }

    /// Blocking calls get a thread of their own, as in the node.
    static func send(_ server: SMTPServer, to recipient: String = "b@example.org", from: String = "a@example.org") async throws {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try SMTPClient(server).send(mail, from: from, to: recipient) })
            }
        }
    }

    private static func code(_ server: SMTPServer, to recipient: String = "b@example.org") async -> SMTPError.Code? {
        do {
            try await send(server, to: recipient)
            return nil
        } catch { return (error as? SMTPError)?.code }
    }

    @Test(
        "a mail arrives as it is, over STARTTLS, TLS and, to this machine, neither",
        arguments: [
            (MailServer.Mode.starttls, SMTPServer.Security.startTLS), (.smtps, .tls), (.plain, .plainLoopback),
        ])
    func arrives(mode: MailServer.Mode, security: SMTPServer.Security) async throws {
        let server = try MailServer(mode)
        try await Self.send(Self.server(server.port, security))
        let mail = try #require(try server.mails.first)
        #expect(mail.from == "a@example.org" && mail.to == ["b@example.org"] && mail.hello == "gateway.example")
        #expect(mail.isSecure == (security != .plainLoopback))
        #expect(mail.text.replacing("\r\n", with: "\n") == "first\n.\n..dots\nlast\n")
    }

    @Test("a server that does not offer STARTTLS gets nothing, whatever it says")
    func noDowngrade() async throws {
        let server = try MailServer(.plain)
        #expect(await Self.code(try Self.server(server.port, .startTLS)) == .tlsRefused)
        #expect(try server.mails.isEmpty)
    }

    @Test(
        "a server whose certificate does not hold gets nothing", arguments: ["other-name", "expired", "self-signed"],
        [(MailServer.Mode.starttls, SMTPServer.Security.startTLS), (.smtps, .tls)])
    func certificates(certificate: String, way: (MailServer.Mode, SMTPServer.Security)) async throws {
        let server = try MailServer(way.0, certificate: certificate)
        #expect(await Self.code(try Self.server(server.port, way.1)) == .tlsRefused)
        #expect(try server.mails.isEmpty)
    }

    @Test("a login is given over TLS, and a wrong one is refused as such")
    func login() async throws {
        let server = try MailServer(.starttls, ["--user", "msggw", "--password", "hemmelig æøå"])
        let right = SMTPServer.Login(user: "msggw", password: "hemmelig æøå")
        try await Self.send(Self.server(server.port, .startTLS, login: right))
        #expect(try server.mails.map(\.isLoggedIn) == [true])
        let wrong = SMTPServer.Login(user: "msggw", password: "feil")
        #expect(await Self.code(try Self.server(server.port, .startTLS, login: wrong)) == .loginRefused)
        #expect(await Self.code(try Self.server(server.port, .startTLS)) == .refused)
    }

    @Test("a recipient that is refused for good, and one that is refused for now, are told apart")
    func refusals() async throws {
        let server = try MailServer(.plain, ["--refuse", "gone@example.org", "--later", "slow@example.org"])
        let place = try Self.server(server.port, .plainLoopback)
        #expect(await Self.code(place, to: "gone@example.org") == .refused)
        #expect(await Self.code(place, to: "slow@example.org") == .busy)
        #expect(try server.mails.isEmpty)
    }

    @Test(
        "nobody there, somebody who is silent, somebody who hangs up and somebody who speaks something else are errors")
    func broken() async throws {
        #expect(await Self.code(try Self.server(1, .plainLoopback)) == .unreachable)
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0)
            .get()
        var place = try Self.server(silent.localAddress?.port ?? 0, .plainLoopback)
        place.totalTime = .milliseconds(300)
        #expect(await Self.code(place) == .timedOut)
        try await silent.close()
        for (answer, code) in [
            ("", SMTPError.Code.interrupted), ("554 no\r\n", .refused), ("421 later\r\n", .busy),
            ("HTTP/1.1 200 OK\r\n\r\n", .interrupted),
        ] {
            let found = try await RawServer.greeting(answer) { port in await Self.code(try Self.server(port, .plainLoopback)) }
            #expect(found == code, "\(answer)")
        }
    }

    @Test(
        "plain text to another machine, and an address that could end a command, are refused before anything is called",
        arguments: [
            "b@example.org>\r\nRCPT TO:<c@example.org", "b@example.org\n", "b c@example.org", "<b@example.org>", "", "b",
            "b\u{0}@c",
        ])
    func injection(address: String) throws {
        let client = SMTPClient(try Self.server(1, .plainLoopback))
        for (from, to) in [(address, "b@example.org"), ("a@example.org", address)] {
            let error = #expect(throws: SMTPError.self) { try client.send(Self.mail, from: from, to: to) }
            #expect(error?.code == .requestRefused)
        }
        var far = try Self.server(25, .plainLoopback)
        far.host = "mail.example.org"
        let error = #expect(throws: SMTPError.self) { try SMTPClient(far).send(Self.mail, from: "a@b.no", to: "b@b.no") }
        #expect(error?.code == .requestRefused)
    }
}
