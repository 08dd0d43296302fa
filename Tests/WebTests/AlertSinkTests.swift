import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Native
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Alerts leave the node", .timeLimit(.minutes(10)))
struct AlertSinkTests {
    private static let names = AlertNames { $0 }
    private static let clock = NodeClock(now: { Date(timeIntervalSince1970: 1_795_424_645) }, sleep: { _ in })

    private static func alert(
        _ kind: AlertKind = .answerLate, stage: Int = 1, number: Int64 = 12, isOver: Bool = false
    ) -> Alert {
        var subject = AlertSubject("#7")
        (subject.message, subject.messageID, subject.documentKind) = (7, "m-7", "HENVISNING_BUP")
        (subject.direction, subject.sender, subject.receiver) = (.in, "80000601", "80000401")
        let time = Date(timeIntervalSince1970: 1_795_424_645)
        subject.until = time
        return Alert(
            id: number, key: Alert.key(kind, "#7"), kind: kind, severity: kind.severity(stage: stage), subject: subject,
            stage: stage, firstAt: time, lastAt: time, count: 1, resolvedAt: isOver ? time : nil)
    }

    private static func sink(_ port: Int, node: String = "bup-nord") throws -> MailSink {
        MailSink(
            client: SMTPClient(try SMTPClientTests.server(port, .startTLS)), from: try #require(MailAddress("msggw@example.org")),
            node: node, names: names, ids: .system, clock: clock, pool: WorkPool(threads: 1))
    }

    private static func route(_ addresses: [String], clinicians: Bool = true) throws -> AlertRoute {
        AlertRoute(
            sink: .smtp, name: "smtp:x", addresses: try addresses.map { try #require(MailAddress($0)) },
            isForClinicians: clinicians)
    }

    @Test(
        "a mail is a proper one: one of each header, the date right, the subject in Norwegian, nothing to answer",
        .enabled(if: MailServer.isAvailable))
    func mail() async throws {
        let server = try MailServer(.starttls)
        let refused = try await Self.sink(server.port).send(
            [Self.alert()], more: 0, to: Self.route(["bup@example.org", "lege@example.org"]))
        #expect(refused.isEmpty)
        let mails = try server.mails
        #expect(mails.map(\.to) == [["bup@example.org"], ["lege@example.org"]])
        let mail = mails[0]
        #expect(mail.defects.isEmpty && mail.isASCII && !mail.hasBareNewline && mail.longestLine <= 78)
        for name in ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"] {
            #expect(mail.header(name).count == 1, "\(name)")
        }
        #expect(mail.date == "2026-11-23T09:04:05+00:00")
        #expect(mail.header("Auto-Submitted") == ["auto-generated"] && mail.header("Importance") == ["high"])
        #expect(mail.header("Subject") == ["[bup-nord] HASTER: Ikke besvart innen fristen: Henvisning BUP"])
        #expect(mail.header("From") == ["msggw <msggw@example.org>"])
        #expect(mail.text.contains("Gjør dette: ") && mail.text.contains("pasient- og brukerrettighetsloven § 2-2"))
        #expect(mail.text.contains("Melding: m-7") && mail.text.contains("Frist: 2026-11-23 10:04"))
        #expect(mails[0].header("Message-ID") != mails[1].header("Message-ID"))
    }

    @Test("what a setting holds cannot become a header or a line of its own", .enabled(if: MailServer.isAvailable))
    func injection() async throws {
        let server = try MailServer(.starttls)
        let name = "a\r\nBcc: x@example.org\r\n\r\nboo\u{85}\u{2028}é"
        _ = try await Self.sink(server.port, node: name).send(
            [Self.alert()], more: 3, to: Self.route(["b@example.org"], clinicians: false))
        let mail = try #require(try server.mails.first)
        #expect(mail.to == ["b@example.org"] && mail.header("Bcc").isEmpty && mail.defects.isEmpty)
        #expect(mail.header("Subject").first?.contains("a  Bcc: x@example.org") == true)
        #expect(mail.text.hasPrefix("From the message gateway a  Bcc:"))
        #expect(mail.text.contains("3 more are open"))
    }

    @Test(
        "an address that is refused costs the others nothing, and is named by its number alone",
        .enabled(if: MailServer.isAvailable))
    func partly() async throws {
        let server = try MailServer(.starttls, ["--refuse", "gone@example.org"])
        let sink = try Self.sink(server.port)
        let refused = try await sink.send([Self.alert()], more: 0, to: Self.route(["gone@example.org", "here@example.org"]))
        #expect(refused == ["address 1"])
        #expect(try server.mails.map(\.to) == [["here@example.org"]])
        await #expect(throws: SMTPError.self) {
            _ = try await sink.send([Self.alert()], more: 0, to: Self.route(["gone@example.org"]))
        }
    }

    @Test(
        "a long subject in any letters is cut between them and is whole again at the other end",
        .enabled(if: MailServer.isAvailable))
    func longSubject() async throws {
        let server = try MailServer(.plain)
        let subject = String(repeating: "blåbærsyltetøy 🫐 ", count: 20)
        let mail = MailMessage(
            from: try #require(MailAddress("a@example.org")), to: try #require(MailAddress("b@example.org")), subject: subject,
            text: "æ\r\n.\r\n", date: Self.clock.now(), id: "1>\r\nX: y")
        let bytes = mail.bytes
        #expect(!bytes.contains { $0 >= 128 } && !String(decoding: bytes, as: UTF8.self).contains("\nX:"))
        let client = SMTPClient(try SMTPClientTests.server(server.port, .plainLoopback))
        try client.send(bytes, from: "a@example.org", to: "b@example.org")
        let read = try #require(try server.mails.first)
        #expect(read.header("Subject") == [subject.trimmingCharacters(in: .whitespaces)] || read.header("Subject") == [subject])
        #expect(read.text.replacing("\r\n", with: "\n") == "æ\n.\n")
        #expect(read.longestLine <= 78 && read.defects.isEmpty)
    }

    @Test("the webhook gets one POST of JSON with what there is to tell, and the token")
    func webhook() async throws {
        let files = try TestCertificates.shared.get()
        let client = HTTPClient(HTTPClientSettings(trustedCertificates: try files.pem("root.pem"), revocation: .notChecked))
        let listener = KeepingListener(status: 204)
        let port = try await listener.start(tls: files.serverTLS("good"))
        let sink = WebhookSink(
            client: client, url: "https://localhost:\(port)/alerts?x=1", token: "hemmelig", node: "gp", names: Self.names,
            pool: WorkPool(threads: 1))
        _ = try await sink.send([Self.alert(), Self.alert(.loopStopped, number: 13, isOver: true)], more: 2, to: .webhook)
        let request = try #require(listener.requests.first)
        #expect(request.head.method == .POST && request.head.uri == "/alerts?x=1")
        #expect(request.head.headers["Authorization"] == ["Bearer hemmelig"])
        #expect(request.head.headers["Content-Type"] == ["application/json"])
        let body = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        #expect(body["node"] as? String == "gp" && body["more"] as? Int == 2)
        let alerts = try #require(body["alerts"] as? [[String: Any]])
        #expect(alerts.map { $0["state"] as? String } == ["open", "resolved"])
        #expect(alerts[0]["messageID"] as? String == "m-7" && alerts[0]["kind"] as? String == "answerLate")
        try await listener.stop()
    }

    @Test("a webhook that answers anything but 2xx has not been told", arguments: [301, 400, 404, 500, 503])
    func webhookRefuses(status: Int) async throws {
        let client = HTTPClient(HTTPClientSettings(trustedCertificates: [], revocation: .notChecked, allowsPlainLoopback: true))
        let listener = KeepingListener(status: status)
        let port = try await listener.start(tls: nil)
        let sink = WebhookSink(
            client: client, url: "http://127.0.0.1:\(port)/", token: nil, node: "gp", names: Self.names,
            pool: WorkPool(threads: 1))
        await #expect(throws: WebhookSink.Refusal.self) { _ = try await sink.send([Self.alert()], more: 0, to: .webhook) }
        try await listener.stop()
    }
}

/// An HTTP server that keeps what it is sent and answers with a status.
final class KeepingListener: Sendable {
    struct Kept: Sendable {
        let head: HTTPRequestHead
        let body: [UInt8]
    }

    private let status: Int
    private let kept = Mutex<[Kept]>([])
    private let channel = Mutex<(any Channel)?>(nil)

    init(status: Int) { self.status = status }

    var requests: [Kept] { kept.withLock { $0 } }

    func start(tls: TLSConfiguration?) async throws -> Int {
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(owner: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = server }
        return server.localAddress?.port ?? 0
    }

    func stop() async throws { try await channel.withLock { $0 }?.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let owner: KeepingListener
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(owner: KeepingListener) { self.owner = owner }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let bytes): body += Array(bytes.readableBytesView)
            case .end:
                if let head { owner.kept.withLock { $0.append(Kept(head: head, body: body)) } }
                let answer = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: owner.status), headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
