/// Decrypts a stream.
///
/// What ``update(_:)`` gives out is not authenticated. With GCM it is plaintext only once ``finish(tag:)`` has said so; with CBC
/// nothing here ever proves that nobody changed it.
package struct CipherDecryption: ~Copyable {
    package let cipher: ContentCipher
    private let context: CipherContext

    /// - Throws: ``NativeError`` `.openSSL` when key or vector have another length than the cipher's.
    package init(_ cipher: ContentCipher, key: borrowing SecretBytes, vector: [UInt8]) throws(NativeError) {
        context = try CipherContext(cipher.fetched, key: key, vector: vector, encrypts: false)
        self.cipher = cipher
    }

    /// Plaintext as far as it is ready; CBC holds back one block, which may be padding.
    package mutating func update(_ ciphertext: ArraySlice<UInt8>) throws(NativeError) -> [UInt8] {
        try context.update(ciphertext)
    }

    /// The last bytes, or nil when it does not decrypt: wrong tag, wrong padding, wrong length. Which of these is not told.
    ///
    /// - Parameter tag: 16 bytes for GCM, nil for CBC.
    package consuming func finish(tag: [UInt8]?) -> [UInt8]? {
        guard cipher.isAuthenticated == (tag != nil) else { return nil }
        if let tag, !context.expect(tag: tag) { return nil }
        return context.finish()
    }
}
