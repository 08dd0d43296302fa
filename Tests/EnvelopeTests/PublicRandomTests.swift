import Native
import Testing

@Suite("Random bytes that are no secret")
struct PublicRandomTests {
    @Test("are as many as were asked for, and never the same twice, whoever asks at the same time")
    func neverTwice() async throws {
        let drawn = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 { group.addTask { try (0..<1000).map { try PublicRandom.bytes($0.isMultiple(of: 2) ? 12 : 16) } } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(drawn.count { $0.count == 12 } == 4000 && drawn.count { $0.count == 16 } == 4000)
        #expect(Set(drawn.map { Array($0.prefix(12)) }).count == 8000)
    }

    @Test("may be many", arguments: [0, 1, 512, 513, 4096, 5000])
    func many(count: Int) throws {
        #expect(try PublicRandom.bytes(count).count == count)
    }
}
