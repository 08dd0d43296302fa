import COpenSSL
import Synchronization

/// An AES-256-GCM key for many short messages: what the store seals its rows with.
///
/// The key schedule is made once per thread that works at the same time, not once per message.
///
/// A nonce must never be used twice under one key: it would give away both messages and the means to forge. Whoever calls
/// chooses the nonces; random ones are good for about 2^32 messages per key.
package final class AEADKey: Sendable {
    package static let keyLength = 32
    package static let nonceLength = 12
    /// What a sealed message is longer than its plaintext.
    package static let overhead = ContentCipher.tagLength

    private let key: SecretBytes
    private let idle = Mutex(IdleContexts())

    /// - Throws: ``NativeError`` `.malformedKeyMaterial` unless the key has 32 bytes.
    package init(_ key: consuming SecretBytes) throws(NativeError) {
        guard key.count == Self.keyLength else {
            throw NativeError(.malformedKeyMaterial, reason: "an AES-256 key has 32 bytes, not \(key.count)")
        }
        self.key = key
    }

    /// Ciphertext and tag.
    package func seal(_ plaintext: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []) throws(NativeError) -> [UInt8] {
        let context = try ready(nonce: nonce, encrypts: true)
        guard context.authenticate(additionalData) else { throw NativeError.fromOpenSSL(calling: "EVP_CipherUpdate") }
        var sealed = try context.update(plaintext[...])
        guard let rest = context.finish() else { throw NativeError(.openSSL, reason: "EVP_CipherFinal_ex refused to encrypt") }
        sealed += rest
        sealed += try context.tag()
        idle.withLock { $0.put(context) }
        return sealed
    }

    /// The plaintext, or nil when key, nonce, additional data or a single bit are not those it was sealed with.
    package func open(_ sealed: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []) throws(NativeError) -> [UInt8]? {
        guard sealed.count >= Self.overhead else { return nil }
        let context = try ready(nonce: nonce, encrypts: false)
        guard context.authenticate(additionalData) else { throw NativeError.fromOpenSSL(calling: "EVP_CipherUpdate") }
        var plaintext = try context.update(sealed[..<(sealed.count - Self.overhead)])
        guard context.expect(tag: Array(sealed.suffix(Self.overhead))), let rest = context.finish() else {
            plaintext.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
            return nil
        }
        plaintext += rest
        idle.withLock { $0.put(context) }
        return plaintext
    }

    private func ready(nonce: [UInt8], encrypts: Bool) throws(NativeError) -> SealingContext {
        guard nonce.count == Self.nonceLength else {
            throw NativeError(.openSSL, reason: "a nonce has 12 bytes, not \(nonce.count)")
        }
        guard let context = idle.withLock({ $0.take() }) else {
            return SealingContext(try CipherContext(FetchedCipher.aes256GCM, key: key, vector: nonce, encrypts: encrypts))
        }
        guard EVP_CipherInit_ex2(context.pointer, nil, nil, nonce, encrypts ? 1 : 0, nil) == 1 else {
            throw NativeError.fromOpenSSL(calling: "EVP_CipherInit_ex2")
        }
        return context
    }
}

/// A context that has the key. `@unchecked Sendable`: it is either idle or in the hands of one call.
private final class SealingContext: @unchecked Sendable {
    private let context: CipherContext

    init(_ context: consuming CipherContext) { self.context = context }

    var pointer: OpaquePointer { context.pointer }
    func update(_ input: ArraySlice<UInt8>) throws(NativeError) -> [UInt8] { try context.update(input) }
    func authenticate(_ additional: [UInt8]) -> Bool { context.authenticate(additional) }
    func finish() -> [UInt8]? { context.finish() }
    func tag() throws(NativeError) -> [UInt8] { try context.tag() }
    func expect(tag: [UInt8]) -> Bool { context.expect(tag: tag) }
}

/// Contexts between two calls, at most a few: what one burst needed must not stay for ever.
private struct IdleContexts {
    private var contexts: [SealingContext] = []

    mutating func take() -> SealingContext? { contexts.popLast() }
    mutating func put(_ context: SealingContext) { if contexts.count < 16 { contexts.append(context) } }
}
