import Foundation
import Native
import Testing

@Suite("Random UUIDs")
struct RandomUUIDTests {
    @Test("are version 4 of RFC 9562, in lower case, and never the same twice") func form() throws {
        let made = try (0..<1000).map { _ in try RandomUUID.text() }
        #expect(Set(made).count == made.count)
        for text in made {
            let uuid = try #require(UUID(uuidString: text))
            #expect(text == uuid.uuidString.lowercased())
            #expect(uuid.uuid.6 >> 4 == 4 && uuid.uuid.8 >> 6 == 2)
        }
    }
}
