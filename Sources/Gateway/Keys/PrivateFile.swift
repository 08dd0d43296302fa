import Foundation

/// A file that nobody but the user who runs the node may read: private keys and the store key.
public enum PrivateFile {
    /// Reads the file, or refuses when it is not a regular file of this user without any permission for group and others.
    ///
    /// What is checked is the opened file itself, so that nothing can be exchanged between check and reading. A link is
    /// followed: its target is what counts.
    ///
    /// - Parameter limit: the largest content, in bytes.
    public static func read(_ path: String, limit: Int = 65_536) throws(KeyError) -> [UInt8] {
        // Without blocking, or a pipe in the file's place would stop us for good.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refusal(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refusal(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw KeyError(.notRegular, file: path, reason: "is not a regular file", remedy: "put the key there as a file")
        }
        guard status.st_uid == geteuid() else {
            throw KeyError(
                .owner, file: path, reason: "belongs to another user than the one that runs msggw",
                remedy: "run: chown $(id -u) \(path)")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw KeyError(
                .permissions, file: path, reason: "may be read or changed by others", remedy: "run: chmod 600 \(path)")
        }
        guard status.st_size <= limit else {
            throw KeyError(
                .malformed, file: path, reason: "is larger than any key", remedy: "put the key itself there")
        }
        return try content(descriptor, path, limit: limit)
    }

    private static func content(_ descriptor: Int32, _ path: String, limit: Int) throws(KeyError) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while content.count <= limit {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refusal(path, errno) }
            if count == 0 { break }
            content += chunk.prefix(count)
        }
        return content
    }

    private static func refusal(_ path: String, _ code: Int32) -> KeyError {
        switch code {
        case ENOENT, ENOTDIR:
            KeyError(.missing, file: path, reason: "is not there", remedy: "put the key there, mode 0600")
        default:
            KeyError(
                .unreadable, file: path, reason: "cannot be read: \(String(cString: strerror(code)))",
                remedy: "let the user that runs msggw read it")
        }
    }
}
