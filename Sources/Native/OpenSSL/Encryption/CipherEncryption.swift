/// Encrypts a stream: AES in CBC with padding, or AES in GCM with a tag.
package struct CipherEncryption: ~Copyable {
    package let cipher: ContentCipher
    private let context: CipherContext

    /// - Throws: ``NativeError`` `.openSSL` when key or vector have another length than the cipher's, or for triple DES, which is
    ///   only ever read.
    package init(_ cipher: ContentCipher, key: borrowing SecretBytes, vector: [UInt8]) throws(NativeError) {
        guard cipher != .tripleDESCBC else { throw NativeError(.openSSL, reason: "nothing is encrypted with triple DES") }
        context = try CipherContext(cipher.fetched, key: key, vector: vector, encrypts: true)
        self.cipher = cipher
    }

    /// Ciphertext as far as it is ready.
    package mutating func update(_ plaintext: ArraySlice<UInt8>) throws(NativeError) -> [UInt8] {
        try context.update(plaintext)
    }

    /// The last block, and for GCM the tag of 16 bytes; an empty tag for CBC.
    package consuming func finish() throws(NativeError) -> (rest: [UInt8], tag: [UInt8]) {
        guard let rest = context.finish() else { throw NativeError(.openSSL, reason: "EVP_CipherFinal_ex refused to encrypt") }
        return (rest, cipher.isAuthenticated ? try context.tag() : [])
    }
}
