import Foundation
import Native
import TestSupport
import Testing

@testable import Gateway

@Suite("Payloads at rest")
struct PayloadSealTests {
    private static let chunk = PayloadSeal.chunkLength
    /// Of what ``seal`` gives: wrapped key, magic and name.
    private static let headLength = ContentKey.wrappedLength + PayloadSeal.headerLength
    private let name = [UInt8](0..<16)
    private let key: AEADKey

    init() throws { key = try Self.key(7) }

    private static func key(_ byte: UInt8) throws -> AEADKey {
        try AEADKey(SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
    }

    /// Key and sealed bytes, one after the other.
    private func seal(_ plaintext: [UInt8], pieces: Int = 10_000) throws -> [UInt8] {
        var sealer = try PayloadSealer(name: name, under: key)
        var sealed = sealer.key.wrapped
        for start in stride(from: 0, to: plaintext.count, by: pieces) {
            sealed += try sealer.update(Array(plaintext[start..<min(start + pieces, plaintext.count)]))
        }
        return sealed + (try sealer.finish())
    }

    private func unseal(_ sealed: [UInt8], name: [UInt8]? = nil, under key: AEADKey? = nil, pieces: Int = 10_000) throws
        -> [UInt8]
    {
        var unsealer = PayloadUnsealer(
            name: name ?? self.name, wrappedKey: Array(sealed.prefix(ContentKey.wrappedLength)), under: key ?? self.key)
        let sealed = Array(sealed.dropFirst(ContentKey.wrappedLength))
        var plaintext: [UInt8] = []
        for start in stride(from: 0, to: sealed.count, by: pieces) {
            plaintext += try unsealer.update(Array(sealed[start..<min(start + pieces, sealed.count)]))
        }
        return plaintext + (try unsealer.finish())
    }

    private func example(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    private func expectDamaged(_ sealed: [UInt8], _ comment: Comment) {
        #expect(throws: StoreError(.damaged, reason: ""), comment) { try unseal(sealed) }
    }

    @Test(
        "come back as they were, whatever their length and however they are cut into pieces",
        arguments: [0, 1, 15, 16, 17, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1, 3 * chunk + 77])
    func roundTrip(count: Int) throws {
        let plaintext = example(count)
        for pieces in [1 << 20, 4096, 65_537] {
            let sealed = try seal(plaintext, pieces: pieces)
            let chunks = max(1, (count + Self.chunk - 1) / Self.chunk)
            #expect(sealed.count == Self.headLength + count + chunks * PayloadSeal.tagLength)
            #expect(try unseal(sealed, pieces: pieces) == plaintext)
        }
    }

    @Test("sealed twice are different bytes")
    func neverAlike() throws {
        let plaintext = example(100)
        #expect(try seal(plaintext) != seal(plaintext))
    }

    @Test("with any byte changed are damaged")
    func everyByte() throws {
        let sealed = try seal(example(40))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            expectDamaged(changed, "byte \(index)")
        }
    }

    @Test("cut anywhere are damaged, also where a chunk ends")
    func cut() throws {
        let short = try seal(example(40))
        for count in short.indices { expectDamaged(Array(short.prefix(count)), "\(count) bytes") }
        let long = try seal(example(3 * Self.chunk))
        let full = Self.chunk + PayloadSeal.tagLength
        for chunks in 0..<3 { expectDamaged(Array(long.prefix(Self.headLength + chunks * full)), "\(chunks) chunks") }
        expectDamaged(long + [0], "one byte more")
        expectDamaged(long + long.suffix(full), "the last chunk twice")
    }

    @Test("with chunks swapped, repeated or left out are damaged")
    func chunks() throws {
        let sealed = try seal(example(3 * Self.chunk + 5))
        let full = Self.chunk + PayloadSeal.tagLength
        let header = Array(sealed.prefix(Self.headLength))
        let chunks = (0..<4).map { index in
            Array(sealed.dropFirst(header.count + index * full).prefix(full))
        }
        for order in [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 1, 2, 3], [0, 2, 3], [0, 1, 3], [3], [0, 1, 2], [0, 1, 3, 2]] {
            expectDamaged(header + order.flatMap { chunks[$0] }, "\(order)")
        }
        #expect(try unseal(header + chunks.flatMap { $0 }).count == 3 * Self.chunk + 5)
    }

    @Test("in another's place are damaged, and under another store key")
    func anothers() throws {
        let sealed = try seal(example(1000))
        #expect(throws: StoreError(.damaged, reason: "")) { try unseal(sealed, name: [UInt8](1..<17)) }
        #expect(throws: StoreError(.damaged, reason: "")) { try unseal(sealed, under: Self.key(8)) }
        // The head of one and the chunks of another.
        let other = try seal(example(1000))
        expectDamaged(
            Array(sealed.prefix(Self.headLength) + other.dropFirst(Self.headLength)), "another's chunks")
    }

    @Test("give out nothing of a chunk that does not hold")
    func nothingReleased() throws {
        var sealed = try seal(example(2 * Self.chunk))
        sealed[sealed.count - 1] ^= 1
        var unsealer = PayloadUnsealer(name: name, wrappedKey: Array(sealed.prefix(ContentKey.wrappedLength)), under: key)
        sealed.removeFirst(ContentKey.wrappedLength)
        #expect(try unsealer.update(sealed) == Array(example(2 * Self.chunk).prefix(Self.chunk)))
        #expect(throws: StoreError(.damaged, reason: "")) { try unsealer.finish() }
    }

    @Test("in the vault lie in the row when small and in a file when large", arguments: [0, 90_000, 98_000, 100_000, 300_000])
    func vault(count: Int) throws {
        let scratch = try ScratchFolder()
        let vault = PayloadVault(folder: scratch.path, key: key)
        let stored = try vault.store(example(count))
        #expect(try vault.bytes(of: stored) == example(count))
        #expect(stored.length == count)
        let names = try scratch.names()
        if count > PayloadVault.rowLimit {
            #expect(stored.place == .file(try #require(names.first)))
            #expect(try scratch.mode(names[0]) == 0o600)
        } else {
            #expect(names.isEmpty)
        }
        vault.delete([stored])
        #expect(try scratch.names().isEmpty)
    }

    @Test("in the vault, another's file under this one's name is damaged")
    func exchangedFiles() throws {
        let scratch = try ScratchFolder()
        let vault = PayloadVault(folder: scratch.path, key: key)
        let (one, two) = (try vault.store(example(200_000)), try vault.store(example(200_000)))
        guard case .file(let first) = one.place, case .file(let second) = two.place else {
            Issue.record("both should lie in files")
            return
        }
        try FileManager.default.removeItem(atPath: vault.path(first))
        try FileManager.default.copyItem(atPath: vault.path(second), toPath: vault.path(first))
        #expect(throws: StoreError(.damaged, reason: "")) { try vault.bytes(of: one) }
        #expect(try vault.bytes(of: two).count == 200_000)
    }

    @Test("a writer that is given up leaves nothing")
    func givenUp() throws {
        let scratch = try ScratchFolder()
        let vault = PayloadVault(folder: scratch.path, key: key)
        do {
            var writer = try vault.writer()
            try writer.write(example(300_000))
            #expect(try scratch.names().count == 1)
        }
        #expect(try scratch.names().isEmpty)
    }

    @Test("a name sealed for its column comes back, and is damaged when changed")
    func text() throws {
        let vault = PayloadVault(folder: "/nowhere", key: key)
        let (payload, other) = (try vault.store([1]), try vault.store([1]))
        for title in ["", "Pedagogisk rapport", "🎈 æøå"] {
            #expect(try vault.text(of: vault.sealed(title, with: payload), with: payload) == title)
        }
        var sealed = try vault.sealed("Pedagogisk rapport", with: payload)
        #expect(throws: StoreError(.damaged, reason: ""), "another's name") { try vault.text(of: sealed, with: other) }
        sealed[sealed.count - 1] ^= 1
        for bytes in [sealed, [], [1, 2, 3]] {
            #expect(throws: StoreError(.damaged, reason: "")) { try vault.text(of: bytes, with: payload) }
        }
    }
}
