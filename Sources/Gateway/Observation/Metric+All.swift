extension Metric {
    /// Everything that is measured, in the order in which it is shown.
    public static let all: [Metric] = messages + store + web + work + process

    /// From what takes microseconds to what somebody waits for.
    private static let shortTimes: Kind = .histogram(
        buckets: [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5])
    /// What other nodes and gigabytes take.
    private static let longTimes: Kind = .histogram(
        buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900])
    /// From "at once" to what the schedule of attempts allows: an hour, a working day, a weekend, a week.
    private static let deliveryTimes: Kind = .histogram(
        buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200, 604_800])

    // MARK: Messages

    static let steps = Metric(
        "msggw_steps_total", .counter, by: ["direction", "step"], "Steps of messages that were committed, by their name.")
    static let attempts = Metric(
        "msggw_attempts_total", .counter, by: ["outcome"],
        "Attempts at delivery, by what they came to.")
    static let delivery = Metric(
        "msggw_delivery_seconds", deliveryTimes, "From a message taken to the signed Acknowledgment of its receiver's node.")
    static let acceptance = Metric(
        "msggw_acceptance_seconds", deliveryTimes, "From a message taken to the AppRec of its receiver's system.")

    private static let messages = [steps, attempts, delivery, acceptance]

    // MARK: Store

    static let commitTime = Metric(
        "msggw_commit_seconds", shortTimes, "One commit of the store, from its begin until it is on the disk.")
    static let commitSync = Metric(
        "msggw_commit_sync_seconds", shortTimes,
        "The end of a commit, when nothing is left but to wait for the disk (COMMIT and its fsync).")
    static let commitPieces = Metric(
        "msggw_commit_pieces", .histogram(buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256]),
        "Pieces of work that shared one commit and its fsync.")
    static let commitFailures = Metric(
        "msggw_commit_failures_total", .counter, "Commits that failed and were undone; their work was then tried piece by piece.")

    private static let store = [commitTime, commitSync, commitPieces, commitFailures]

    // MARK: Web

    static let connections = Metric("msggw_connections", .gauge, "Connections of other nodes that are open.")
    static let connectionsRefused = Metric(
        "msggw_connections_refused_total", .counter, "Connections closed at once because their address had too many.")
    static let requestsRefused = Metric(
        "msggw_requests_refused_total", .counter, by: ["reason"], "Requests refused before anyone looked at a message.")
    static let receptions = Metric(
        "msggw_reception_seconds", longTimes, by: ["status"],
        "From the header of a request that brings a message to our answer, by the answer's HTTP status.")

    private static let web = [connections, connectionsRefused, requestsRefused, receptions]

    // MARK: Work

    static let poolWaiting = Metric("msggw_pool_waiting", .gauge, by: ["pool"], "Pieces of work that wait for a thread.")
    static let poolWait = Metric("msggw_pool_wait_seconds", shortTimes, by: ["pool"], "How long work waited for a thread.")
    static let poolTime = Metric("msggw_pool_seconds", shortTimes, by: ["pool"], "How long work took once it had a thread.")

    private static let work = [poolWaiting, poolWait, poolTime]

    // MARK: Process

    static let build = Metric("msggw_build_info", .gauge, by: ["version"], "1, with the version that runs.")
    static let health = Metric("msggw_health", .gauge, "1 when /health is green, 0 when it is red.")
    static let memory = Metric("process_resident_memory_bytes", .gauge, "Memory of the process that is in RAM.")
    static let virtualMemory = Metric("process_virtual_memory_bytes", .gauge, "Addresses that the process has taken.")
    static let descriptors = Metric("process_open_fds", .gauge, "Open files and sockets.")
    static let descriptorLimit = Metric("process_max_fds", .gauge, "How many files and sockets may be open.")
    static let processorTime = Metric(
        "process_cpu_seconds_total", .counter, "Processor time, of the program and of the system for it.")
    static let start = Metric("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.")

    private static let process = [build, health, memory, virtualMemory, descriptors, descriptorLimit, processorTime, start]
}
