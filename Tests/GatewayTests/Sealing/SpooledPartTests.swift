import Envelope
import Foundation
import Native
import TestSupport
import Testing

@testable import Gateway

@Suite("A spooled part")
struct SpooledPartTests {
    private static let part = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    private let scratch: ScratchFolder
    private var spool: Spool { Spool(folder: scratch.path, store: scratch.path) }

    init() throws {
        scratch = try ScratchFolder()
        try scratch.write(Self.part, to: "a.cms")
    }

    private func message(sha256: Data?, asLines: Bool = false) -> WireMessage {
        let piece: WireMessage.Piece =
            asLines
            ? .base64(file: "a.cms", length: Self.part.count, sha256: sha256)
            : .binary(file: "a.cms", length: Self.part.count, sha256: sha256)
        return WireMessage(headers: [], pieces: [.bytes(2), piece, .bytes(1)], body: [1, 2, 3], soap: [])
    }

    private func sent(_ message: WireMessage) throws -> [UInt8] {
        var body = WireBody(message, spool: spool)
        var bytes: [UInt8] = []
        while let piece = try body.next() { bytes += piece }
        return bytes
    }

    private static var digest: Data {
        var digest = Digest(.sha256)
        digest.update(part)
        return Data(digest.finish())
    }

    @Test("goes out as it was sealed, with its digest and as older versions stored it, without")
    func whole() throws {
        for sha256 in [Self.digest, nil] {
            #expect(try sent(message(sha256: sha256)) == [1, 2] + Self.part + [3])
            let lines = message(sha256: sha256, asLines: true)
            #expect(try sent(lines).count == lines.length)
        }
    }

    @Test("that was changed, cut or made longer is never sent to its end", arguments: [false, true])
    func changed(asLines: Bool) throws {
        var flipped = Self.part
        flipped[599_990] ^= 4
        for bytes in [flipped, Array(Self.part.dropLast()), Self.part + [0], []] {
            try Data(bytes).write(to: URL(filePath: scratch.path + "/a.cms"))
            let error = #expect(throws: StoreError.self) { try sent(message(sha256: Self.digest, asLines: asLines)) }
            #expect(error?.code == .damaged)
        }
    }

    @Test("that an older version stored is read from its row: without a digest")
    func layouts() throws {
        let old = #"[{"bytes":{"_0":4}},{"binary":{"file":"a.cms","length":600000}}]"#
        let pieces = try JSONDecoder().decode([WireMessage.Piece].self, from: Data(old.utf8))
        #expect(pieces == [.bytes(4), .binary(file: "a.cms", length: 600_000)])
    }

    @Test("that arrives is not written where the room is kept for commits; what fits into memory is taken, and nothing is left")
    func room() throws {
        func take(_ pieces: Int, reserve: UInt64?) throws -> ReceivedParts {
            var spooler = PartSpooler(spool: Spool(folder: scratch.path, store: scratch.path, reserve: reserve))
            let piece = [UInt8](repeating: 7, count: PayloadVault.rowLimit / 2)
            try spooler.take([.partBegan(index: 0, contentID: ContentID("a@example.invalid"))])
            for _ in 0..<pieces { try spooler.take([.bytes(piece)]) }
            try spooler.take([.partEnded(index: 0, length: pieces * piece.count)])
            return spooler.finish()
        }
        let before = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        #expect(throws: StoreError(.cannotOpen, reason: "")) { try take(10, reserve: .max) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == before)
        #expect(try take(2, reserve: .max).places.count == 1)
        let received = try take(200, reserve: 0)
        var count = 0
        try received.read(0) { count += $0.count }
        #expect(count == 100 * PayloadVault.rowLimit)
    }
}
