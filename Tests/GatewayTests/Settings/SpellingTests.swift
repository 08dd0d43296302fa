import Testing

@testable import Gateway

@Suite("What someone meant to write")
struct SpellingTests {
    @Test(
        "a slip finds its word, anything else finds nothing",
        arguments: [
            ("prot", "port"), ("Port", "port"), ("maxBodyByte", "maxBodyBytes"), ("idelSeconds", "idleSeconds"), ("weather", nil),
            ("", nil),
        ])
    func nearest(written: String, meant: String?) {
        #expect(Spelling.nearest(to: written, in: ["port", "host", "maxBodyBytes", "idleSeconds"]) == meant)
    }

    @Test("of several the one that begins alike counts")
    func ties() {
        #expect(Spelling.nearest(to: "80000411", in: ["80000211", "80000410", "90000411"], tolerated: 1) == "80000410")
        #expect(Spelling.nearest(to: "80000411", in: ["80000499"], tolerated: 1) == nil)
    }
}
