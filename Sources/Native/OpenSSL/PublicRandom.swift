import COpenSSL
import Synchronization

/// Random bytes that are no secret: names, nonces, vectors.
///
/// From OpenSSL's generator, for many at once: a message needs a dozen, and to begin a draw costs more than the bytes. Keys are
/// drawn alone, from its private generator (``SecretBytes/random(count:)``).
package enum PublicRandom {
    private static let gathered = 4096
    private static let unused = Mutex<[UInt8]>([])

    /// No byte is given out twice. For more than a few, a draw of their own.
    package static func bytes(_ count: Int) throws(NativeError) -> [UInt8] {
        guard count <= gathered / 8 else { return try drawn(count) }
        return try unused.withLock { unused throws(NativeError) in
            if unused.count < count { unused = try drawn(gathered) }
            defer { unused.removeLast(count) }
            return Array(unused.suffix(count))
        }
    }

    private static func drawn(_ count: Int) throws(NativeError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else { throw NativeError.fromOpenSSL(calling: "RAND_bytes") }
        return bytes
    }
}
