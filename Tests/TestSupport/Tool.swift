import Foundation

/// Other people's programs as judges of what we write and read.
public enum Tool {
    /// How a program ended and what it printed.
    public struct Outcome: Sendable {
        public let status: Int32
        public let out: [UInt8]
        public let err: [UInt8]
    }

    /// Runs a program found on PATH to its end. Output goes through files: a pipe that fills up would stall both sides.
    public static func run(_ tool: String, _ arguments: [String], input: [UInt8] = []) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "msggw-tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (stdin, stdout, stderr) = (folder.appending(path: "in"), folder.appending(path: "out"), folder.appending(path: "err"))
        try Data(input).write(to: stdin)
        try Data().write(to: stdout)
        try Data().write(to: stderr)

        let status = try spawned(["/usr/bin/env", tool] + arguments, stdin: stdin.path, stdout: stdout.path, stderr: stderr.path)
        return Outcome(
            status: status, out: [UInt8](try Data(contentsOf: stdout)),
            err: [UInt8](try Data(contentsOf: stderr)))
    }

    /// Not Foundation's `Process`: that reads past the list of open files when there are more than 1300, as in a process that runs many
    /// suites beside one another, and now and then past what is mapped.
    private static func spawned(_ arguments: [String], stdin: String, stdout: String, stderr: String) throws -> Int32 {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, stdin, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, stdout, O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, stderr, O_WRONLY, 0)
        #if os(Linux)
            // Its declaration hides from Swift; glibc has it since 2.34.
            typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt
            if let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
                _ = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, 3)
            }
        #endif
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let failure = posix_spawnp(&process, arguments[0], &actions, nil, &words, environ)
        guard failure == 0 else {
            throw TestPKIError(description: "\(arguments[0]) cannot be run: \(String(cString: strerror(failure)))")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw TestPKIError(description: "\(arguments[0]) cannot be waited for") }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
