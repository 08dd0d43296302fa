import Foundation
import Native

/// A payload at rest. Small ones lie sealed in their row, since a file for each costs five to twenty times the
/// synchronisation work; large ones in a sealed file.
struct StoredPayload: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        case row([UInt8])
        /// File name inside the vault's folder.
        case file(String)
    }

    /// 16 random bytes; part of what the seal covers.
    let name: [UInt8]
    /// Bytes of plaintext.
    let length: Int
    let place: Place
    /// Its key, wrapped; empty when it carries it itself, as those of the first two schemas do, or when it was destroyed.
    let wrappedKey: [UInt8]
}

/// Seals payloads on their way in and opens them on their way out, in pieces.
struct PayloadVault: Sendable {
    /// Payloads up to this many sealed bytes stay in their row.
    static let rowLimit = 96 << 10
    /// What is read at a time.
    static let pieceLength = 256 << 10

    let folder: String
    let key: AEADKey
    var disk: DiskFault?
    /// Where it is counted how long files take to be on the disk.
    var observation: Observation?

    /// A writer for one payload. Nothing is visible to anyone until its ``StoredPayload`` is committed in a row.
    func writer() throws(StoreError) -> PayloadWriter {
        do {
            let name = try PublicRandom.bytes(PayloadSeal.nameLength)
            return PayloadWriter(vault: self, name: name, sealer: try PayloadSealer(name: name, under: key))
        } catch { throw StoreError(.cannotOpen, reason: "cannot make a payload key: \(error.reason)") }
    }

    /// Stores `plaintext` whole.
    func store(_ plaintext: [UInt8]) throws(StoreError) -> StoredPayload {
        var writer = try writer()
        try writer.write(plaintext)
        return try writer.finish()
    }

    /// Gives the payload piece by piece. When `sink` has had the last piece and this returns, all of it was authentic.
    func read(_ payload: StoredPayload, into sink: ([UInt8]) throws -> Void) throws {
        var unsealer = PayloadUnsealer(name: payload.name, wrappedKey: payload.wrappedKey, under: key)
        switch payload.place {
        case .row(let sealed):
            let first = try unsealer.update(sealed)
            if !first.isEmpty { try sink(first) }
        case .file(let name):
            let file = try FileReader(path(name))
            while true {
                let piece = try file.read(Self.pieceLength)
                if piece.isEmpty { break }
                let plaintext = try unsealer.update(piece)
                if !plaintext.isEmpty { try sink(plaintext) }
            }
        }
        let last = try unsealer.finish()
        if !last.isEmpty { try sink(last) }
    }

    /// The payload whole. For documents and small parts only.
    func bytes(of payload: StoredPayload) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(payload) { piece in
            // A small payload comes in one piece, which is not copied.
            if bytes.isEmpty {
                bytes = piece
                if piece.count < payload.length { bytes.reserveCapacity(payload.length) }
            } else {
                bytes += piece
            }
        }
        return bytes
    }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Deletes payloads that no row names. What lies in a row needs no deleting.
    func delete(_ payloads: [StoredPayload]) {
        for case .file(let name) in payloads.map(\.place) { unlink(path(name)) }
    }

    /// A short text that belongs to a payload, such as an attachment's name, sealed under the payload's key: both can be read, or
    /// neither.
    func sealed(_ text: String, with payload: StoredPayload) throws(StoreError) -> [UInt8] {
        do {
            // Chunks count from 0 in the first eight bytes of their nonces, so that none begins like this.
            let nonce = [0xFF] + (try PublicRandom.bytes(AEADKey.nonceLength - 1))
            return nonce + (try textKey(payload).seal(Array(text.utf8), nonce: nonce, additionalData: Self.textLabel))
        } catch let error as NativeError {
            throw StoreError(.cannotOpen, reason: "cannot seal a text: \(error.reason)")
        } catch { throw Self.damagedText }
    }

    /// The text that ``sealed(_:with:)`` made `bytes` of.
    func text(of bytes: [UInt8], with payload: StoredPayload) throws(StoreError) -> String {
        let nonce = Array(bytes.prefix(AEADKey.nonceLength))
        let text = try? textKey(payload).open(Array(bytes.dropFirst(nonce.count)), nonce: nonce, additionalData: Self.textLabel)
        guard let text else { throw Self.damagedText }
        return String(decoding: text, as: UTF8.self)
    }

    /// Beside payloads that carry their keys themselves, texts lie under the store key.
    private func textKey(_ payload: StoredPayload) throws -> AEADKey {
        if payload.wrappedKey.isEmpty { return key }
        guard let opened = ContentKey.open(payload.wrappedKey, name: payload.name, under: key) else { throw Self.damagedText }
        return opened
    }

    private static let damagedText = StoreError(
        .damaged, reason: "a stored text does not carry the seal it was given")
    private static let textLabel = Array("text".utf8)
}

/// Takes one payload's plaintext in pieces and seals it into a row or, when it grows, into a file.
struct PayloadWriter: ~Copyable {
    private let vault: PayloadVault
    private let name: [UInt8]
    private var sealer: PayloadSealer
    private var sealed: [UInt8] = []
    private var file: DurableFile?
    private var length = 0

    fileprivate init(vault: PayloadVault, name: [UInt8], sealer: consuming PayloadSealer) {
        (self.vault, self.name) = (vault, name)
        self.sealer = sealer
    }

    mutating func write(_ plaintext: [UInt8]) throws(StoreError) {
        length += plaintext.count
        do { sealed += try sealer.update(plaintext) } catch { throw Self.sealing(error) }
        if sealed.count > PayloadVault.rowLimit { try spill() }
    }

    /// The payload as it is to be put into a row. A file is durable when this returns.
    mutating func finish() throws(StoreError) -> StoredPayload {
        do {
            let last = try sealer.finish()
            if sealed.isEmpty { sealed = last } else { sealed += last }
        } catch { throw Self.sealing(error) }
        if sealed.count > PayloadVault.rowLimit { try spill() }
        let wrappedKey = sealer.key.wrapped
        guard let file = file.take() else {
            return StoredPayload(name: name, length: length, place: .row(sealed), wrappedKey: wrappedKey)
        }
        try file.write(sealed)
        let start = ContinuousClock.now
        try file.finish()
        vault.observation?.fileSynchronised(time: .now - start)
        return StoredPayload(name: name, length: length, place: .file(Self.fileName(name)), wrappedKey: wrappedKey)
    }

    private mutating func spill() throws(StoreError) {
        if file == nil { file = try DurableFile(creating: vault.path(Self.fileName(name)), disk: vault.disk) }
        try file?.write(sealed)
        sealed = []
    }

    private static func fileName(_ name: [UInt8]) -> String {
        name.map { byte in
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }.joined() + ".sealed"
    }

    private static func sealing(_ error: NativeError) -> StoreError {
        StoreError(.cannotOpen, reason: "cannot seal a payload: \(error.reason)")
    }
}
