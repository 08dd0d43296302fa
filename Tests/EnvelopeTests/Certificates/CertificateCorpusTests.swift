import Envelope
import Foundation
import Native
import TestSupport
import Testing

/// Where the corpora lie, and how their files are read.
enum CertificateCorpus {
    static func folder(_ name: String) throws -> URL { try #require(Repository.shared("security-corpora/\(name)")) }
    static func bytes(_ file: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }

    static func decode<Corpus: Decodable>(_ type: Corpus.Type, _ file: URL) throws -> Corpus {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: file))
    }

    /// The path alone, for cases with a purpose that none of ours is.
    static func path(_ leaf: Certificate, roots: [Certificate], intermediates: [Certificate], at time: Date) throws -> Bool {
        let store = try CertificateStore(
            roots: roots.map(\.native), intermediates: intermediates.map(\.native), revocationLists: [])
        let verdict = try store.verify(
            leaf.native, at: Int64(time.timeIntervalSince1970), checkRevocation: false, forTLSServer: false)
        if case .trusted = verdict { return true }
        return false
    }
}

@Suite("NIST PKITS", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct PKITSTests {
    struct Corpus: Decodable {
        struct Case: Decodable {
            struct Parameters: Decodable { let initialPolicySet: String, initialExplicitPolicy: Bool }
            let id, name, ee, expect: String
            let opensslErrorHint: Int32
            let params: Parameters
        }
        let cases: [Case]
    }

    /// Paths that RFC 5280 allows and we refuse.
    static let stricter = [
        "4.1.5": "a DSA key",
        "4.6.4": "an authority whose basic constraints are not critical",
        "4.6.8": "an authority's certificate, which signs no messages",
        "4.14.13": "an authority's certificate, which signs no messages",
        "4.14.24": "a list of another issuer: unknown, so held", "4.14.25": "a list of another issuer: unknown, so held",
        "4.14.28": "a list of another issuer: unknown, so held",
    ]

    static func store(in folder: URL, policies: Set<String> = []) throws -> TrustStore {
        let files = { (name: String) in
            try FileManager.default.contentsOfDirectory(at: folder.appending(path: name), includingPropertiesForKeys: nil)
        }
        // One authority has a DSA key with inherited parameters, which OpenSSL cannot read.
        let authorities = try files("ca").compactMap { file in
            try? (
                isAnchor: file.lastPathComponent == "TrustAnchorRootCertificate.crt",
                Certificate(der: CertificateCorpus.bytes(file))
            )
        }
        return try TrustStore(
            roots: authorities.filter(\.isAnchor).map(\.1), intermediates: authorities.filter { !$0.isAnchor }.map(\.1),
            revocationLists: try files("crl").map { try RevocationList(der: CertificateCorpus.bytes($0)) }, policies: policies)
    }

    /// The code for OpenSSL's number of the failure that the case is about.
    static func code(_ hint: Int32) -> EnvelopeError.Code {
        switch hint {
        case 9: .certificateNotYetValid
        case 10: .certificateExpired
        case 23: .certificateRevoked
        case 3, 8, 11, 12, 33, 35, 36, 44: .revocationUnknown
        default: .certificateUntrusted
        }
    }

    @Test("no invalid path is accepted, and valid ones are refused only for a stated reason")
    func corpus() throws {
        let folder = try CertificateCorpus.folder("pkits")
        let corpus = try CertificateCorpus.decode(Corpus.self, folder.appending(path: "cases.json"))
        let store = try Self.store(in: folder)
        let anyPolicy = try Self.store(in: folder, policies: ["2.5.29.32.0"])
        var tally = CorpusTally("pkits")
        for item in corpus.cases {
            do {
                let certificate = try Certificate(der: CertificateCorpus.bytes(folder.appending(path: item.ee)))
                _ = try (item.params.initialExplicitPolicy ? anyPolicy : store).validate(
                    certificate, for: .signing, at: TestPKI.now, revocation: .required)
                if item.expect == "accept" { tally.pass() } else { tally.fail("\(item.id) \(item.name) was accepted") }
            } catch let error as EnvelopeError {
                if item.expect == "accept" {
                    if let reason = Self.stricter[item.id] {
                        tally.pass(weakly: "\(item.id) refused: \(reason)")
                    } else {
                        tally.fail("\(item.id) \(item.name): \(error)")
                    }
                } else if error.code == Self.code(item.opensslErrorHint) {
                    tally.pass()
                } else {
                    tally.pass(weakly: "\(item.id) \(item.name): \(error)")
                }
            }
        }
        tally.report()
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }
}

@Suite("x509-limbo", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct LimboTests {
    struct Corpus: Decodable {
        struct Case: Decodable {
            let id, validationKind, peerCertificate, expectedResult: String
            let trustedCerts, untrustedIntermediates, crls: [String]
            let validationTime: String?
            let maxChainDepth: Int?
        }
        let testcases: [Case]
    }

    /// Paths that RFC 5280 allows and we refuse.
    static let stricter = [
        "crl::issuer-no-keyusage-extension": "an authority without key usage",
        "pathlen::validation-ignores-pathlen-in-leaf": "an authority's certificate, which serves no TLS",
        "rfc5280::validity::notafter-fractional": "OpenSSL counts the last second as over",
    ]

    static func time(_ text: String?) throws -> Date {
        guard let text else { return TestPKI.now }
        return try Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")).parse(text)
    }

    static func validate(_ item: Corpus.Case) throws {
        let read = { (pem: [String]) in try pem.flatMap { try Certificate.all(pem: Array($0.utf8)) } }
        let (roots, intermediates) = (try read(item.trustedCerts), try read(item.untrustedIntermediates))
        let leaf = try Certificate(pem: Array(item.peerCertificate.utf8))
        if item.validationKind == "CLIENT" {
            guard try CertificateCorpus.path(leaf, roots: roots, intermediates: intermediates, at: time(item.validationTime))
            else {
                throw EnvelopeError(.certificateUntrusted, reason: "")
            }
            return
        }
        let lists = try item.crls.map { try RevocationList(pem: Array($0.utf8)) }
        let store = try TrustStore(roots: roots, intermediates: intermediates, revocationLists: lists)
        _ = try store.validate(
            leaf, for: .tlsServer, at: time(item.validationTime), revocation: lists.isEmpty ? .notChecked : .required)
    }

    static func run(_ name: String, where isChosen: (Corpus.Case) -> Bool) throws -> CorpusTally {
        let file = try CertificateCorpus.folder("x509-limbo").appending(path: "limbo.json")
        var tally = CorpusTally(name)
        for item in try CertificateCorpus.decode(Corpus.self, file).testcases where isChosen(item) {
            do {
                try validate(item)
                if item.expectedResult == "SUCCESS" { tally.pass() } else { tally.fail("\(item.id) was accepted") }
            } catch let error as EnvelopeError {
                if item.expectedResult == "FAILURE" { tally.pass(); continue }
                if let reason = stricter[item.id] {
                    tally.pass(weakly: "\(item.id) refused: \(reason)")
                } else {
                    tally.fail("\(item.id): \(error)")
                }
            }
        }
        tally.report()
        return tally
    }

    @Test("outside the rules of the web, no invalid path is accepted")
    func paths() throws {
        // How deep a path may be is not an argument of ours.
        let tally = try Self.run("x509-limbo without webpki and max_chain_depth") {
            !$0.id.hasPrefix("webpki::") && $0.maxChainDepth == nil
        }
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }

    @Test("the rules of the web for names are the TLS client's: here only that its valid paths hold")
    func web() throws {
        let tally = try Self.run("x509-limbo webpki") { $0.id.hasPrefix("webpki::") }
        #expect(tally.count > 0)
        #expect(tally.failed.allSatisfy { $0.hasSuffix("was accepted") })
    }
}

@Suite("OpenSSL's table of paths", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct OpenSSLVerifyTests {
    struct Corpus: Decodable {
        struct Case: Decodable {
            let id, leaf, purpose, expect, why: String
            let trusted, untrusted, options: [String]
        }
        let cases: [Case]
    }

    static let stricter = [
        "v088": "a path length in a certificate that is no authority's",
        "v106": "an intermediate with MD5 in OpenSSL's trust format",
        "v142": "RSA-PSS", "v148": "no authority key identifier", "v149": "no authority key identifier",
        "v150": "no authority key identifier", "v152": "self-signed", "v154": "Ed25519", "v159": "Ed25519",
    ]
    /// What OpenSSL can be told and we cannot.
    static let foreign: Set = ["-allow_proxy_certs", "-auth_level", "-verify_depth", "-policy"]

    static func isAccepted(_ item: Corpus.Case, in folder: URL) throws -> Bool {
        let read = { (names: [String]) throws -> [Certificate] in
            try names.flatMap { try Certificate.all(pem: CertificateCorpus.bytes(folder.appending(path: $0))) }
        }
        do {
            let (roots, intermediates) = (try read(item.trusted), try read(item.untrusted))
            let leaf = try #require(try read([item.leaf]).first)
            let time =
                item.options.firstIndex(of: "-attime").flatMap { TimeInterval(item.options[$0 + 1]) }
                .map { Date(timeIntervalSince1970: $0) } ?? TestPKI.now
            guard item.purpose == "sslserver" else {
                return try CertificateCorpus.path(leaf, roots: roots, intermediates: intermediates, at: time)
            }
            let store = try TrustStore(roots: roots, intermediates: intermediates)
            _ = try store.validate(leaf, for: .tlsServer, at: time, revocation: .notChecked)
            return true
        } catch is EnvelopeError {
            return false
        }
    }

    @Test("no path is accepted that OpenSSL refuses with the same settings")
    func corpus() throws {
        let folder = try CertificateCorpus.folder("openssl-verify")
        let corpus = try CertificateCorpus.decode(Corpus.self, folder.appending(path: "cases.json"))
        var tally = CorpusTally("openssl-verify without sslclient and settings that are not ours")
        for item in corpus.cases where item.purpose != "sslclient" && Self.foreign.isDisjoint(with: item.options) {
            let isAccepted = try Self.isAccepted(item, in: folder)
            let hasTrustSettings = item.trusted.contains {
                $0.contains("+") || $0.contains("-anyEKU") || $0.contains("-serverAuth") || $0.contains("-clientAuth")
            }
            switch (item.expect, isAccepted) {
            case ("accept", true), ("reject", false): tally.pass()
            case ("reject", _): tally.fail("\(item.id) was accepted: \(item.why)")
            case (_, _) where hasTrustSettings: tally.pass(weakly: "\(item.id) refused: OpenSSL's trust settings")
            default:
                if let reason = Self.stricter[String(item.id.prefix(4))] {
                    tally.pass(weakly: "\(item.id) refused: \(reason)")
                } else {
                    tally.fail("\(item.id): \(item.why)")
                }
            }
        }
        tally.report()
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }
}
