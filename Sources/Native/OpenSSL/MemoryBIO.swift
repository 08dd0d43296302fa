import COpenSSL

/// A BIO that holds a copy of the bytes and wipes it when it is freed. The caller frees it.
///
/// Not `BIO_new_mem_buf`: that keeps the pointer, and a pointer to a Swift array ends with the call it is passed to.
func memoryBIO(_ bytes: [UInt8]) throws(NativeError) -> OpaquePointer {
    guard let bio = BIO_new(BIO_s_mem()) else { throw .fromOpenSSL(calling: "BIO_new") }
    guard BIO_write(bio, bytes, Int32(clamping: bytes.count)) == bytes.count || bytes.isEmpty else {
        BIO_free(bio)
        throw .fromOpenSSL(calling: "BIO_write")
    }
    return bio
}
