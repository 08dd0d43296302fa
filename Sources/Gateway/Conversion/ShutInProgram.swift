import Foundation

/// One run of somebody else's program, shut in: namespaces of its own without a network, a session of its own, an environment with
/// nothing of ours in it, no open file of ours, and limits to time, memory, processes and what it writes. Nothing of it outlives its time.
///
/// It is made by `posix_spawn`: Foundation's `Process` reads past the list of open files when a process has many.
struct ShutInProgram: Sendable {
    struct Failure: Error, Sendable, CustomStringConvertible {
        /// Says nothing of what the program was given.
        let description: String
    }

    /// Program and arguments.
    let words: [String]
    /// What it starts in; `/` when it needs no files.
    var folder = "/"
    let seconds: Int
    /// The most that it may write, to its output and to each file.
    let bytes: Int
    /// The setting that names the program, for whoever has to mend it.
    let setting: String
    let timeSetting: String

    /// - Parameter path: folders where programs are looked for, separated by colons.
    static func find(_ name: String, in path: String = searchPath) -> String? {
        let candidates = name.contains("/") ? [name] : path.split(separator: ":").map { "\($0)/\(name)" }
        return candidates.first { $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// As it was when first asked for: reading the environment is too dear for every message.
    static let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""

    /// What shuts programs in, when this system has it.
    static func walls(in path: String = searchPath) -> (unshare: String, prlimit: String)? {
        guard let unshare = find("unshare", in: path), let prlimit = find("prlimit", in: path) else { return nil }
        return (unshare, prlimit)
    }

    /// What it wrote to its output.
    func output(for input: [UInt8] = [], path: String = searchPath) throws(Failure) -> [UInt8] {
        guard let name = words.first else { throw Failure(description: "no converter is set (\(setting))") }
        guard let program = Self.find(name, in: path) else {
            throw Failure(description: "the converter \(name) is not installed (\(setting))")
        }
        guard let walls = Self.walls(in: path) else {
            throw Failure(
                description: "unshare and prlimit (util-linux) are not installed, so the converter cannot be shut in")
        }
        let arguments =
            [
                walls.unshare, "--user", "--map-root-user", "--net", "--ipc", "--pid", "--fork", "--kill-child",
                "--wd=\(folder)", "--", walls.prlimit, "--as=4294967296", "--cpu=\(seconds)", "--fsize=\(bytes)", "--nproc=256",
                "--nofile=1024", "--core=0", "--", program,
            ] + words.dropFirst()
        let run = try SpawnedProgram(arguments, Self.environment(folder))
        let (written, end) = run.exchange(input, seconds: seconds, most: bytes)
        switch end {
        case .late: throw Failure(description: "the converter \(name) was not done in \(seconds) seconds (\(timeSetting))")
        case .tooMuch: throw Failure(description: "the converter \(name) wrote more than \(bytes) bytes")
        case .ended(0): return written
        case .ended(let status):
            throw Failure(
                description: "the converter \(name) failed (\(status)), or may not be shut in on this system")
        }
    }

    private static func environment(_ folder: String) -> [String] {
        ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"]
            + (folder == "/" ? ["HOME=/nonexistent"] : ["HOME=\(folder)", "TMPDIR=\(folder)"])
    }
}

/// A child process with a pipe to it and one from it, in a session of its own.
private struct SpawnedProgram {
    enum End {
        case ended(Int32)
        case late, tooMuch
    }

    private let number: pid_t
    private let toIt: Int32
    private let fromIt: Int32

    init(_ words: [String], _ environment: [String]) throws(ShutInProgram.Failure) {
        func failure(_ reason: Int32) -> ShutInProgram.Failure {
            ShutInProgram.Failure(description: "\(words[0]) cannot be run: \(String(cString: strerror(reason)))")
        }
        var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&input) == 0 else { throw failure(errno) }
        guard pipe(&output) == 0 else {
            let reason = errno
            for end in input { close(end) }
            throw failure(reason)
        }
        // Ours are not for other programs that are started meanwhile.
        for end in input + output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        for end in [input[1], output[0]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        let (result, number) = Self.spawn(words, environment, stdin: input[0], stdout: output[1])
        for end in [input[0], output[1]] { close(end) }
        guard result == 0 else {
            for end in [input[1], output[0]] { close(end) }
            throw failure(result)
        }
        (self.number, toIt, fromIt) = (number, input[1], output[0])
    }

    private static func spawn(_ words: [String], _ environment: [String], stdin: Int32, stdout: Int32) -> (Int32, pid_t) {
        #if os(Linux)
            var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
            // `POSIX_SPAWN_SETSID`, whose declaration hides from Swift.
            let ownSession: Int16 = 0x80
        #else
            var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
            let ownSession = Int16(POSIX_SPAWN_SETSID)
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, stdin, 0)
        posix_spawn_file_actions_adddup2(&actions, stdout, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        #if os(Linux)
            // The same; glibc has it since 2.34.
            typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt
            if let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
                _ = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, 3)
            }
        #endif
        // What we ignore or block, it must not.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, ownSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var surroundings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for word in arguments + surroundings { free(word) } }
        var number: pid_t = 0
        let result = posix_spawn(&number, words[0], &actions, &attributes, &arguments, &surroundings)
        return (result, number)
    }

    /// Gives it its input and takes its output until it has ended, or has to be.
    func exchange(_ input: [UInt8], seconds: Int, most: Int) -> ([UInt8], End) {
        // A program that ends before it has read all must not end this one.
        signal(SIGPIPE, SIG_IGN)
        let limit = ContinuousClock.now + .seconds(seconds)
        var (given, bytes, isOpen, isReading) = (0, [UInt8](), true, true)
        var end: End?
        func closeInput() {
            close(toIt)
            isOpen = false
        }
        if input.isEmpty { closeInput() }
        while isReading, end == nil {
            if ContinuousClock.now >= limit { end = .late }
            var waiting = [pollfd(fd: fromIt, events: Int16(POLLIN), revents: 0)]
            if isOpen { waiting.append(pollfd(fd: toIt, events: Int16(POLLOUT), revents: 0)) }
            guard poll(&waiting, nfds_t(waiting.count), 50) > 0 else { continue }
            if isOpen, waiting[1].revents != 0 {
                let count = input[given...].withUnsafeBytes { write(toIt, $0.baseAddress, min($0.count, 65_536)) }
                given += max(0, count)
                if given == input.count || (count < 0 && errno != EAGAIN && errno != EINTR) { closeInput() }
            }
            if waiting[0].revents != 0 { isReading = take(&bytes) }
            if bytes.count > most { end = .tooMuch }
        }
        if isOpen { closeInput() }
        let status = reap(until: end == nil ? limit : .now)
        close(fromIt)
        return (bytes, end ?? status.map { .ended($0) } ?? .late)
    }

    /// - Returns: false at the end.
    private func take(_ bytes: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = piece.withUnsafeMutableBytes { read(fromIt, $0.baseAddress, $0.count) }
        if count > 0 { bytes += piece[..<count] }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// Waits for its end until then, and ends it with all that it began when it has not.
    ///
    /// - Returns: how it ended by itself; nil when it had to be ended.
    private func reap(until limit: ContinuousClock.Instant) -> Int32? {
        switch awaitEnd(until: limit) {
        case .ended(let status): return status
        case .lost: return nil
        case .goesOn: break
        }
        // The first process of its namespace. The system ends everything in there with it, whatever left its session, and says that it
        // has ended when the last is gone: then unshare ends too.
        for child in children { kill(child, SIGKILL) }
        if case .goesOn = awaitEnd(until: .now + .seconds(10)) {
            kill(-number, SIGKILL)
            kill(number, SIGKILL)
            var status: Int32 = 0
            while waitpid(number, &status, 0) < 0, errno == EINTR {}
        }
        return nil
    }

    private enum Wait {
        case ended(Int32)
        case goesOn, lost
    }

    private func awaitEnd(until limit: ContinuousClock.Instant) -> Wait {
        var status: Int32 = 0
        while true {
            let result = waitpid(number, &status, WNOHANG)
            if result == number { return .ended(status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)) }
            if result < 0, errno != EINTR { return .lost }
            if ContinuousClock.now >= limit { return .goesOn }
            _ = poll(nil, 0, 5)
        }
    }

    /// The processes that unshare has begun itself.
    private var children: [pid_t] {
        let listed = try? String(contentsOfFile: "/proc/\(number)/task/\(number)/children", encoding: .utf8)
        return (listed ?? "").split(separator: " ").compactMap { pid_t($0) }
    }
}
