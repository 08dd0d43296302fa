import Native

/// The form in which everything that was opened or not yet sent lies in the store: AES-256-GCM in chunks, each payload
/// under a key of its own.
///
///     "MSGGWS02"  name (16)  chunk*
///     chunk       at most 65 536 bytes of plaintext, encrypted, + 16 bytes of tag
///     nonce       chunk number (8, big-endian)  0 0 0  1 for the last chunk, else 0
///
/// Chunks cannot be swapped, repeated or cut off, and a payload cannot be put in another's place: its name is part of
/// what the key's seal covers. The key lies elsewhere (``ContentKey``), so that destroying those sixty bytes destroys the
/// payload wherever copies of it lie.
///
/// Stores of the first two schemas hold "MSGGWS01", with the wrapped key between name and chunks. It is read, and no longer
/// written.
enum PayloadSeal {
    static let magic = Array("MSGGWS02".utf8)
    static let magic1 = Array("MSGGWS01".utf8)
    static let nameLength = 16
    static let chunkLength = 65_536
    static let tagLength = 16
    static let headerLength = 8 + 16
    static let headerLength1 = 8 + 16 + ContentKey.wrappedLength

    static func chunkNonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } + [0, 0, 0, isLast ? 1 : 0]
    }
}

/// Plaintext in, sealed bytes out.
struct PayloadSealer: ~Copyable {
    /// The payload's key, to be kept beside it.
    let key: ContentKey
    private let header: [UInt8]
    private var waiting: [UInt8] = []
    private var number: UInt64 = 0

    /// - Parameter name: 16 bytes that say which payload this is.
    init(name: [UInt8], under storeKey: AEADKey) throws(NativeError) {
        key = try ContentKey(for: name, under: storeKey)
        header = PayloadSeal.magic + name
    }

    /// The sealed bytes that are complete so far.
    mutating func update(_ plaintext: [UInt8]) throws(NativeError) -> [UInt8] {
        if waiting.isEmpty { waiting = plaintext } else { waiting += plaintext }
        var out: [UInt8] = []
        var start = 0
        // The last chunk is sealed by `finish`, so a full chunk is held back until more comes. The header goes with the first.
        while waiting.count - start > PayloadSeal.chunkLength {
            let chunk = Array(waiting[start..<start + PayloadSeal.chunkLength])
            if number == 0 { out = header }
            out += try key.aead.seal(chunk, nonce: PayloadSeal.chunkNonce(number, isLast: false), additionalData: [])
            number += 1
            start += PayloadSeal.chunkLength
        }
        if start > 0 { waiting.removeFirst(start) }
        return out
    }

    /// The last chunk. Nothing may follow it.
    mutating func finish() throws(NativeError) -> [UInt8] {
        let last = try key.aead.seal(waiting, nonce: PayloadSeal.chunkNonce(number, isLast: true), additionalData: [])
        return number == 0 ? header + last : last
    }
}

/// Sealed bytes in, plaintext out. Each piece that comes out is authentic and in its place; that nothing is missing at the
/// end is known when ``finish()`` returns.
struct PayloadUnsealer: ~Copyable {
    private let name: [UInt8]
    private let wrappedKey: [UInt8]
    private let storeKey: AEADKey
    private var key: AEADKey?
    private var waiting: [UInt8] = []
    private var number: UInt64 = 0

    /// - Parameter wrappedKey: empty for a payload that carries it itself.
    init(name: [UInt8], wrappedKey: [UInt8], under storeKey: AEADKey) {
        (self.name, self.wrappedKey, self.storeKey) = (name, wrappedKey, storeKey)
    }

    mutating func update(_ sealed: [UInt8]) throws(StoreError) -> [UInt8] {
        if waiting.isEmpty { waiting = sealed } else { waiting += sealed }
        guard let key = try openedKey() else { return [] }
        let full = PayloadSeal.chunkLength + PayloadSeal.tagLength
        var out: [UInt8] = []
        var start = 0
        while waiting.count - start > full {
            out += try open(Array(waiting[start..<start + full]), with: key, isLast: false)
            start += full
        }
        if start > 0 { waiting.removeFirst(start) }
        return out
    }

    /// The last piece.
    mutating func finish() throws(StoreError) -> [UInt8] {
        guard let key = try openedKey() else { throw Self.damaged }
        return try open(waiting, with: key, isLast: true)
    }

    private mutating func openedKey() throws(StoreError) -> AEADKey? {
        if let key { return key }
        let carriesKey = wrappedKey.isEmpty
        let length = carriesKey ? PayloadSeal.headerLength1 : PayloadSeal.headerLength
        if carriesKey, waiting.starts(with: PayloadSeal.magic + name) { throw Self.keyDestroyed }
        guard waiting.count >= length else { return nil }
        let header = Array(waiting.prefix(length))
        let magic = carriesKey ? PayloadSeal.magic1 : PayloadSeal.magic
        guard header.starts(with: magic + name) else { throw Self.damaged }
        let wrapped = carriesKey ? Array(header[24...]) : wrappedKey
        guard let opened = ContentKey.open(wrapped, magic: magic, name: name, under: storeKey) else { throw Self.damaged }
        key = opened
        waiting.removeFirst(length)
        return opened
    }

    private mutating func open(_ chunk: [UInt8], with key: AEADKey, isLast: Bool) throws(StoreError) -> [UInt8] {
        let plaintext: [UInt8]?
        do { plaintext = try key.open(chunk, nonce: PayloadSeal.chunkNonce(number, isLast: isLast), additionalData: []) } catch {
            throw Self.damaged
        }
        guard let plaintext else { throw Self.damaged }
        number += 1
        return plaintext
    }

    private static var keyDestroyed: StoreError {
        StoreError(
            .destroyed,
            reason: "the key of a stored payload is not there: it was destroyed, and nobody can read the payload any more")
    }

    private static var damaged: StoreError {
        StoreError(
            .damaged,
            reason: "a stored payload does not carry the seal it was given: it was changed, cut or put in another's place")
    }
}
