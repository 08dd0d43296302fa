import COpenSSL

/// Owns bytes that must not outlive their use: content keys, agreed secrets, key encryption keys.
///
/// The memory is its own, never copied by the language, and is overwritten with zeros when the owner ends.
///
/// `@unchecked Sendable`: there is one owner at a time, and nothing else knows the address.
package struct SecretBytes: ~Copyable, @unchecked Sendable {
    let storage: UnsafeMutableRawBufferPointer

    package var count: Int { storage.count }

    /// `count` zero bytes.
    package init(count: Int) {
        // One byte at least, so that there always is an address.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        storage = UnsafeMutableRawBufferPointer(start: memory.baseAddress, count: count)
    }

    /// A copy; `bytes` itself is the caller's to forget.
    package init(copying bytes: [UInt8]) {
        self.init(count: bytes.count)
        storage.copyBytes(from: bytes)
    }

    /// From the private generator of OpenSSL.
    package static func random(count: Int) throws(NativeError) -> SecretBytes {
        let bytes = SecretBytes(count: count)
        guard RAND_priv_bytes(bytes.pointer, Int32(count)) == 1 else { throw NativeError.fromOpenSSL(calling: "RAND_priv_bytes") }
        return bytes
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    var pointer: UnsafeMutablePointer<UInt8>? { storage.baseAddress?.assumingMemoryBound(to: UInt8.self) }

    /// The first `count` bytes, in an owner of their own.
    consuming func prefix(_ count: Int) -> SecretBytes {
        let part = SecretBytes(count: min(count, self.count))
        part.storage.copyBytes(from: UnsafeRawBufferPointer(rebasing: storage.prefix(part.count)))
        return part
    }

    /// A copy in an ordinary array, for what is stored encrypted elsewhere and for tests. The array is not overwritten.
    package borrowing func copied() -> [UInt8] { [UInt8](storage) }
}
