import Envelope
import Foundation
import TestSupport
import Testing

/// `ebxml-attacks`: complete HTTP bodies, run as far as the envelope goes. What a node decides after that (registry,
/// duplicates, decryption) is counted as not here.
@Suite("A corpus of ebXML attacks", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct EbXMLCorpusTests {
    struct Corpus: Decodable {
        struct Case: Decodable {
            struct Generated: Decodable { let take, replace, with: String }
            let id, file, expect, layer: String
            let contentType: String?
            let generate: Generated?
        }
        let validationTime: String
        let cases: [Case]
    }
    struct Registry: Decodable {
        struct Party: Decodable { let her, sign: String }
        let parties: [Party]
        let cpas: [String]
    }

    enum Outcome {
        case accepted
        case refused(EnvelopeError.Code)
        case unknownSender
    }

    static let sentID = "8f1d6c1e-0000-4000-8000-0000000000ff@nordlia.example"
    /// What no reader of one message alone can refuse.
    static let nodeMatters: Set = [
        "hdr-unknown-sender", "hdr-wrong-recipient", "hdr-cpa-unknown", "hdr-cpa-other-pair", "hdr-action-unknown",
        "hdr-ts-future",
        "ack-unknown-ref", "pay-wrong-recipient", "pay-cbc-mutated-then-signed", "pay-not-cms", "mime-gzip-bomb",
    ]
    /// The codes that show that the named layer has caught it.
    static func codes(_ layer: String) -> [String] {
        switch layer {
        case "header": ["header", "notEbXML", "addressedToNextHop", "xml"]
        case "signature": ["signature", "signer", "digest", "reference", "partUnsigned", "certificate"]
        case "signature-wrapping": ["header", "addressedToNextHop", "signature"]
        case "mime": ["mime", "transferEncoding"]
        case "attachment": ["mime", "digest", "partUnsigned", "reference"]
        case "manifest": ["manifest", "mimePartMissing", "reference"]
        case "parser": ["xml", "mimeTooLarge", "signatureMissing"]
        case "reliability": ["receipt", "headerDuplicated", "signatureMissing"]
        default: []
        }
    }

    let folder: URL
    let registry: Registry
    let time: Date
    let cases: [Corpus.Case]
    let trust: TrustStore
    let certificates: [String: Certificate]

    init() throws {
        let corpora = try #require(Repository.shared("security-corpora"))
        let pki = corpora.appending(path: "cms-attacks")
        func pem(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: pki.appending(path: name))) }
        folder = corpora.appending(path: "ebxml-attacks")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let corpus = try decoder.decode(Corpus.self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        registry = try JSONDecoder().decode(Registry.self, from: Data(contentsOf: folder.appending(path: "registry.json")))
        (cases, time) = (corpus.cases, try EbXMLTimestamp(parsing: corpus.validationTime).date)
        trust = try TrustStore(
            roots: [Certificate(pem: pem("pki/root.crt.pem"))], intermediates: [Certificate(pem: pem("pki/issuing.crt.pem"))],
            revocationLists: [RevocationList(pem: pem("pki/issuing.crl.pem")), RevocationList(pem: pem("pki/root.crl.pem"))])
        certificates = try Dictionary(
            uniqueKeysWithValues: registry.parties.map { ($0.her, try Certificate(pem: pem($0.sign))) })
    }

    func body(_ item: Corpus.Case) throws -> [UInt8] {
        guard let generate = item.generate else { return [UInt8](try Data(contentsOf: folder.appending(path: item.file))) }
        let base = [UInt8](try Data(contentsOf: folder.appending(path: "\(generate.take).bin")))
        let found = try #require(base.firstRange(of: Array(generate.replace.utf8)))
        return base[..<found.lowerBound] + [UInt8](repeating: UInt8(ascii: "A"), count: 20_000_000) + base[found.upperBound...]
    }

    /// The message our side is said to have sent before an Acknowledgment came.
    func sent() throws -> SignedEnvelope {
        let pki = folder.deletingLastPathComponent().appending(path: "cms-attacks/pki")
        let key = try Envelope.PrivateKey(pem: [UInt8](Data(contentsOf: pki.appending(path: "gp-sign.key.pem"))))
        let identity = try SigningIdentity(key: key, certificate: #require(certificates["8000101"]))
        let header = MessageHeader(
            from: Party(her: "8000101", role: nil), to: Party(her: "8000104", role: nil), cpaID: registry.cpas[0],
            conversationID: "conv-0001", service: Service("urn:test:Henvisning"), action: "Henvisning",
            messageData: MessageData(messageID: Self.sentID, timestamp: EbXMLTimestamp(time)))
        return try EnvelopeSealer.seal(
            header, parts: [SealedPart(contentID: ContentID("payload-1@nordlia.example"), sha256: sha256([1]))], with: identity)
    }

    func read(_ item: Corpus.Case) throws -> Outcome {
        let bytes = try body(item)
        let headers = MIMEHeaders(item.contentType.map { [MIMEHeaders.Field(name: "Content-Type", value: $0)] } ?? [])
        do throws(EnvelopeError) {
            var reader = try IncomingMessageReader(headers: headers)
            var start = 0
            while start < bytes.count {
                _ = try reader.consume(Array(bytes[start..<min(start + 10_000, bytes.count)]))
                start += 10_000
            }
            let message = try reader.finish()
            guard let certificate = message.claimedHeader.from.herID.flatMap({ certificates[$0] }) else { return .unknownSender }
            let signer = try trust.validate(certificate, for: .signing, at: time, revocation: .required)
            let verified = try SignatureVerifier.verify(message, signedBy: signer)
            guard !verified.header.isExpired(at: time) else { throw EnvelopeError(.timeToLiveExpired, reason: "expired") }
            if item.id.contains("ack"), item.id != "ack-unknown-ref", let sent = try? sent() {
                _ = try ReceiptCheck.check(verified, against: sent)
            }
            return .accepted
        } catch {
            return .refused(error.code)
        }
    }

    @Test("nothing to be refused is accepted, and the baselines are") func corpus() throws {
        var tally = CorpusTally("ebxml-attacks")
        var notHere: [String] = []
        for item in cases {
            let outcome = try read(item)
            let isNodeMatter = Self.nodeMatters.contains(item.id) || item.id.hasPrefix("seq-")
            switch (item.expect, outcome) {
            case (_, .unknownSender) where isNodeMatter, ("reject", .accepted) where isNodeMatter: notHere.append(item.id)
            case ("reject", .accepted), ("reject", .unknownSender): tally.fail("\(item.id) was accepted")
            case ("reject", .refused(let code)):
                if Self.codes(item.layer).contains(where: code.rawValue.hasPrefix) {
                    tally.pass()
                } else {
                    tally.pass(weakly: "\(item.id) (\(item.layer)): \(code.rawValue)")
                }
            case ("accept", .accepted), ("accept-once", .accepted), ("accept-idempotent", .accepted): tally.pass()
            case ("accept", _), ("accept-once", _), ("accept-idempotent", _): tally.fail("\(item.id) was refused: \(outcome)")
            default: tally.pass()
            }
        }
        tally.report()
        print("  not here: \(notHere.count) \(notHere)")
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }
}
