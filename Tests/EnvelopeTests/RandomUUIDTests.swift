import Foundation
import Native
import Testing

@Suite("Random UUIDs")
struct RandomUUIDTests {
    @Test("are version 7 of RFC 9562, in lower case, and never the same twice") func form() throws {
        let made = try (0..<1000).map { _ in try RandomUUID.text(millisecond: 1_795_332_827_000) }
        #expect(Set(made).count == made.count)
        for text in made {
            let uuid = try #require(UUID(uuidString: text))
            #expect(text == uuid.uuidString.lowercased())
            #expect(uuid.uuid.6 >> 4 == 7 && uuid.uuid.8 >> 6 == 2)
        }
    }

    @Test("come in the order of their times") func order() throws {
        let times: [UInt64] = [0, 1, 255, 256, 1_795_332_827_000, 1_795_332_827_001, 1_795_332_828_000, (1 << 48) - 1]
        let made = try times.map { try RandomUUID.text(millisecond: $0) }
        #expect(made == made.sorted())
        // The example of RFC 9562, appendix A.6.
        #expect(try RandomUUID.text(millisecond: 0x017F_22E2_79B0).hasPrefix("017f22e2-79b0-7"))
    }
}
