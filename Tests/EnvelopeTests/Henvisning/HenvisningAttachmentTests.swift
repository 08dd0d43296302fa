import TestSupport
import Testing

@testable import Envelope

@Suite("Henvisning 1.1: attachments")
struct HenvisningAttachmentTests {
    /// Attachments of random kinds, sizes and contents, the same for the same seed.
    static func attachments(_ count: Int, seed: UInt64) -> [Attachment] {
        var random = SeededGenerator(state: seed)
        return (0..<count).map { number in
            let content: Attachment.Content =
                if Bool.random(using: &random) {
                    .embedded(
                        (0..<Int.random(in: 1...400, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
                } else {
                    .reference("cid:part-\(UInt32.random(in: 0...(.max), using: &random))-\(number)@example.invalid")
                }
            return Attachment(
                mimeType: ["application/pdf", "image/png", nil].randomElement(using: &random) ?? nil,
                description: ["Rapport", "Spørreskjema ŋ", nil].randomElement(using: &random) ?? nil, id: "\(number)",
                content: content)
        }
    }

    @Test("N of them come back in their order, each with its own bytes", arguments: [0, 1, 2, 3, 7, 25])
    func neverExchanged(count: Int) throws {
        let attachments = Self.attachments(count, seed: UInt64(count) + 1)
        let written = try HenvisningExample.referral(attachments: attachments).henvisning().encoded()
        let summary = try ClinicalDocument(parsing: written).summary
        #expect(summary.attachments == attachments)
        #expect(summary.contentIDs == attachments.compactMap(\.contentID))
    }

    @Test("added to a document they leave every other byte alone", arguments: [1, 2, 9])
    func attaching(count: Int) throws {
        let before = Self.attachments(2, seed: 77)
        let added = Self.attachments(count, seed: UInt64(count) + 100)
        let original = Self.foreign(try HenvisningExample.referral(attachments: before).henvisning().encoded())
        let result = try Henvisning.attaching(added, to: original)
        let reread = try Henvisning(parsing: result)
        #expect(reread.attachments == before + added)
        let prefix = zip(original, result).prefix { $0 == $1 }.count
        let suffix = zip(original.reversed(), result.reversed()).prefix { $0 == $1 }.count
        #expect(prefix + suffix >= original.count)
        var without = reread
        without.servReq.refDoc.removeLast(count)
        #expect(try without == Henvisning(parsing: original))
        if Schema.all != nil { #expect(try Schema.complaint(about: result) == nil) }
    }

    @Test("they go after the copy receivers when there are none yet, also where there are none of those")
    func firstAttachment() throws {
        var referral = HenvisningExample.referral(attachments: [])
        for copies in [[HenvisningExample.bydel], []] {
            referral.copyReceivers = copies
            let original = Self.foreign(try referral.henvisning().encoded())
            let result = try Henvisning.attaching([HenvisningExample.pdf], to: original)
            #expect(try Henvisning(parsing: result).attachments == [HenvisningExample.pdf])
            if Schema.all != nil { #expect(try Schema.complaint(about: result) == nil) }
        }
    }

    @Test("nothing to add gives the same bytes back")
    func nothing() throws {
        let original = Self.foreign(try HenvisningExample.referral().henvisning().encoded())
        #expect(try Henvisning.attaching([], to: original) == original)
    }

    @Test("what cannot go along is refused before anything is changed")
    func refused() throws {
        let original = try HenvisningExample.referral().henvisning().encoded()
        let none = Attachment(mimeType: nil, content: .embedded([]))
        let outside = Attachment(mimeType: nil, content: .reference("https://example.invalid/a.pdf"))
        #expect(throws: EnvelopeError(.attachmentMissing, reason: "")) { try Henvisning.attaching([none], to: original) }
        #expect(throws: EnvelopeError(.attachmentMalformed, reason: "")) { try Henvisning.attaching([outside], to: original) }
        #expect(throws: EnvelopeError(.documentUnknown, reason: "")) {
            try Henvisning.attaching([HenvisningExample.pdf], to: Array("<Message/>".utf8))
        }
    }

    @Test(
        "what our own reader would not take back is not added",
        arguments: [
            Attachment(mimeType: nil, description: "a\u{1}b", content: .embedded([1])),
            Attachment(mimeType: nil, description: "a\u{FFFE}b", content: .embedded([1])),
            Attachment(mimeType: nil, issued: DocumentTime("1991-12-4"), content: .embedded([1])),
            Attachment(mimeType: nil, content: .reference("cid:a b")), Attachment(mimeType: nil, content: .reference("cid:%zz")),
        ])
    func unwritable(attachment: Attachment) throws {
        let original = try HenvisningExample.referral().henvisning().encoded()
        #expect(throws: EnvelopeError(.attachmentMalformed, reason: "")) { try Henvisning.attaching([attachment], to: original) }
    }

    /// The document as another system might have written it: prefixed, commented, ISO-8859-1.
    private static func foreign(_ document: [UInt8]) -> [UInt8] {
        var text = String(decoding: document, as: UTF8.self)
        text.replace("UTF-8", with: "ISO-8859-1")
        text.replace("<ServReq>", with: "<ServReq ><!-- <RefDoc> -->\r\n\t")
        text.replace("ŋ", with: "&#331;")
        return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}

/// The same numbers for the same seed. SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
