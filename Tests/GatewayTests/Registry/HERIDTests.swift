import Testing

@testable import Gateway

@Suite("HER-id")
struct HERIDTests {
    @Test(
        "digits alone, no leading zero, at most ten", arguments: ["", "0", "01", "12345678901", "12a", " 12", "١٢", "-1", "1.0"])
    func refused(text: String) { #expect(HERID(text) == nil) }

    @Test("orders by number")
    func order() { #expect(["90", "100", "9"].compactMap(HERID.init).sorted().map(\.value) == ["9", "90", "100"]) }
}
