#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much room is left where the store lies.
enum DiskRoom {
    /// Less than this and a message with a large attachment may not be taken.
    static let enough: UInt64 = 2 << 30
    static let least: UInt64 = 256 << 20

    /// Percent of the file system that this user may still fill; nil when the system does not say.
    static func freePercent(_ folder: String) -> Int? {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0, facts.f_blocks > 0 else { return nil }
        return Int(UInt64(facts.f_bavail) * 100 / UInt64(facts.f_blocks))
    }

    /// Whether there is more room than is kept for commits, receipts and what was taken. What can be sent again is not written then.
    ///
    /// - Parameter reserve: bytes to keep; nil for a sixteenth of the file system, at most ``least``.
    static func isLeft(_ folder: String, reserve: UInt64?) -> Bool {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return true }
        let unit = UInt64(facts.f_frsize)
        return UInt64(facts.f_bavail) * unit >= reserve ?? min(least, UInt64(facts.f_blocks) * unit / 16)
    }

    static func examine(_ folder: String, _ report: inout DoctorReport) {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else {
            return report.wrong(
                "disk", "\(folder): \(String(cString: strerror(errno)))", "make the folder, or correct store.folder")
        }
        let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        let found = "\(free >> 20) MiB free where \(folder) lies"
        if free < least {
            report.wrong("disk", found, "make room: messages are refused when it is full")
        } else if free < enough {
            report.warn("disk", found, "make room before it is full")
        } else {
            report.ok("disk", found)
        }
        if facts.f_files > 0, facts.f_favail < 1000 {
            report.wrong(
                "disk", "\(facts.f_favail) free inodes where \(folder) lies",
                "delete files, or use a file system with more inodes")
        }
    }
}
