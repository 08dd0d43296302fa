import Native

/// The key of one payload: random, and wrapped by the store key with the payload's name. The wrapped form lies in a table of its own:
/// backups may hold it apart from what it opens, and when its row is destroyed nobody can open the payload any more, in
/// whatever copy of the store it lies.
struct ContentKey: Sendable {
    /// Nonce (12), key (32), tag (16).
    static let wrappedLength = 12 + 32 + 16

    let aead: AEADKey
    let wrapped: [UInt8]

    /// A new key for the payload of that name.
    init(for name: [UInt8], under storeKey: AEADKey) throws(NativeError) {
        let secret = try SecretBytes.random(count: AEADKey.keyLength)
        // Drawn alone: it is used under the one key that all payloads have in common.
        let nonce = try SecretBytes.random(count: AEADKey.nonceLength).copied()
        wrapped = nonce + (try storeKey.seal(secret.copied(), nonce: nonce, additionalData: PayloadSeal.magic + name))
        aead = try AEADKey(secret)
    }

    /// The key that `wrapped` holds; nil when it was changed, or is another payload's or another store's.
    static func open(_ wrapped: [UInt8], magic: [UInt8] = PayloadSeal.magic, name: [UInt8], under storeKey: AEADKey) -> AEADKey? {
        guard wrapped.count == wrappedLength else { return nil }
        let secret = try? storeKey.open(
            Array(wrapped[AEADKey.nonceLength...]), nonce: Array(wrapped[..<AEADKey.nonceLength]), additionalData: magic + name)
        return secret.flatMap { try? AEADKey(SecretBytes(copying: $0)) }
    }
}
