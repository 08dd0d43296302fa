import COpenSSL

/// Owns one `EVP_CIPHER_CTX` that has its key and vector.
struct CipherContext: ~Copyable {
    let pointer: OpaquePointer

    init(_ cipher: FetchedCipher, key: borrowing SecretBytes, vector: [UInt8]?, encrypts: Bool) throws(NativeError) {
        guard let context = EVP_CIPHER_CTX_new() else { throw NativeError.fromOpenSSL(calling: "EVP_CIPHER_CTX_new") }
        // Key wrap has to be allowed by hand; the flag says nothing to other ciphers.
        EVP_CIPHER_CTX_set_flags(context, Int32(EVP_CIPHER_CTX_FLAG_WRAP_ALLOW))
        guard let algorithm = cipher.pointer, key.count == Int(EVP_CIPHER_get_key_length(algorithm)),
            vector == nil || vector?.count == Int(EVP_CIPHER_get_iv_length(algorithm)),
            EVP_CipherInit_ex2(context, algorithm, key.pointer, vector, encrypts ? 1 : 0, nil) == 1
        else {
            EVP_CIPHER_CTX_free(context)
            throw NativeError.fromOpenSSL(calling: "EVP_CipherInit_ex2")
        }
        pointer = context
    }

    // Frees and overwrites the key schedule.
    deinit { EVP_CIPHER_CTX_free(pointer) }

    /// What comes out for `input`; up to one block is held back.
    borrowing func update(_ input: ArraySlice<UInt8>) throws(NativeError) -> [UInt8] {
        guard !input.isEmpty else { return [] }
        var succeeded = true
        let output = input.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count + 32) { target, written in
                var position = 0
                while position < source.count, succeeded {
                    let piece = min(source.count - position, 1 << 30)
                    var length: Int32 = 0
                    succeeded =
                        EVP_CipherUpdate(
                            pointer, target.baseAddress?.advanced(by: written), &length,
                            source.baseAddress?.advanced(by: position), Int32(piece)) == 1
                    written += succeeded ? Int(length) : 0
                    position += piece
                }
            }
        }
        guard succeeded else { throw NativeError.fromOpenSSL(calling: "EVP_CipherUpdate") }
        return output
    }

    /// Data that is authenticated but not encrypted. Before any ``update(_:)``.
    borrowing func authenticate(_ additional: [UInt8]) -> Bool {
        var length: Int32 = 0
        return additional.isEmpty || EVP_CipherUpdate(pointer, nil, &length, additional, Int32(clamping: additional.count)) == 1
    }

    /// The last block, or nil when padding or tag do not fit.
    borrowing func finish() -> [UInt8]? {
        var succeeded = false
        let rest = [UInt8](unsafeUninitializedCapacity: 32) { target, written in
            var length: Int32 = 0
            succeeded = EVP_CipherFinal_ex(pointer, target.baseAddress, &length) == 1
            written = succeeded ? Int(length) : 0
        }
        if !succeeded { ERR_clear_error() }
        return succeeded ? rest : nil
    }

    borrowing func tag() throws(NativeError) -> [UInt8] {
        var succeeded = false
        let tag = [UInt8](unsafeUninitializedCapacity: ContentCipher.tagLength) { target, written in
            succeeded =
                EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(ContentCipher.tagLength), target.baseAddress) == 1
            written = succeeded ? ContentCipher.tagLength : 0
        }
        guard succeeded else { throw NativeError.fromOpenSSL(calling: "EVP_CTRL_AEAD_GET_TAG") }
        return tag
    }

    /// The tag that ``finish()`` will ask for. Any length but 16 is refused: a cut tag is a cheap forgery.
    borrowing func expect(tag: [UInt8]) -> Bool {
        guard tag.count == ContentCipher.tagLength else { return false }
        var copy = tag
        return EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(copy.count), &copy) == 1
    }
}
