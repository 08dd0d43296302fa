import Foundation

/// What the system says about this process. Empty where there is no `/proc`.
struct ProcessFacts {
    private(set) var residentBytes: Double?
    private(set) var virtualBytes: Double?
    private(set) var descriptors: Double?
    private(set) var descriptorLimit: Double?
    private(set) var processorSeconds: Double?
    /// Since 1970.
    private(set) var start: Double?

    static func now() -> ProcessFacts {
        var facts = ProcessFacts()
        var limit = rlimit()
        if getrlimit(openFiles, &limit) == 0 { facts.descriptorLimit = Double(limit.rlim_cur) }
        // The descriptor that reads the folder is one of them.
        facts.descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count - 1) }
        guard let stat = contents("/proc/self/stat") else { return facts }
        facts.read(
            stat: stat, boot: boot, ticks: Double(sysconf(Int32(_SC_CLK_TCK))), page: Double(getpagesize()))
        return facts
    }

    /// proc(5): the fields after the name, which stands in brackets and may hold anything.
    mutating func read(stat: String, boot: Double?, ticks: Double, page: Double) {
        guard let end = stat.lastIndex(of: ")"), ticks > 0 else { return }
        let fields = stat[stat.index(after: end)...].split(separator: " ").map { Double($0) }
        // Field 3 of the manual is the first here: utime is 14, stime 15, starttime 22, vsize 23, rss 24.
        guard fields.count > 21, let user = fields[11], let system = fields[12], let begun = fields[19] else { return }
        processorSeconds = (user + system) / ticks
        virtualBytes = fields[20]
        residentBytes = fields[21].map { $0 * page }
        start = boot.map { $0 + begun / ticks }
    }

    /// When the machine began, in seconds since 1970. Told once, since the start of a process must not move when the clock is
    /// set; and not from `/proc/stat`, which a service may not see.
    private static let boot: Double? = {
        #if canImport(Glibc)
            var time = timespec()
            guard clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return nil }
            return Date().timeIntervalSince1970 - Double(time.tv_sec) - Double(time.tv_nsec) / 1e9
        #else
            return nil
        #endif
    }()

    private static func contents(_ path: String) -> String? {
        // Files in /proc have no length that a reader could trust.
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return (try? file.readToEnd()).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    }

    #if canImport(Glibc)
        private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let openFiles = RLIMIT_NOFILE
    #endif
}
