#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keeps a backup and whoever deletes files apart: what a snapshot of the rows names must still be there when it is copied.
///
/// A lock of the system on `keeping.lock` in the store's folder, which ends with the process.
final class KeepingLock: Sendable {
    private let descriptor: Int32

    /// - Parameter work: what is to be done under it, for whoever finds it held.
    /// - Throws: ``StoreError`` `.inUse` when another keeps or deletes now.
    init(store folder: String, for work: String) throws(StoreError) {
        let path = Self.path(folder)
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, reason: "cannot make \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(
                .inUse,
                reason: "\(work) has to wait: a backup or a run of retention is under way in \(folder); try again when it is done"
            )
        }
        self.descriptor = descriptor
    }

    deinit { Self.giveBack(descriptor) }

    /// By name, as ``StoreLock`` does.
    private static func giveBack(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether somebody holds it now. What is then not deleted is found by the next ``OrphanSweep``.
    static func isHeld(store folder: String) -> Bool {
        let descriptor = open(path(folder), O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { giveBack(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    private static func path(_ folder: String) -> String { folder + "/keeping.lock" }
}
