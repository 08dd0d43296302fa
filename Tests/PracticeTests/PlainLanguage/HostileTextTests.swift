import Testing

@testable import Practice

@Suite("A hostile text is checked like any other")
struct HostileTextTests {
    /// Figures of a linear congruence, so that a failing text can be made again from its seed.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    private static let pieces = [
        "(", ")", "«", "»", "\"", ".", "…", "!", "?", ":", "-", "–", "BUP", "bl.a.", "i henhold til", "ikke", "u", "kan",
        "vurderes", "1",
        "22", "\r", "\n", "\r\n", "\u{2028}", " ", "\u{A0}", "a\u{30A}", "\u{30A}", "\u{200B}", "😀", "👩‍👩‍👧", "\u{202E}", "ß", "İ",
        "ŋ", "@",
        "://", "#", "* ", "A.", "\u{0}", "www.", "mars", "Vi", "{child}",
    ]

    @Test("any mixture gives findings whose places lie in the text, on whole characters of UTF-8", arguments: 0..<60)
    func mixtures(seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &* 2_654_435_761 &+ 1)
        var text = ""
        for _ in 0..<Int.random(in: 1...400, using: &numbers) { text += Self.pieces.randomElement(using: &numbers) ?? "" }
        for language in WrittenLanguage.allCases {
            let report = PlainLanguage(language, .guardians(.rejection)).check(text)
            for finding in report.findings {
                #expect(finding.range.upperBound <= text.utf8.count)
                #expect(String(Array(text.utf8)[finding.range]) != nil)
                #expect(finding.line >= 1)
            }
            #expect((0...100).contains(report.score))
        }
    }

    @Test(
        "much of one thing ends, and the findings kept are bounded",
        arguments: [
            "(", "«", "a", "a.", "BUP ", "i henhold ", "ikke ", "kan ikke ", "a\u{30A}", "\u{30A}", ". ", "\n", "- ", "# ", "1. ",
            "1 ", "@",
            "://", "bl.a. ", "A", "i\ni\n", "a-", "BUP (",
        ])
    func muchOfOne(piece: String) {
        let text = String(repeating: piece, count: 40_000 / piece.utf8.count)
        let report = PlainLanguage(.bokmal, .guardians(.rejection)).check(text)
        #expect(report.findings.count <= 2 * PlainLanguage.mostFindings)
    }

    @Test("what must be put right is found behind ten thousand lesser faults")
    func notPushedOut() {
        let text = String(repeating: "Vi gir bistand. ", count: 10_000) + "Ring BUP."
        let report = PlainLanguage(.bokmal, ReadingProfile()).check(text)
        #expect(report.musts.map(\.kind).contains(.unexplainedAbbreviation))
        #expect(report.omitted > 0)
    }
}

extension String {
    /// Nil when the bytes are not UTF-8.
    fileprivate init?(_ bytes: ArraySlice<UInt8>) { self.init(validating: bytes, as: UTF8.self) }
}
