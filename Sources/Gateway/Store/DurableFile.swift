#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A new file that exists under its name only when all of it is on the disk.
///
/// Written under a `.part` name, synchronised, renamed, and the folder synchronised: after ``finish()`` returns, a power
/// cut leaves the whole file; before it, none that anyone reads. A `.part` file is never read and may be deleted at start.
struct DurableFile: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let disk: DiskFault?
    private var partial: String { path + ".part" }

    /// - Parameter disk: learns of a failure of the store's disk; nil for a file that is not the store's.
    /// - Throws: ``StoreError`` `.cannotOpen` when the file exists or the folder cannot be written; `.diskFailed`.
    init(creating path: String, mode: mode_t = 0o600, disk: DiskFault? = nil) throws(StoreError) {
        let descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Self.failure("create", path, disk) }
        (self.descriptor, self.path, self.disk) = (descriptor, path, disk)
    }

    /// A file that was not finished leaves nothing behind; after ``finish()`` there is no `.part` file any more.
    deinit {
        close(descriptor)
        unlink(path + ".part")
    }

    borrowing func write(_ bytes: [UInt8]) throws(StoreError) {
        guard Self.writeAll(bytes, to: descriptor) else { throw Self.failure("write", path, disk) }
    }

    /// Whether every byte was written; `errno` says why not.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var position = 0
            while position < buffer.count {
                let written = write(descriptor, UnsafeRawBufferPointer(rebasing: buffer[position...]))
                if written < 0, errno != EINTR { return false }
                position += max(written, 0)
            }
            return true
        }
    }

    /// Makes the file durable under its name.
    consuming func finish() throws(StoreError) {
        guard fsync(descriptor) == 0 else { throw Self.notSynchronised(path, disk) }
        guard rename(partial, path) == 0 else { throw Self.failure("rename", path, disk) }
        try Self.synchroniseFolder(of: path, disk: disk)
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// - Parameter disk: as in ``init(creating:mode:disk:)``.
    static func synchroniseFolder(of path: String, disk: DiskFault? = nil) throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open the folder of", path, disk) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw notSynchronised(folder, disk) }
        // What is the store's is confirmed by the commit that names it.
        guard disk != nil || takesChanges(folder) else { throw notSynchronised(folder, disk) }
    }

    /// Whether the file system has not closed itself. One that did may say of what it lost that it is synchronised; why, and why
    /// this tells, stands in logmark.c. The file has no name, and goes when it is closed.
    private static func takesChanges(_ folder: String) -> Bool {
        #if canImport(Glibc)
            let withoutName = Int32(0o20_000_000) | O_DIRECTORY  // O_TMPFILE
            let descriptor = open(folder, withoutName | O_RDWR | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return errno != EROFS && errno != EIO }
            close(descriptor)
        #endif
        return true
    }

    private static func failure(_ verb: String, _ path: String, _ disk: DiskFault?) -> StoreError {
        let code = errno
        let error = StoreError(
            DiskFault.isFault(errno: code) ? .diskFailed : .cannotOpen,
            reason: "cannot \(verb) \(path): \(String(cString: strerror(code)))")
        disk?.note(error)
        return error
    }

    /// A fault whatever the reason: what was to be on the disk may be there or not, and asking again would not tell.
    private static func notSynchronised(_ path: String, _ disk: DiskFault?) -> StoreError {
        let error = StoreError(.diskFailed, reason: "cannot synchronise \(path): \(String(cString: strerror(errno)))")
        disk?.note(error)
        return error
    }
}

/// Reads a file from start to end in pieces.
struct FileReader: ~Copyable {
    private let descriptor: Int32
    private let path: String
    /// Bytes of the file when it was opened.
    let length: Int

    /// - Parameter followsLinks: for files that people name; what the store itself wrote is never a link.
    init(_ path: String, followsLinks: Bool = false) throws(StoreError) {
        // Without blocking, or a pipe in the file's place would stop us for good.
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC
        let descriptor = open(path, followsLinks ? flags : flags | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, reason: "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw StoreError(.cannotOpen, reason: "\(path) is not a file")
        }
        (self.descriptor, self.path, self.length) = (descriptor, path, Int(status.st_size))
    }

    deinit { close(descriptor) }

    /// The next bytes, at most `count`; empty at the end. A short piece before the end is possible only at the end.
    borrowing func read(_ count: Int) throws(StoreError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Self.read(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]))
                if got < 0 {
                    if errno == EINTR { continue }
                    failed = true
                    return
                }
                if got == 0 { return }
                filled += got
            }
        }
        if failed { throw StoreError(.cannotOpen, reason: "cannot read \(path): \(String(cString: strerror(errno)))") }
        return bytes
    }

    /// Goes on reading at that place.
    borrowing func move(to offset: Int) throws(StoreError) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw StoreError(.cannotOpen, reason: "cannot read \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
