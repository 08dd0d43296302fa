#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Holds a store for the one process that serves it: two daemons on one store would each send what is due.
///
/// A lock of the system on `serve.lock`, not the file's being there: it ends with the process, however that ends. Commands
/// that put something into a store or look at it do not take it.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``StoreError`` `.inUse` when another process serves the store.
    init(folder: String) throws(StoreError) {
        let path = folder + "/serve.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, reason: "cannot make \(path): \(String(cString: strerror(errno)))")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else {
                throw StoreError(.cannotOpen, reason: "cannot lock \(path): \(String(cString: strerror(code)))")
            }
            throw StoreError(
                .inUse,
                reason:
                    "the store \(folder) is served by another msggw\(holder); stop that one, or give this node a store of its own"
            )
        }
        // Only for people who look who holds it; the lock does not need it.
        _ = ftruncate(descriptor, 0)
        _ = DurableFile.writeAll(Array("\(getpid())\n".utf8), to: descriptor)
        self.descriptor = descriptor
    }

    /// Given back by name: a process that was just begun has a copy of the descriptor until it runs a program of its own.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let number = Int(String(decoding: bytes.prefix(count), as: UTF8.self).prefix { $0.isNumber }) else {
            return ""
        }
        return " (process \(number))"
    }
}
