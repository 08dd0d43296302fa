import Foundation
import Native
import TestSupport
import Testing

@testable import Envelope

@Suite("Envelopes that are signed as they are written")
struct CanonicalWritingTests {
    private static let awkward = "a & b <c> \"d\" 'e' ]]> æøå € \u{10348}"

    private static func header(_ text: String) -> MessageHeader {
        var header = EbXMLExample.header(service: Service(text, type: text), action: text)
        header.cpaID = text
        header.conversationID = text
        header.from.ids.append(PartyID(type: text, value: text))
        header.to.role = text
        header.description = SystemDescription(text: "\(text)\n\t\r\(text)", language: text)
        return header
    }

    private static func parts(_ count: Int, role: String?) throws -> [SealedPart] {
        try (0..<count).map { SealedPart(contentID: try ContentID("p&'%\($0)@x"), sha256: sha256([UInt8($0)]), role: role) }
    }

    private static func everyKind(_ identity: SigningIdentity) throws -> [(name: String, envelope: SignedEnvelope)] {
        let (plain, now) = (EbXMLExample.header(timeToLive: TestPKI.now.addingTimeInterval(60)), TestPKI.now)
        let received = try EbXMLExample.verified([[1], [2], [3]])
        let description = SystemDescription(msh: (awkward, "\t\n"))
        let refusal = ErrorList(
            EbXMLError(code: .securityFailure, severity: .error, location: awkward, text: "\(awkward)\r\n\t"),
            EbXMLError(code: .unknown, severity: .warning), EbXMLError(code: .inconsistent, severity: .warning, text: ""))
        let ping = try EnvelopeSealer.ping(
            from: EbXMLExample.senderParty, to: EbXMLExample.receiverParty, cpaID: awkward, messageID: "ping", at: now,
            with: EbXMLExample.identity(EbXMLExample.sender))
        let asked = try SignatureVerifier.verify(
            UnverifiedMessage(soap: ping.soap, parts: []), signedBy: EbXMLExample.validated(EbXMLExample.sender))
        return [
            ("message", try EnvelopeSealer.seal(plain, parts: parts(1, role: nil), with: identity)),
            (
                "message with an answer in the response",
                try EnvelopeSealer.seal(plain, syncReply: SyncReply(), parts: parts(1, role: "urn:x"), with: identity)
            ),
            (
                "message of awkward texts in several parts",
                try EnvelopeSealer.seal(
                    header(awkward), ackRequested: AckRequested(signed: false), syncReply: SyncReply(),
                    parts: parts(64, role: "\(awkward)\t\r\n"), with: identity)
            ),
            (
                "bare message",
                try EnvelopeSealer.seal(
                    MessageHeader(
                        from: Party(her: "1", role: nil), to: Party(her: "2", role: nil), cpaID: "a", conversationID: "b",
                        service: Service("S", type: nil), action: "A",
                        messageData: MessageData(messageID: "m", timestamp: EbXMLTimestamp(now)), duplicateElimination: false),
                    ackRequested: nil, parts: parts(1, role: nil), with: identity)
            ),
            ("receipt", try EnvelopeSealer.acknowledge(received, messageID: "r", at: now, with: identity)),
            (
                "receipt with the head of a trail",
                try EnvelopeSealer.acknowledge(
                    received, messageID: awkward, at: now, description: description,
                    auditHead: AuditHead(sequence: 7, hash: sha256([7])), with: identity)
            ),
            ("pong", try EnvelopeSealer.pong(asked, messageID: "pong", at: now, with: identity)),
            (
                "refusal",
                try EnvelopeSealer.report(
                    refusal, about: header(awkward), messageID: "e", at: now, description: description, with: identity)
            ),
            (
                "ping",
                try EnvelopeSealer.ping(
                    from: EbXMLExample.senderParty, to: EbXMLExample.receiverParty, cpaID: "c", messageID: "p", at: now,
                    description: description, with: identity)
            ),
        ]
    }

    private func byLibrary(_ document: XMLDocument, _ selection: CanonicalSelection) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try document.canonicalizeByLibrary(.inclusive, selection) { bytes.append(contentsOf: $0) }
        return bytes
    }

    @Test(
        "what is signed of every kind of envelope is libxml2's canonical form of what is sent",
        arguments: ["314000005", "314000005/p256"])
    func everyKind(folder: String) throws {
        let identity = try SignatureFixture.identity(folder)
        for (name, sealed) in try Self.everyKind(identity) {
            let document = try XMLDocument(parsing: sealed.soap)
            let signature = try XMLSignature.only(in: #require(document.root.firstElement))
            let info = try #require(signature.firstElement)
            let covered = try byLibrary(
                document, CanonicalSelection(excluding: signature, excludingAddressed: NextHopFilter.addressed))
            #expect(sealed.references.first?.digest == sha256(covered), "\(name): \(String(decoding: covered, as: UTF8.self))")
            #expect(
                identity.certificate.native.publicKey.verify(
                    try SignatureElement(signature).value, over: try byLibrary(document, CanonicalSelection(apex: info)), .sha256),
                "\(name): \(String(decoding: sealed.soap, as: UTF8.self))")
        }
    }

    @Test(
        "xmlsec1 verifies every kind of envelope, and none with one letter changed", arguments: ["314000005", "314000005/p256"])
    func judged(folder: String) throws {
        let (judge, identity) = (try XMLSec(), try SignatureFixture.identity(folder))
        defer { judge.end() }
        let part = SealedPart(
            contentID: try ContentID(SignatureFixture.contentID), sha256: sha256(SignatureFixture.part), role: Self.awkward)
        let message = try EnvelopeSealer.seal(
            Self.header(Self.awkward), syncReply: SyncReply(), parts: [part], with: identity)
        let signals = try Self.everyKind(identity).filter { $0.envelope.references.count == 1 }
        #expect(signals.count == 5)
        for (name, sealed) in signals + [("message", message)] {
            let text = String(decoding: sealed.soap, as: UTF8.self)
            #expect(try judge.verifies(text, with: "\(folder)/signing.crt"), "\(name)")
            let changed = text.replacing("<eb:MessageId>", with: "<eb:MessageId>x")
            #expect(try judge.verifies(changed, with: "\(folder)/signing.crt") == false, "\(name)")
        }
    }

    @Test("whatever is sealed reads as what was meant, without a remark") func reading() throws {
        for (name, sealed) in try Self.everyKind(SignatureFixture.identity("314000005/p256")) {
            let read = try EbXMLMessage(parsing: sealed.soap)
            #expect(read.header == sealed.header, "\(name)")
            #expect(try SignedEnvelope(stored: sealed.soap) == sealed, "\(name)")
            let odd = read.deviations.filter { $0.what != "a PartyId of unknown type" }
            #expect(odd.isEmpty, "\(name): \(odd)")
            #expect(Array(read.encoded.prefix(500)) == Array(sealed.soap.prefix(500)), "\(name)")
        }
    }

    @Test("XPath says its own prefix, for those who look nowhere else") func prefix() throws {
        let soap = String(decoding: try EbXMLExample.seal([[1]]).soap, as: UTF8.self)
        #expect(soap.contains(#"<ds:XPath xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/">not("#))
    }

    @Test("a header is sealed when its reader reads it as the same, and never else", arguments: 0..<8)
    func sameAsRead(seed: UInt64) throws {
        var chance = SeededGenerator(state: seed)
        let identity = try SignatureFixture.identity("314000005/p256")
        let parts = try Self.parts(1, role: nil)
        var (sealed, refused) = (0, 0)
        for _ in 0..<60 {
            let header = Self.header(by: &chance)
            let message = EbXMLMessage(header: header, content: .payload(try Manifest([ManifestReference(parts[0].contentID)])))
            let isReadable = (try? EbXMLMessage(parsing: message.encoded))?.header == header
            let envelope = try? EnvelopeSealer.seal(header, parts: parts, with: identity)
            #expect((envelope != nil) == isReadable, "\(header)")
            if isReadable { sealed += 1 } else { refused += 1 }
        }
        #expect(sealed > 5 && refused > 5)
    }

    private static func header(by chance: inout SeededGenerator) -> MessageHeader {
        func isAwkward(_ share: Int = 30) -> Bool { Int.random(in: 0..<share, using: &chance) == 0 }
        func text(_ usual: String) -> String {
            let odd = [
                "", " \(usual)", "\(usual)\n", "\u{0}\(usual)", "\(usual)\u{1F}", "\(usual)\u{85}x", "\u{7F}", "\u{FFFE}",
                "x\u{FFFF}y",
                "\u{FFFD}", "a\tb", "a\rb", "\u{A0}", "\u{2028}x", String(repeating: "x", count: 255),
                String(repeating: "å", count: 128), awkward,
            ]
            return isAwkward() ? odd.randomElement(using: &chance) ?? usual : usual
        }
        func time(_ offset: Double) -> EbXMLTimestamp {
            let odd = [-5_000_000_000, 253_402_300_800, 0.123, -2_177_452_800]
            return EbXMLTimestamp(
                isAwkward() ? Date(timeIntervalSince1970: odd.randomElement(using: &chance) ?? 0) : TestPKI.now + offset)
        }
        func party(_ number: String) -> Party {
            var ids = [PartyID(type: text("HER"), value: text(number))]
            if isAwkward(3) { ids.append(PartyID(type: text("ENH"), value: text("315"))) }
            if isAwkward() { ids.append(PartyID(type: "orgnummer", value: text("316"))) }
            if isAwkward() { ids += (0..<9).map { PartyID(type: "DN", value: text("\($0)")) } }
            if isAwkward() { ids.removeAll() }
            return Party(ids: ids, role: isAwkward(3) ? nil : text("role"))
        }
        let description = SystemDescription(
            text: isAwkward() ? String(repeating: "x", count: 4097) : text("{}"), language: text("NO"))
        return MessageHeader(
            from: party("1"), to: party("2"), cpaID: text("cpa"), conversationID: text("c"),
            service: isAwkward() ? .signal : Service(text("S"), type: isAwkward(3) ? nil : text("string")), action: text("A"),
            messageData: MessageData(
                messageID: text("m"), timestamp: time(0), refToMessageID: isAwkward(3) ? text("r") : nil,
                timeToLive: isAwkward(3) ? time(isAwkward(5) ? -1 : 1) : nil),
            duplicateElimination: isAwkward(2), description: isAwkward(3) ? nil : description)
    }
}
