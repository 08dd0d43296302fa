import Envelope
import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

/// One thing that is wrong with a message.
struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the sender learns.
    let code: EbXMLErrorCode
    let letter: @Sendable () throws -> Letter
    /// Whether the sender's signature holds, so that the refusal is signed too.
    var isProved = false

    init(_ description: String, _ code: EbXMLErrorCode, letter: @escaping @Sendable () throws -> Letter) {
        (testDescription, self.code, self.letter) = (description, code, letter)
    }

    /// Something changed in a letter that was right.
    static func changed(
        _ description: String, _ code: EbXMLErrorCode = .securityFailure,
        _ change: @escaping @Sendable (inout Letter) throws -> Void
    ) -> Wrong {
        Wrong(description, code) {
            var letter = try writer().write()
            try change(&letter)
            return letter
        }
    }

    /// Something that was wrong before it was signed.
    static func written(
        _ description: String, _ code: EbXMLErrorCode = .securityFailure,
        _ change: @escaping @Sendable (inout LetterWriter) throws -> Void
    ) -> Wrong {
        Wrong(description, code) {
            var writer = try writer()
            try change(&writer)
            return try writer.write()
        }
    }

    /// Something that is found wrong when the signature has been verified.
    static func proved(
        _ description: String, _ code: EbXMLErrorCode = .securityFailure,
        _ change: @escaping @Sendable (inout LetterWriter) throws -> Void
    ) -> Wrong {
        var wrong = written(description, code, change)
        wrong.isProved = true
        return wrong
    }

    /// A referral with one part that stays in memory and one that is spooled.
    static func writer() throws -> LetterWriter {
        var writer = try LetterWriter.referral()
        writer.attachments = [
            ("first@letter", Array("%PDF-1.7 ".utf8) + [UInt8](repeating: 1, count: 300_000)),
            ("second@letter", Array("%PDF-1.7 ".utf8) + [UInt8](repeating: 2, count: 2_000)),
        ]
        return writer
    }
}

extension Flows {
    @Suite("What the receiving desk refuses")
    struct DeskRefusalTests {
        static let changed: [Wrong] = [
            .changed("one character of the header") { try $0.edit(">Henvisning<", ">Henvisninh<") },
            .changed("one byte of the document") { $0.parts[0].ciphertext[$0.parts[0].ciphertext.count / 2] ^= 1 },
            .changed("the last byte of an attachment") { $0.parts[1].ciphertext[$0.parts[1].ciphertext.count - 1] ^= 1 },
            .changed("the first byte of an attachment") { $0.parts[2].ciphertext[0] ^= 1 },
            .changed("a Content-ID") { $0.parts[1].contentID = "furst@letter" },
            .changed("two parts swapped") {
                let first = $0.parts[1].ciphertext
                $0.parts[1].ciphertext = $0.parts[2].ciphertext
                $0.parts[2].ciphertext = first
            },
            .changed("two Content-IDs swapped") {
                ($0.parts[1].contentID, $0.parts[2].contentID) = ($0.parts[2].contentID, $0.parts[1].contentID)
            },
            .changed("a part that nobody signed") {
                $0.parts.append(Letter.Part(contentID: "more@letter", ciphertext: [1, 2, 3]))
            },
            .changed("a part that is not there") { $0.parts.removeLast() },
            .changed("no signature") { $0.soap = try Replies.unsigned($0.soap) },
            .changed("a second Signature") { letter in
                let text = String(decoding: letter.soap, as: UTF8.self)
                let start = try #require(text.firstRange(of: "<ds:Signature ")?.lowerBound)
                let end = try #require(text.firstRange(of: "</ds:Signature>")?.upperBound)
                letter.soap = Array((text[..<end] + text[start..<end] + text[end...]).utf8)
            },
            .changed("the signed header wrapped, another in its place", .inconsistent) { letter in
                let text = String(decoding: letter.soap, as: UTF8.self)
                let start = try #require(text.firstRange(of: "<eb:MessageHeader")?.lowerBound)
                let end = try #require(text.firstRange(of: "</eb:MessageHeader>")?.upperBound)
                let other = text[start..<end].replacing(">Henvisning<", with: ">Epikrise<")
                letter.soap = Array((text[..<start] + other + text[start...]).utf8)
            },
        ]

        static let written: [Wrong] = [
            .written("signed by another organisation") { $0.signer = "314000021/p256/signing" },
            .written("signed with another key of the same organisation") { $0.signer = "314000005/signing" },
            .written("signed with a certificate of the right name from elsewhere") { $0.signer = "wrong/other-root-signing" },
            .proved("encrypted to another organisation") { $0.encryptedTo = "314000021/p256/encryption" },
            .proved("the envelope of national under a strong agreement") {
                $0.encryptedTo = "314000013/encryption"
                $0.protection = .national
            },
            .proved("RSA in place of the key that the registry names") { $0.encryptedTo = "314000013/encryption" },
            .written("an agreement that nobody made", .valueNotRecognized) { $0.cpaID = "msggw-test-nobody" },
            .written("an agreement between others", .valueNotRecognized) { $0.cpaID = "msggw-test-80000100-80000600" },
            .written("a sender nobody knows", .valueNotRecognized) { $0.from = "89999999" },
            .written("a sender who has retired", .valueNotRecognized) { $0.from = "80000603" },
            .proved("a document from somebody else") { $0.from = "80000602" },
            .proved("a document for somebody else") { $0.to = "80000402" },
            .proved("a document that says another organisation number") {
                $0.document = try Referral.document(replacing: ["<Id>314000005</Id>": "<Id>314000021</Id>"])
            },
            .proved("a document that is none", .otherXml) {
                $0.document = Array("<Message/>".utf8); $0.attachments = []
            },
            .proved("a document that is no XML", .otherXml) {
                $0.document = Array("%PDF-1.7".utf8); $0.attachments = []
            },
            .proved("a reference without its part", .inconsistent) {
                $0.references = ["first@letter", "second@letter", "third@letter"]
            },
            .proved("a part without its reference", .inconsistent) { $0.references = ["first@letter"] },
            .proved("one part twice in the document", .inconsistent) {
                $0.references = ["first@letter", "first@letter", "second@letter"]
            },
            .proved("TimeToLive has passed", .timeToLiveExpired) {
                ($0.timestamp, $0.timeToLive) = (TestPKI.now - 100, TestPKI.now - 1)
            },
        ]

        @Test("is answered with the code alone; nothing is stored and nothing is released", arguments: changed + written)
        func refused(wrong: Wrong) async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let letter = try wrong.letter()
                let answer = try await letter.post(to: bup)
                #expect(answer.errorCodes == [wrong.code.rawValue])
                #expect(!answer.isAcknowledgment)
                // Who has proved nothing does not get our party's signature.
                if let refusal = answer.message { #expect(refusal.isSigned == wrong.isProved) }
                try expectNothing(site, bup)
                // The list's text says no more than its code does.
                if case .error(let list)? = answer.message?.claimed.content {
                    #expect(list.errors.allSatisfy { $0.text == nil || $0.text == wrong.code.outsideText })
                }
            }
        }

        private func expectNothing(_ site: Site, _ node: Node) throws {
            #expect(try site.storedFiles(.bup).isEmpty)
            #expect(try node.inbox.list().isEmpty)
            #expect(site.steps.events.isEmpty)
            #expect(throws: StoreError(.notFound, reason: "")) { try node.store.status(of: "1") }
        }

        @Test("is taken when nothing is wrong, so that the refusals above mean something")
        func right() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let answer = try await Wrong.writer().write().post(to: bup)
                #expect(answer.isAcknowledgment)
                #expect(try bup.inbox.list().map(\.kind) == [Referral.kind])
                #expect(try site.storedFiles(.bup).count == 1)
            }
        }

        @Test("under national, a part of its own under CBC is refused before it is decrypted: no padding is told from another")
        func partsUnderCBC() async throws {
            let site = try Site(keys: .rsa3072, protection: "national")
            try await site.with(.bup) { bup in
                var writer = try LetterWriter.referral()
                (writer.signer, writer.encryptedTo) = ("314000005/signing", "314000013/encryption")
                writer.attachments = [("first@letter", Array("%PDF-1.7 ".utf8) + [UInt8](repeating: 1, count: 300))]
                writer.protection = .national
                let right = try writer.write().parts
                var answers: Set<[UInt8]> = []
                for change in [0, 1, 0xFF] {
                    var parts = right
                    parts[1].ciphertext[parts[1].ciphertext.count - 17] ^= UInt8(change)
                    writer.messageID = UUID().uuidString.lowercased()
                    let answer = try await writer.sign(parts).post(to: bup)
                    #expect(answer.errorCodes == ["SecurityFailure"])
                    if case .error(let list)? = answer.message?.claimed.content { answers.insert(Array("\(list)".utf8)) }
                }
                #expect(answers.count == 1)
                try expectNothing(site, bup)
                // As the partner would do it: the same under a cipher that authenticates.
                writer.protection = .strong
                let strong = try writer.write().parts
                writer.messageID = UUID().uuidString.lowercased()
                #expect(try await writer.sign([right[0], strong[1]]).post(to: bup).isAcknowledgment)
            }
        }

        @Test("a party that is not hosted here is answered with a SOAP Fault: nobody here can sign for it")
        func notHosted() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                var writer = try LetterWriter.referral()
                writer.to = "80000110"
                let answer = try await writer.write().post(to: bup)
                #expect(answer.reply.status == 500)
                #expect(answer.message == nil)
                try expectNothing(site, bup)
            }
        }

        @Test(
            "the registry's own certificate for the sender, when it does not hold",
            arguments: ["expired", "not-yet-valid", "revoked", "other-root"])
        func certificate(name: String) async throws {
            let site = try Site { $0 = $0.replacing("/314000005/p256/signing.crt", with: "/wrong/\(name)-signing.crt") }
            try await site.with(.bup) { bup in
                var writer = try LetterWriter.referral()
                writer.signer = "wrong/\(name)-signing"
                let answer = try await writer.write().post(to: bup)
                #expect(answer.errorCodes == ["SecurityFailure"])
                try expectNothing(site, bup)
            }
        }

        @Test("whether a certificate is revoked that nobody can say now: the sender is asked to come again, never refused")
        func revocationUnknown() async throws {
            let site = try Site()
            let list = site.folder(.bup) + "/trust/crl/issuing.crl"
            try FileManager.default.removeItem(atPath: list)
            try FileManager.default.copyItem(atPath: TestPKI.shared.path("wrong/issuing-expired.crl"), toPath: list)
            try await site.with(.bup) { bup in
                let answer = try await LetterWriter.referral().write().post(to: bup)
                #expect(answer.reply.status == 503)
                #expect(answer.reply.retryAfterSeconds != nil)
                #expect(answer.reply.body.isEmpty)
                try expectNothing(site, bup)
            }
        }

        @Test("a body that is cut off, anywhere, leaves nothing", arguments: [0.1, 0.5, 0.9, 0.999])
        func cutOff(part: Double) async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let (contentType, body) = try Wrong.writer().write().encoded()
                let cut = Array(body.prefix(Int(Double(body.count) * part)))
                let answer = try await Exchange(contentType: contentType, body: cut).post(to: bup)
                #expect(answer.reply.status == 500)
                let reply = await bup.receivingDesk.receive(
                    InboundExchange(contentType: contentType, contentLength: body.count, remoteAddress: nil),
                    body: InboundBody(chunks: [cut], failure: .disconnected))
                #expect(reply.status == 408)
                try expectNothing(site, bup)
            }
        }
    }
}
