import CArena
import Foundation
import Testing

@testable import Native

@Suite("Blocks come out of an open arena, and from malloc where there is none")
struct ArenaTests {
    /// Fills a block with one byte, and says whether it still holds nothing else.
    private struct Block {
        let start: UnsafeMutableRawPointer
        let count: Int
        let byte: UInt8

        init?(_ start: UnsafeMutableRawPointer?, _ count: Int, _ byte: UInt8) {
            guard let start else { return nil }
            (self.start, self.count, self.byte) = (start, count, byte)
            memset(start, Int32(byte), count)
        }

        var isWhole: Bool { UnsafeRawBufferPointer(start: start, count: count).allSatisfy { $0 == byte } }
        var isAligned: Bool { UInt(bitPattern: start) % 16 == 0 }
    }

    @Test("blocks of all sizes lie apart and aligned, and a grown one keeps its bytes")
    func apart() throws {
        let arena = try #require(msggw_arena_open())
        defer { msggw_arena_discard(arena) }
        var blocks: [Block] = []
        for size in 1...300 {
            blocks.append(try #require(Block(msggw_arena_malloc(size), size, UInt8(truncatingIfNeeded: size))))
            // The last one grows where it stands, one before it moves.
            for position in [blocks.count - 1, blocks.count / 2] {
                let old = blocks[position]
                let grown = try #require(msggw_arena_realloc(old.start, old.count + size % 40))
                #expect(UnsafeRawBufferPointer(start: grown, count: old.count).allSatisfy { $0 == old.byte })
                blocks[position] = try #require(Block(grown, old.count + size % 40, old.byte))
            }
        }
        #expect(blocks.allSatisfy { $0.isWhole && $0.isAligned })
        #expect(msggw_arena_close(arena) == 1)
    }

    @Test("what was handed out last is taken back and handed out again, what lies before it is not")
    func takenBack() throws {
        let arena = try #require(msggw_arena_open())
        defer { msggw_arena_discard(arena) }
        let first = try #require(msggw_arena_malloc(40))
        let second = try #require(msggw_arena_malloc(40))
        #expect(msggw_arena_realloc(second, 400) == second)
        #expect(msggw_arena_realloc(first, 20) == first)
        let moved = try #require(msggw_arena_realloc(first, 400))
        #expect(moved != first)
        msggw_arena_free(first)
        msggw_arena_free(moved)
        #expect(msggw_arena_malloc(10) == moved)
        #expect(msggw_arena_close(arena) == 1)
        // Closed: what is given back now changes nothing in it.
        msggw_arena_free(moved)
    }

    @Test("what is too large for an arena or does not fit comes from malloc, and the arena says so")
    func overflow() throws {
        for (size, times, isComplete) in [(1 << 20, 1, false), (70_000, 1, false), (10_000, 10, true), (10_000, 40, false)] {
            let arena = try #require(msggw_arena_open())
            var blocks: [Block] = []
            for number in 0..<times {
                blocks.append(try #require(Block(msggw_arena_malloc(size), size, UInt8(number))))
            }
            #expect((msggw_arena_close(arena) == 1) == isComplete)
            #expect(blocks.allSatisfy { $0.isWhole })
            for block in blocks { msggw_arena_free(block.start) }
            msggw_arena_discard(arena)
        }
    }

    @Test("a block grows out of its arena with its bytes, and malloc's blocks are taken whatever is open")
    func across() throws {
        let outside = try #require(Block(msggw_arena_malloc(100), 100, 7))
        let arena = try #require(msggw_arena_open())
        let grown = try #require(msggw_arena_realloc(outside.start, 200))
        let inside = try #require(Block(msggw_arena_malloc(60_000), 60_000, 8))
        let large = try #require(msggw_arena_realloc(inside.start, 1 << 20))
        let other = try #require(Block(msggw_arena_malloc(60_000), 60_000, 9))
        #expect(msggw_arena_close(arena) == 0)
        #expect(UnsafeRawBufferPointer(start: grown, count: 100).allSatisfy { $0 == 7 })
        #expect(UnsafeRawBufferPointer(start: large, count: 60_000).allSatisfy { $0 == 8 })
        let late = try #require(msggw_arena_realloc(other.start, 70_000))
        #expect(UnsafeRawBufferPointer(start: late, count: 60_000).allSatisfy { $0 == 9 })
        for block in [grown, large, other.start, late] { msggw_arena_free(block) }
        msggw_arena_discard(arena)
    }

    @Test("a thread has one arena open, and none is nothing to close or to give back")
    func one() throws {
        let arena = try #require(msggw_arena_open())
        #expect(msggw_arena_open() == nil)
        let copy = try #require(msggw_arena_strdup("text"))
        #expect(String(cString: copy) == "text")
        #expect(msggw_arena_close(nil) == 0)
        #expect(msggw_arena_close(arena) == 1)
        msggw_arena_discard(nil)
        msggw_arena_discard(arena)
    }
}

@Suite("A document's tree is as good in an arena as outside of one")
struct ArenaDocumentTests {
    /// A tree of some 250 bytes for each of `count`, with letters that the parser takes apart.
    private static func document(_ count: Int, text: String = "t\u{E6}xt") -> [UInt8] {
        let body = (0..<count).map { "<b c=\"\($0)\">\(text)</b>" }.joined()
        return Array("<a xmlns=\"urn:n\">\(body)</a>".utf8)
    }

    private static func isWhole(_ document: XMLDocument, _ bytes: [UInt8], _ count: Int) throws -> Bool {
        try document.canonicalized(.inclusive) == bytes && document.canonicalized(.exclusive) == bytes
            && document.root.children.map { $0.attribute("c") } == (0..<count).map(String.init)
    }

    @Test(
        "whatever fits, does not fit, or only just", arguments: [0, 1, 100, 600, 700, 800, 900, 1000, 1100, 1200, 2000, 20_000])
    func sizes(count: Int) throws {
        let bytes = Self.document(count)
        let document = try XMLDocument(parsing: bytes)
        let isWhole = try Self.isWhole(document, bytes, count)
        #expect(isWhole || count == 0)
    }

    @Test("a text that grows out of its arena is read whole", arguments: [100, 10_000, 70_000, 300_000, 12_000_000])
    func texts(length: Int) throws {
        let text = String(repeating: "\u{E6}b", count: length / 2)
        let root = try XMLDocument(parsing: Array("<a><b>before</b><c d='e'>\(text)</c><b>after</b></a>".utf8)).root
        #expect(root.children.map(\.text.utf8.count) == [6, text.utf8.count, 5])
        #expect(root.child("c", nil)?.text == text)
    }

    @Test("more documents at once than there are arenas, given up in another order than they were made")
    func many() throws {
        let bytes = (0..<100).map { Self.document(10 * $0 + 1) }
        var documents = try bytes.map { try XMLDocument(parsing: $0) as XMLDocument? }
        for step in 0..<100 {
            let position = (step * 37) % 100
            let document = try #require(documents[position])
            #expect(try Self.isWhole(document, bytes[position], 10 * position + 1))
            documents[position] = nil
            // What it lay in is used by the next.
            if step % 3 == 0 { documents[position] = try XMLDocument(parsing: Self.document(5)) }
        }
    }

    /// Nobody but the thread that has it looks at it.
    private struct Handed: @unchecked Sendable { let document: XMLDocument }

    @Test("made in one thread, read and given up in another")
    func threads() async throws {
        for _ in 0..<20 {
            let made = try await withThrowingTaskGroup { group in
                for count in 1...16 {
                    group.addTask {
                        for refused in ["<a>", "<a><b></a>", "<p:a/>"] {
                            #expect(throws: NativeError(.xmlMalformed, reason: "")) {
                                try XMLDocument(parsing: Array(refused.utf8))
                            }
                        }
                        return Handed(document: try XMLDocument(parsing: Self.document(count * 50)))
                    }
                }
                return try await group.reduce(into: [Handed]()) { $0.append($1) }
            }
            try await withThrowingTaskGroup { group in
                for one in made {
                    group.addTask {
                        let count = one.document.root.children.count
                        let isWhole = try Self.isWhole(one.document, Self.document(count), count)
                        #expect(isWhole)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(
        "nothing that a document brings along is kept for the process in its arena",
        arguments: [
            "<?oasis-xml-catalog catalog='urn:nowhere'?><a xml:lang='no'/>", "<?xml version='1.0' encoding='windows-1252'?><a/>",
            "<?xml version='1.0' encoding='iso-8859-15'?><a/>", "<a xmlns='relative' xml:id='b'/>", "<a xmlns:p='%zz'/>",
            "<a xml:space='what'><?p i?></a>", "<a>&undeclared;</a>", "<a/>\u{1}", "",
        ])
    func kept(text: String) throws {
        for _ in 0..<3 {
            let document = try? XMLDocument(parsing: Array(text.utf8))
            // Makes what the tree did not have, after its arena was closed.
            if let document { #expect(document.root.namespace(ofPrefix: "xml") == "http://www.w3.org/XML/1998/namespace") }
            // Takes the same arena if the document is gone, and writes over what it held.
            #expect(try XMLDocument(parsing: Self.document(300)).root.children.count == 300)
        }
    }
}
