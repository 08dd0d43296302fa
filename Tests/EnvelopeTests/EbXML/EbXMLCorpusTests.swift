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
            /// The case that is sent before this one.
            let after: String?
        }
        let validationTime: String
        let cases: [Case]
    }
    struct Registry: Decodable {
        struct Party: Decodable { let her, sign: String }
        let parties: [Party]
        let cpas: [String]
    }

    /// What a case asks for. Where the verdict is left to the reader, it is the same however the bytes arrive, and then what the
    /// word says.
    enum Expectation: String {
        case reject, accept
        case acceptOnce = "accept-once"
        case acceptIdempotent = "accept-idempotent"
        /// The profile refuses no encryption before a payload is opened, and none is here.
        case acceptOrPolicy = "accept-or-policy"
        case acceptAsDataOrReject = "accept-as-data-or-reject"
        case acceptOrRejectConsistently = "accept-or-reject-consistently"
        case acceptOrRejectButNotMerge = "accept-or-reject-but-not-merge"
        case acceptOrRejectNeverWrite = "accept-or-reject-never-write"
        case rejectOrOneRule = "reject-or-one-rule"
    }

    enum Outcome: Equatable {
        case accepted(VerifiedMessage)
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
    /// What has no signature, and so is refused whatever else is left open.
    static let unsigned: Set = ["xml-utf16-good"]
    /// What a hostile file name would make if anybody wrote a file under it.
    static let trap = "/tmp/msggw-pwned"
    static var isTrapSprung: Bool { FileManager.default.fileExists(atPath: trap) }

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

    func read(_ item: Corpus.Case, inPiecesOf length: Int = 10_000) throws -> Outcome {
        let bytes = try body(item)
        let headers = MIMEHeaders(item.contentType.map { [MIMEHeaders.Field(name: "Content-Type", value: $0)] } ?? [])
        do throws(EnvelopeError) {
            var reader = try IncomingMessageReader(headers: headers)
            var start = 0
            while start < bytes.count {
                _ = try reader.consume(Array(bytes[start..<min(start + length, bytes.count)]))
                start += length
            }
            let message = try reader.finish()
            guard let certificate = message.claimedHeader.from.herID.flatMap({ certificates[$0] }) else { return .unknownSender }
            let signer = try trust.validate(certificate, for: .signing, at: time, revocation: .required)
            let verified = try SignatureVerifier.verify(message, signedBy: signer)
            guard !verified.header.isExpired(at: time) else { throw EnvelopeError(.timeToLiveExpired, reason: "expired") }
            if item.id.contains("ack"), item.id != "ack-unknown-ref", let sent = try? sent() {
                _ = try ReceiptCheck.check(verified, against: sent)
            }
            return .accepted(verified)
        } catch {
            return .refused(error.code)
        }
    }

    // MARK: - Where the verdict is left to the reader

    /// What is wrong with an outcome that may be either; nil when nothing is.
    func fault(in outcome: Outcome, of item: Corpus.Case, asking expectation: Expectation) throws -> String? {
        for length in [1, 997] {
            guard try read(item, inPiecesOf: length) == outcome else { return "is read otherwise in pieces of \(length) bytes" }
        }
        guard case .accepted(let message) = outcome else { return nil }
        if Self.unsigned.contains(item.id) { return "was accepted without a signature" }
        switch expectation {
        case .acceptAsDataOrReject:
            return try isData(message, in: body(item)) ? nil : "a value of the header is not what the bytes say"
        case .acceptOrRejectButNotMerge: return try isApart(message, item) ? nil : "is not told from the other sender's message"
        case .acceptOrRejectNeverWrite: return Self.isTrapSprung ? "wrote \(Self.trap)" : nil
        case .rejectOrOneRule:
            // Its own declaration rules: the part is taken as it came and never written in another character set.
            return try body(item).firstRange(of: message.evidence) == nil ? "the bytes were changed before they were read" : nil
        case .acceptOrRejectConsistently, .reject, .accept, .acceptOnce, .acceptIdempotent, .acceptOrPolicy: return nil
        }
    }

    /// Whether MessageId and sender are what the bytes say but for white space around them, and stay text when they are written.
    func isData(_ message: VerifiedMessage, in bytes: [UInt8]) throws -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        let messageID = try #require(text.firstMatch(of: #/<eb:MessageId>([^<]*)</#)).output.1
        let sender = try #require(text.firstMatch(of: #/<eb:PartyId eb:type="HER">([^<]*)</#)).output.1
        let written = EbXMLMessage(header: message.header, content: message.content).encoded
        let again = try EbXMLMessage(parsing: written)
        return message.messageID == Self.plain(messageID) && message.header.from.herID == Self.plain(sender)
            && again.header.messageID == message.messageID && again.header.from == message.header.from
            && !String(decoding: written, as: UTF8.self).contains("<script")
    }

    /// The text of an element, as a reader of XML has it.
    static func plain(_ text: Substring) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        return entities.reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whether a message with the MessageId of an earlier one is told from that one by its sender.
    func isApart(_ message: VerifiedMessage, _ item: Corpus.Case) throws -> Bool {
        let earlier = try #require(cases.first { $0.id == item.after })
        guard case .accepted(let other) = try read(earlier) else { return false }
        return message.messageID == other.messageID && message.header.from.herID != other.header.from.herID
            && message.signer != other.signer
    }

    @Test("nothing to be refused is accepted, the baselines are, and what may be either is what it says")
    func corpus() throws {
        var tally = CorpusTally("ebxml-attacks")
        var notHere: [String] = []
        #expect(!Self.isTrapSprung, "\(Self.trap) is there already")
        for item in cases {
            guard let expectation = Expectation(rawValue: item.expect) else {
                tally.fail("\(item.id): nobody knows what '\(item.expect)' asks for")
                continue
            }
            let outcome = try read(item)
            let isNodeMatter = Self.nodeMatters.contains(item.id) || item.id.hasPrefix("seq-")
            switch (expectation, outcome) {
            case (_, .unknownSender) where isNodeMatter, (.reject, .accepted) where isNodeMatter: notHere.append(item.id)
            case (.reject, .accepted), (.reject, .unknownSender): tally.fail("\(item.id) was accepted")
            case (.reject, .refused(let code)):
                if Self.codes(item.layer).contains(where: code.rawValue.hasPrefix) {
                    tally.pass()
                } else {
                    tally.pass(weakly: "\(item.id) (\(item.layer)): \(code.rawValue)")
                }
            case (.accept, .accepted), (.acceptOnce, .accepted), (.acceptIdempotent, .accepted), (.acceptOrPolicy, .accepted):
                tally.pass()
            case (.accept, _), (.acceptOnce, _), (.acceptIdempotent, _), (.acceptOrPolicy, _):
                tally.fail("\(item.id) was refused: \(outcome)")
            case (.acceptAsDataOrReject, _), (.acceptOrRejectConsistently, _), (.acceptOrRejectButNotMerge, _),
                (.acceptOrRejectNeverWrite, _), (.rejectOrOneRule, _):
                if let wrong = try fault(in: outcome, of: item, asking: expectation) {
                    tally.fail("\(item.id): \(wrong)")
                } else {
                    tally.pass()
                }
            }
        }
        tally.report()
        print("  not here: \(notHere.count) \(notHere)")
        #expect(tally.count > 0 && tally.failed.isEmpty)
        #expect(!Self.isTrapSprung)
    }
}
