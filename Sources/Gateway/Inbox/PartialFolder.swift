import Foundation

/// An empty folder that one save at a time writes into; another one of the same message waits until it has its name.
///
/// What a save that died has left in it is deleted. Where the file system has no locks, nobody waits.
struct PartialFolder {
    private let descriptor: Int32

    /// - Throws: `CocoaError` when the folder cannot be made, emptied or opened.
    init(_ path: String) throws {
        while true {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else {
                // Another save has just given it its name.
                if errno == ENOENT { continue }
                throw CocoaError(
                    .fileWriteUnknown, userInfo: [NSUnderlyingErrorKey: POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)])
            }
            while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
            if Self.isAt(path, descriptor) {
                self.descriptor = descriptor
                break
            }
            close(descriptor)
        }
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: path) {
                try FileManager.default.removeItem(atPath: path + "/" + name)
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Whoever waits for the folder goes on.
    func letGo() { close(descriptor) }

    /// Whether the folder that is open is the one that has the name now.
    private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }
}
