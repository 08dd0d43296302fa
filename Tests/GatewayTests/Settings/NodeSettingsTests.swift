import Envelope
import TestSupport
import Testing

@testable import Gateway

@Suite("Node settings")
struct NodeSettingsTests {
    struct Slip: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let yaml: String
        let code: SettingsError.Code
        let says: [String]

        init(_ name: String, _ yaml: String, _ code: SettingsError.Code, says: String...) {
            (testDescription, self.yaml, self.code, self.says) = (name, yaml, code, says)
        }
    }

    static let slips = [
        Slip("a misspelt setting", "http:\n  prot: 9000\n", .unknownKey, says: "msggw.yaml line 2", "http.prot", "http.port?"),
        Slip("another section's setting", "http:\n  hosted: []\n", .unknownKey, says: "http.hosted"),
        Slip("a misspelt section", "node:\n  name: a\nhtpp:\n  port: 1\n", .unknownKey, says: "line 3", "htpp", "http?"),
        Slip("a setting with a point", "http.port: 9000\n", .unknownKey, says: "http.port", "indented"),
        Slip("nothing like any setting", "weather:\n  tomorrow: sun\n", .unknownKey, says: "weather", "CONFIGURATION.md"),
        Slip("a word for a number", "http:\n  port: https\n", .wrongType, says: "line 2", "whole number from 0 to 65535"),
        Slip("a fraction for a number", "http:\n  port: 1.5\n", .wrongType, says: "http.port"),
        Slip("a list for a number", "http:\n  port: [1]\n", .wrongType, says: "is a list"),
        Slip("a word for a list", "trust:\n  roots: ca\n", .wrongType, says: "trust.roots", "write roots: [ca]"),
        Slip("settings for a word", "node:\n  name:\n    first: a\n", .wrongType, says: "node.name"),
        Slip("a word for a section", "http: 9000\n", .wrongType, says: "section"),
        Slip("a port too high", "http:\n  port: 65536\n", .outOfRange, says: "65536", "0 to 65535"),
        Slip("a time of zero", "delivery:\n  attemptSeconds: 0\n", .outOfRange, says: "seconds from 5"),
        Slip("an unknown environment", "node:\n  environment: prodution\n", .outOfRange, says: "did you mean production?"),
        Slip("a path without a slash", "http:\n  path: ebxml\n", .outOfRange, says: "http.path", "line 2"),
        Slip("no value", "http:\n  port:\n", .missing, says: "http.port", "no value"),
        Slip("a setting twice", "http:\n  port: 1\n  port: 2\n", .malformed, says: "port is there twice"),
        Slip("a section twice", "http:\n  port: 1\nhttp:\n  port: 2\n", .malformed, says: "http is there twice"),
        Slip("broken YAML", "http:\n  port: [1\nnode: x\n", .malformed, says: "msggw.yaml line"),
        Slip(
            "mail without TLS", "alerts: {smtpServer: 'smtp-plain://127.0.0.1', smtpFrom: a@b.no}\n", .contradiction,
            says: "smtpServer", "TLS"),
        Slip(
            "plain mail to elsewhere",
            "node: {environment: test}\nalerts: {smtpServer: 'smtp-plain://10.0.0.1', smtpFrom: a@b.no}\n",
            .contradiction, says: "TLS"),
        Slip(
            "a mail server of another kind", "alerts: {smtpServer: 'imap://a', smtpFrom: a@b.no}\n", .wrongType,
            says: "smtps://host"),
        Slip(
            "a mail server with a path", "alerts: {smtpServer: 'smtps://a/b', smtpFrom: a@b.no}\n", .wrongType, says: "smtpServer"
        ),
        Slip(
            "a mail server with a user", "alerts: {smtpServer: 'smtps://u@a', smtpFrom: a@b.no}\n", .wrongType, says: "smtpServer"
        ),
        Slip("a mail server and no sender", "alerts: {smtpServer: 'smtps://a'}\n", .missing, says: "alerts.smtpFrom"),
        Slip(
            "a sender that is two", "alerts: {smtpServer: 'smtps://a', smtpFrom: 'a@b.no, c@d.no'}\n", .wrongType,
            says: "smtpFrom"),
        Slip("a sender and no mail server", "alerts: {smtpFrom: a@b.no}\n", .contradiction, says: "smtpServer is not"),
        Slip(
            "a user without a password", "alerts: {smtpServer: 'smtps://a', smtpFrom: a@b.no, smtpUser: u}\n", .contradiction,
            says: "Password"),
        Slip("people to tell and no mail server", "alerts: {operators: [a@b.no]}\n", .contradiction, says: "alerts.operators"),
        Slip("a contact of nobody", "alerts: {contacts: [a@b.no]}\n", .wrongType, says: "HER-id=address"),
        Slip("a contact without an address", "alerts: {contacts: ['80000601=kari']}\n", .wrongType, says: "name@example.org"),
        Slip("a webhook without TLS", "alerts: {webhook: 'http://127.0.0.1/'}\n", .outOfRange, says: "https://"),
        Slip("a token and no webhook", "alerts: {webhookTokenFile: t}\n", .contradiction, says: "alerts.webhook"),
        Slip("a day that is none", "deadlines: {daysOff: ['24.12']}\n", .wrongType, says: "12-24"),
        Slip("a list at the top", "- http\n", .malformed, says: "sections"),
        Slip("a HER-id that is none", "parties:\n  hosted: [80000100, BUP]\n", .wrongType, says: "\"BUP\"", "digits"),
        Slip("a party twice", "parties:\n  hosted: [80000100, 80000100]\n", .contradiction, says: "twice"),
        Slip("TLS without its key", "http:\n  certificate: a.crt\n", .contradiction, says: "http.key is not"),
        Slip("open to others without TLS", "http:\n  host: 0.0.0.0\n", .contradiction, says: "line 2", "http.certificate"),
        Slip("a name that looks like loopback", "http:\n  host: 127.0.0.1.example\n", .contradiction, says: "http.host"),
        Slip(
            "revocation switched off in production", "trust:\n  revocation: notChecked\n", .contradiction,
            says: "trust.revocation", "production"),
        Slip("filing of nobody", "filing:\n  parties: [inbox]\n", .wrongType, says: "HER-id=inbox"),
    ]

    @Test("a slip in the file is refused in one line with place and remedy", arguments: slips)
    func slip(slip: Slip) throws {
        let error = try #require(throws: SettingsError.self) {
            try NodeSettings(yaml: Array(slip.yaml.utf8), folder: "/node")
        }
        #expect(error.code == slip.code)
        #expect(!error.description.contains("\n"))
        #expect(error.description.hasPrefix("/node/msggw.yaml"))
        for words in slip.says { #expect(error.description.contains(words), "\(error)") }
    }

    @Test("a misspelt variable is refused with the name that was meant")
    func variableSlip() throws {
        let error = try #require(throws: SettingsError.self) {
            try NodeSettings(yaml: [], folder: "/node", environment: ["MSGGW_HTTP_PROT": "1"])
        }
        #expect(error.code == .unknownKey)
        #expect(error.description.contains("MSGGW_HTTP_PORT?"))
    }

    @Test("a variable with a value of the wrong type is refused by its name")
    func variableType() throws {
        let error = try #require(throws: SettingsError.self) {
            try NodeSettings(yaml: [], folder: "/node", environment: ["MSGGW_HTTP_PORT": "x"])
        }
        #expect(error.code == .wrongType)
        #expect(error.description.contains("environment variable MSGGW_HTTP_PORT"))
    }

    @Test("variables without our prefix, and those of the build, are not looked at")
    func otherVariables() throws {
        let environment = ["HTTP_PORT": "x", "MSGGW_STRICT": "1", "PATH": "/bin"]
        #expect(try NodeSettings(yaml: [], folder: "/node", environment: environment) == NodeSettings(yaml: [], folder: "/node"))
    }

    @Test("a misspelt option is refused")
    func optionSlip() throws {
        let error = try #require(throws: SettingsError.self) {
            try NodeSettings(yaml: [], folder: "/node", flags: ["http.prt": "1"])
        }
        #expect(error.code == .unknownKey)
        #expect(error.description.contains("option http.prt"))
    }

    @Test("an option counts before a variable, a variable before the file, the file before the default")
    func precedence() throws {
        let yaml = Array("http: {port: 1001, maxConnections: 7, path: /file}\n".utf8)
        let environment = ["MSGGW_HTTP_PORT": "1002", "MSGGW_HTTP_PATH": "/variable"]
        let http = try NodeSettings(yaml: yaml, folder: "/node", environment: environment, flags: ["http.port": "1003"]).http
        #expect(http.port == 1003)
        #expect(http.path == "/variable")
        #expect(http.maxConnections == 7)
        #expect(http.idleTime == .seconds(60))
    }

    @Test("an error about two settings names the place of the one that counted")
    func placeOfTheStrongest() throws {
        let error = try #require(throws: SettingsError.self) {
            try NodeSettings(
                yaml: Array("http: {host: 127.0.0.1}\n".utf8), folder: "/node", environment: ["MSGGW_HTTP_HOST": "10.0.0.1"])
        }
        #expect(error.place == "environment variable MSGGW_HTTP_HOST")
    }

    @Test("relative paths start at the node folder, absolute ones stay")
    func paths() throws {
        let yaml = Array("store: {folder: data, keyFile: /secret/key}\ntrust: {roots: [a, /b]}\n".utf8)
        let settings = try NodeSettings(yaml: yaml, folder: "/node")
        #expect(settings.store == (try NodeSettings(yaml: yaml, folder: "/node").store))
        #expect(settings.store.folder == "/node/data")
        #expect(settings.store.keyFile == "/secret/key")
        #expect(settings.trust.roots == ["/node/a", "/b"])
    }

    @Test("an empty file means the defaults: production, loopback, nobody hosted, revocation required")
    func defaults() throws {
        let settings = try NodeSettings(yaml: [], folder: "/node")
        #expect(settings.node.environment == .production)
        #expect(settings.http.host == "127.0.0.1")
        #expect(settings.http.tls == nil)
        #expect(settings.parties.hosted.isEmpty)
        #expect(settings.trust.revocation == .required)
        #expect(settings.filing.mode == .inbox)
    }

    @Test("documents of a party that is named go elsewhere, all others as the node's")
    func filing() throws {
        let yaml = Array("filing: {mode: folder, parties: [80000100=inbox, 80000110=ppt]}\n".utf8)
        let filing = try NodeSettings(yaml: yaml, folder: "/node").filing
        let parties = ["80000100", "80000110", "80000120"].compactMap(HERID.init)
        #expect(parties.map { filing.mode(for: $0) } == [.inbox, .folder("/node/ppt"), .folder("/node/filed")])
    }

    @Test("a folder without settings is refused with the command that makes one")
    func noFile() throws {
        let scratch = try ScratchFolder()
        let error = try #require(throws: SettingsError.self) { try NodeSettings(folder: scratch.path, environment: [:]) }
        #expect(error.code == .fileMissing)
        #expect(error.description.contains("msggw init"))
    }

    @Test("the file in the folder is read")
    func file() throws {
        let scratch = try ScratchFolder()
        try scratch.write("node: {name: Sagene}\n", to: "msggw.yaml")
        let settings = try NodeSettings(folder: scratch.path, environment: [:])
        #expect(settings.node.name == "Sagene")
        #expect(settings.folder == scratch.path)
    }
}
