import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("The table of settings")
struct SettingKeyTests {
    @Test("every setting that can be written changes what is read", arguments: SettingKey.all)
    func everyKeyIsRead(key: SettingKey) throws {
        let plain = try NodeSettings(yaml: Array(company(of: key).utf8), folder: "/node")
        let changed = try NodeSettings(yaml: Array(company(of: key).utf8), folder: "/node", flags: [key.name: other(key)])
        #expect(plain != changed)
    }

    /// Other settings that must be set for this one to be allowed.
    private func company(of key: SettingKey) -> String {
        switch key.name {
        case "http.host", "http.certificate", "http.key", "metrics.host": "http: {certificate: tls.crt, key: tls.key}"
        case "trust.revocation": "node: {environment: test}"
        case "filing.folder": "filing: {mode: folder}"
        case "alerts.operators", "alerts.contacts", "alerts.smtpServer", "alerts.smtpFrom": Self.mail
        case "alerts.smtpUser", "alerts.smtpPasswordFile": Self.mail.dropLast() + ", smtpUser: a, smtpPasswordFile: b}"
        case "alerts.webhookTokenFile": "alerts: {webhook: 'https://example.org/'}"
        default: ""
        }
    }

    private static let mail = "alerts: {smtpServer: 'smtps://mail.example.org', smtpFrom: a@example.org}"

    /// A value that is allowed and is not the default.
    private func other(_ key: SettingKey) -> String {
        switch (key.name, key.kind) {
        case ("parties.hosted", _): "80000100,80000110"
        case ("filing.parties", _): "80000100=elsewhere"
        case ("attachments.converters", _): "docx=soffice {input}"
        case ("http.path", _): "/other"
        case ("deadlines.daysOff", _): "12-24"
        case ("deadlines.rules", _): "EPIKRISE.out.delivered=1h"
        case ("alerts.operators", _), ("alerts.smtpFrom", _): "drift@example.org"
        case ("alerts.smtpServer", _): "smtp://mail.example.org:2587"
        case ("alerts.webhook", _), ("registry.url", _): "https://example.org/alerts"
        case ("alerts.contacts", _): "80000100=name@example.org"
        case ("letters.mailbox", _): "80000120"
        case (_, .text): "other"
        case (_, .choice(let words)): words.first { .text($0) != key.fallback } ?? ""
        case (_, .integer(let range)): String(range.upperBound)
        case (_, .path), (_, .textList), (_, .pathList): "elsewhere"
        }
    }

    @Test("names are two words, unique, and so are their environment variables")
    func names() {
        #expect(SettingKey.all.allSatisfy { $0.name.split(separator: ".").count == 2 })
        #expect(Set(SettingKey.all.map(\.environmentName)).count == SettingKey.all.count)
        #expect(SettingKey.all.first { $0.name == "http.maxBodyBytes" }?.environmentName == "MSGGW_HTTP_MAX_BODY_BYTES")
    }

    @Test("every default is a value that the setting allows", arguments: SettingKey.all)
    func defaults(key: SettingKey) throws {
        switch key.fallback {
        case .text(let text)?: #expect(try key.value(ofText: text, at: "default") == key.fallback)
        case .integer(let number)?: #expect(try key.value(ofText: String(number), at: "default") == key.fallback)
        case .list(let words)?: #expect(try key.value(ofList: words, at: "default") == key.fallback)
        case nil: break
        }
    }

    @Test("the template names every setting once, with its meaning, and means the defaults")
    func template() throws {
        let template = SettingKey.template()
        for key in SettingKey.all {
            #expect(template.contains(key.meaning))
            #expect(template.contains("  # \(key.field):"))
            #expect(template.contains(key.environmentName))
        }
        #expect(try NodeSettings(yaml: Array(template.utf8), folder: "/node") == NodeSettings(yaml: [], folder: "/node"))
    }

    @Test("a template with every comment sign removed is still read, and means the defaults")
    func uncommented() throws {
        let fields = Set(SettingKey.all.map(\.field))
        let lines = SettingKey.template().split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  # ") else { return String(line) }
            let rest = line.dropFirst(4)
            let isSetting = fields.contains { rest.hasPrefix("\($0): ") }
            return isSetting ? "  " + rest : nil
        }
        let settings = try NodeSettings(yaml: Array(lines.joined(separator: "\n").utf8), folder: "/node")
        #expect(try settings == NodeSettings(yaml: [], folder: "/node"))
    }

    @Test("docs/CONFIGURATION.md holds the table as it is")
    func table() throws {
        let document = Repository.root.appending(path: "docs/CONFIGURATION.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        #expect(text.contains(SettingKey.table()), "put this into docs/CONFIGURATION.md:\n\(SettingKey.table())")
    }
}
