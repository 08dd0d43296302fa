import Envelope
import Foundation
import Logging
import Native

/// The ways of telling people that the settings name; the log is always one.
struct AlertSinks {
    let settings: NodeSettings
    let names: AlertNames
    let ids: IDSource
    let clock: NodeClock
    let pool: WorkPool
    let logger: Logger

    /// - Throws: ``KeyError`` when a password, a token or the trusted issuers cannot be read.
    func make() throws -> [AlertRoute.Sink: any AlertSink] {
        var sinks: [AlertRoute.Sink: any AlertSink] = [.log: LogSink(logger: logger, names: names)]
        if let mail = settings.alerts.mail {
            sinks[.smtp] = MailSink(
                client: SMTPClient(try server(mail)), from: mail.from, node: settings.node.name, names: names, ids: ids,
                clock: clock, pool: pool)
        }
        if let webhook = settings.alerts.webhook {
            let client = HTTPClient(
                HTTPClientSettings(
                    trustedCertificates: try issuers(), revocation: .notChecked,
                    allowsPlainLoopback: settings.node.environment == .test, idleConnections: 1))
            sinks[.webhook] = WebhookSink(
                client: client, url: webhook.url, token: try webhook.tokenFile.map(Self.secret), node: settings.node.name,
                names: names, pool: pool)
        }
        return sinks
    }

    private func server(_ mail: MailSettings) throws -> SMTPServer {
        let security: SMTPServer.Security =
            switch mail.security {
            case .startTLS: .startTLS
            case .tls: .tls
            case .plain: .plainLoopback
            }
        var login: SMTPServer.Login?
        if let user = mail.user, let file = mail.passwordFile {
            login = SMTPServer.Login(user: user, password: try Self.secret(file))
        }
        return SMTPServer(
            host: mail.host, port: mail.port, security: security,
            clientName: String(mail.from.text.drop { $0 != "@" }.dropFirst()), login: login,
            trustedCertificates: security == .plainLoopback ? [] : try issuers())
    }

    private func issuers() throws -> [UInt8] {
        if let file = settings.alerts.caFile { return try FileReader(file, followsLinks: true).read(4 << 20) }
        return try TrustMaterial.rootsPEM(settings.trust)
    }

    /// The first line of a file that nobody else may read.
    private static func secret(_ file: String) throws(KeyError) -> String {
        let line = String(decoding: try PrivateFile.read(file), as: UTF8.self).prefix { !$0.isNewline }
        guard !line.isEmpty, line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw KeyError(
                .malformed, file: file, reason: "holds no password or token", remedy: "write it into the first line")
        }
        return String(line)
    }
}

extension Node {
    /// Who looks after certificates, disk, store and partners' nodes.
    var upkeep: Upkeep {
        Upkeep(
            store: store,
            expiries: { [current, settings, clock, revocationLists] in
                let view = current.view
                return Expiry.own(view.keys) + Expiry.partners(view.registry, besides: view.keys.parties, at: clock.now())
                    + Expiry.server(settings.http.tls)
                    + (settings.trust.revocation == .required ? Expiry.lists(revocationLists) : [])
            },
            freePercent: { [folder = settings.store.folder] in DiskRoom.freePercent(folder) }, settings: settings.alerts,
            sender: alertSender, clock: clock, heartbeats: heartbeats, logger: logger)
    }

    /// Tries every way of telling people; see `msggw alerts test`.
    public func trialOfAlerts() async -> [AlertTrial] { await alertSender.trial(at: clock.now()) }
}
