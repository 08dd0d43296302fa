import Native

/// The form in which everything that was opened or not yet sent lies in the store: AES-256-GCM in chunks, each payload
/// under a key of its own that is wrapped by the store key.
///
///     "MSGGWS01"  name (16)  nonce (12)  wrapped key (32 + 16)  chunk*
///     chunk       at most 65 536 bytes of plaintext, encrypted, + 16 bytes of tag
///     nonce       chunk number (8, big-endian)  0 0 0  1 for the last chunk, else 0
///
/// Chunks cannot be swapped, repeated or cut off, and a payload cannot be put in another's place: its name is part of
/// what the key's seal covers.
enum PayloadSeal {
    static let magic = Array("MSGGWS01".utf8)
    static let nameLength = 16
    static let chunkLength = 65_536
    static let tagLength = 16
    static let headerLength = 8 + 16 + 12 + 48

    static func chunkNonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } + [0, 0, 0, isLast ? 1 : 0]
    }
}

/// Plaintext in, sealed bytes out.
struct PayloadSealer: ~Copyable {
    private let key: AEADKey
    private var pending: [UInt8]
    private var waiting: [UInt8] = []
    private var number: UInt64 = 0

    /// - Parameter name: 16 bytes that say which payload this is.
    init(name: [UInt8], under storeKey: AEADKey) throws(NativeError) {
        let secret = try SecretBytes.random(count: 32)
        let nonce = try SecretBytes.random(count: 12).copied()
        let wrapped = try storeKey.seal(secret.copied(), nonce: nonce, additionalData: PayloadSeal.magic + name)
        key = try AEADKey(secret)
        pending = PayloadSeal.magic + name + nonce + wrapped
    }

    /// The sealed bytes that are complete so far.
    mutating func update(_ plaintext: [UInt8]) throws(NativeError) -> [UInt8] {
        waiting.append(contentsOf: plaintext)
        var out = pending
        pending = []
        var start = 0
        // The last chunk is sealed by `finish`, so a full chunk is held back until more comes.
        while waiting.count - start > PayloadSeal.chunkLength {
            let chunk = Array(waiting[start..<start + PayloadSeal.chunkLength])
            out += try key.seal(chunk, nonce: PayloadSeal.chunkNonce(number, isLast: false), additionalData: [])
            number += 1
            start += PayloadSeal.chunkLength
        }
        if start > 0 { waiting.removeFirst(start) }
        return out
    }

    /// The last chunk. Nothing may follow it.
    mutating func finish() throws(NativeError) -> [UInt8] {
        pending + (try key.seal(waiting, nonce: PayloadSeal.chunkNonce(number, isLast: true), additionalData: []))
    }
}

/// Sealed bytes in, plaintext out. Each piece that comes out is authentic and in its place; that nothing is missing at the
/// end is known when ``finish()`` returns.
struct PayloadUnsealer: ~Copyable {
    private let name: [UInt8]
    private let storeKey: AEADKey
    private var key: AEADKey?
    private var waiting: [UInt8] = []
    private var number: UInt64 = 0

    init(name: [UInt8], under storeKey: AEADKey) {
        (self.name, self.storeKey) = (name, storeKey)
    }

    mutating func update(_ sealed: [UInt8]) throws(StoreError) -> [UInt8] {
        waiting.append(contentsOf: sealed)
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
        guard waiting.count >= PayloadSeal.headerLength else { return nil }
        let header = Array(waiting.prefix(PayloadSeal.headerLength))
        guard Array(header[0..<24]) == PayloadSeal.magic + name else { throw Self.damaged }
        let opened: AEADKey?
        do {
            opened = try storeKey.open(
                Array(header[36...]), nonce: Array(header[24..<36]), additionalData: PayloadSeal.magic + name
            ).map { try AEADKey(SecretBytes(copying: $0)) }
        } catch { throw Self.damaged }
        guard let opened else { throw Self.damaged }
        key = opened
        waiting.removeFirst(PayloadSeal.headerLength)
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

    private static var damaged: StoreError {
        StoreError(
            .damaged,
            reason: "a stored payload does not carry the seal it was given: it was changed, cut or put in another's place")
    }
}
