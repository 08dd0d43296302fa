import Foundation
import TestSupport
import Testing

extension Commands {
    /// What `serve` says when the node cannot run: one line that names the thing and the remedy.
    @Suite("bad configuration")
    struct BadConfiguration {
        struct Mistake: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let says: [String]
            var environment: [String: String] = [:]
            let make: @Sendable (String) throws -> Void

            init(
                _ name: String, says: [String], environment: [String: String] = [:],
                _ make: @escaping @Sendable (String) throws -> Void = { _ in }
            ) {
                (testDescription, self.says, self.environment, self.make) = (name, says, environment, make)
            }
        }

        static let mistakes = [
            Mistake("a setting is spelt wrong", says: ["msggw.yaml line ", "http.prot", "did you mean http.port?"]) {
                try edit("msggw.yaml", in: $0) { $0.replacing("  port:", with: "  prot:") }
            },
            Mistake("a setting is out of range", says: ["msggw.yaml line ", "http.port is 99999", "from 0 to 65535"]) {
                try Pair.set("http.port", "99999", in: $0)
            },
            Mistake("the settings are not YAML", says: ["msggw.yaml line ", "cannot be read"]) {
                try edit("msggw.yaml", in: $0) { _ in "http: [\n" }
            },
            Mistake(
                "a variable is spelt wrong", says: ["MSGGW_HTTP_PROT", "did you mean MSGGW_HTTP_PORT?"],
                environment: ["MSGGW_HTTP_PROT": "1"]),
            Mistake("others are let in without TLS", says: ["http.host is 0.0.0.0", "set http.certificate and http.key"]) {
                for (name, value) in [("http.host", "0.0.0.0"), ("http.certificate", ""), ("http.key", "")] {
                    try Pair.set(name, value, in: $0)
                }
                try edit("msggw.yaml", in: $0) { $0.replacing("  certificate: \n", with: "").replacing("  key: \n", with: "") }
            },
            Mistake("the store key is another one", says: ["store key is not the one", "put back the key file"]) {
                try edit("keys/store.key", in: $0) { _ in String(repeating: "ab", count: 32) + "\n" }
            },
            Mistake("the store key is cut off", says: ["store.key is not a store key", "put back the key"]) {
                try edit("keys/store.key", in: $0) { String($0.prefix(20)) }
            },
            Mistake("the store cannot be written", says: ["msggw.yaml/store", "store.folder"]) {
                try Pair.set("store.folder", "msggw.yaml/store", in: $0)
            },
            Mistake("a key may be read by others", says: ["314000005/signing.key", "run: chmod 600 "]) {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o644], ofItemAtPath: $0 + "/keys/314000005/signing.key")
            },
            Mistake("the signing certificate has expired", says: ["314000005/signing.crt", "has expired on 2025-", "new cert"]) {
                try replace($0, "wrong/expired-signing", "keys/314000005/signing")
            },
            Mistake("the certificate is of another organisation", says: ["314000005/signing.crt", "314000080", "own cert"]) {
                try replace($0, "wrong/other-organisation", "keys/314000005/signing")
            },
            Mistake("the key is for another certificate", says: ["signing.crt", "not the certificate of the key beside it"]) {
                try replace($0, "wrong/expired-signing", "keys/314000005/signing", endings: ["key"])
            },
            Mistake("there are no keys", says: ["80000601", "keys/314000005", "make the folder with signing.key"]) {
                try FileManager.default.removeItem(atPath: $0 + "/keys/314000005")
            },
            Mistake("nobody is trusted", says: ["trust/roots", "nobody is trusted", "put the root certificates"]) {
                try FileManager.default.removeItem(atPath: $0 + "/trust/roots/root.crt")
            },
            Mistake("the registry is not there", says: ["nowhere.json", "cannot be read", "registry.file"]) {
                try Pair.set("registry.file", "nowhere.json", in: $0)
            },
            Mistake(
                "the registry is not JSON", says: ["broken.json: is not JSON (line 2); correct it; samples/README.md describes"]
            ) {
                try Pair.set("registry.file", "broken.json", in: $0)
                let text = "{\"parties\": [\n  {\"herId\" \"80000601\"}\n]}\n"
                try text.write(toFile: $0 + "/broken.json", atomically: true, encoding: .utf8)
            },
            Mistake("a hosted party is unknown", says: ["80000699", "is not in the registry", "parties.hosted"]) {
                try Pair.set("parties.hosted", "[\"80000699\"]", in: $0)
            },
            Mistake("the TLS certificate is not there", says: ["keys/tls.crt", "is not there", "http.certificate"]) {
                try FileManager.default.removeItem(atPath: $0 + "/keys/tls.crt")
            },
            Mistake("the TLS certificate has expired", says: ["keys/tls.crt", "has expired on", "get a new TLS certificate"]) {
                try replace($0, "tls/expired", "keys/tls")
            },
            Mistake("the TLS key may be read by others", says: ["keys/tls.key", "run: chmod 600 "]) {
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: $0 + "/keys/tls.key")
            },
            Mistake("TLS certificate and key do not belong together", says: ["keys/tls.crt", "do not belong together"]) {
                try replace($0, "tls/expired", "keys/tls", endings: ["key"])
            },
        ]

        @Test("a node that cannot run says why in one line and ends with 78", arguments: mistakes)
        func refused(mistake: Mistake) async throws {
            let pair = try Pair()
            // The store is made first, with the key that is right.
            #expect(try await pair.run("inbox", on: pair.gp).status == 0)
            try mistake.make(pair.gp)
            let outcome = try await Program.run(["serve", "--node", pair.gp], environment: mistake.environment)
            BadInput.check(outcome, BadInput.Mistake("", status: 78, says: mistake.says) { _ in [] })
        }

        @Test("a port that is in use is named, and nothing keeps running")
        func portInUse() async throws {
            let pair = try Pair()
            let other = try SilentListener(port: pair.ports[0])
            let outcome = try await Program.run(["serve", "--node", pair.gp])
            BadInput.check(
                outcome,
                BadInput.Mistake("", status: 69, says: ["127.0.0.1:\(pair.ports[0])", "another program", "set another port"]) {
                    _ in
                    []
                })
            withExtendedLifetime(other) {}
        }

        @Test("what has been received can be read when a certificate has expired")
        func readable() async throws {
            let pair = try Pair()
            try Self.replace(pair.gp, "wrong/expired-signing", "keys/314000005/signing")
            #expect(try await pair.run("inbox", on: pair.gp).status == 0)
            let sent = try await pair.run("send", Pair.referral, on: pair.gp)
            #expect(sent.status == 78)
            #expect(sent.err.contains("has expired on"))
        }

        @Test("revocation lists that are too old are a warning at start, not a reason to stop taking messages")
        func staleLists() async throws {
            let pair = try Pair()
            try FileManager.default.removeItem(atPath: pair.gp + "/trust/crl/issuing.crl")
            let node = try RunningProgram(["serve", "--node", pair.gp], in: pair.scratch.path)
            let line = try await node.line("warning", "revocation")
            #expect(line.contains("trust.revocationLists"))
            try await node.line("Node listens")
            #expect(try await node.stop().outcome.status == 0)
            let sent = try await pair.run("send", Pair.referral, on: pair.gp)
            #expect(sent.status == 69, "\(sent.err)")
        }

        private static func edit(_ name: String, in folder: String, _ change: (String) -> String) throws {
            let file = "\(folder)/\(name)"
            let text = change(try String(contentsOfFile: file, encoding: .utf8))
            // Not atomically: the file keeps its permissions.
            try text.write(toFile: file, atomically: false, encoding: .utf8)
        }

        private static func replace(_ folder: String, _ source: String, _ place: String, endings: [String] = ["crt", "key"])
            throws
        {
            for ending in endings {
                let target = "\(folder)/\(place).\(ending)"
                try FileManager.default.removeItem(atPath: target)
                try FileManager.default.copyItem(atPath: try TestPKI.shared.path("\(source).\(ending)"), toPath: target)
            }
        }
    }
}
