extension Metric {
    /// Everything that is measured, in the order in which it is shown.
    public static let all: [Metric] = about + store + trust + web + work + process

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

    static let messages = Metric(
        "msggw_messages", .gauge, by: ["direction", "state", "what"], "Messages in the store, by their state; receipts apart.")
    static let queueDepth = Metric(
        "msggw_queue_messages", .gauge, by: ["destination", "state"], "Messages on their way out, by the node they go to.")
    static let queueOldest = Metric(
        "msggw_queue_oldest_seconds", .gauge, by: ["destination"],
        "How long the oldest message to a node has been on its way; what is held is apart.")
    static let heldOldest = Metric(
        "msggw_held_oldest_seconds", .gauge, "Age of the oldest message that a person must decide about; 0 when there is none.")
    static let inboxOldest = Metric(
        "msggw_inbox_oldest_seconds", .gauge,
        "Age of the oldest message received that its reader does not have yet; 0 when there is none.")
    static let receiptsOutstanding = Metric(
        "msggw_receipts_outstanding", .gauge, by: ["receipt"],
        "Messages whose receipt has not come: the Acknowledgment of those that are sealed, the AppRec of those that are delivered."
    )
    static let destinationsWaitedFor = Metric(
        "msggw_destinations_unreachable", .gauge, "Nodes that do not answer and are waited for.")
    static let alertsOpen = Metric(
        "msggw_alerts_open", .gauge, by: ["kind", "severity"], "Alerts whose cause is not over.")
    static let events = Metric(
        "msggw_events_total", .counter, by: ["event"],
        "What happened to messages since the node started, by the words of the audit trail; what commands did is in it.")
    static let attempts = Metric(
        "msggw_attempts_total", .counter, by: ["outcome", "class"],
        "Attempts at delivery, by what they came to: delivered, handedOver, sent, or a code of docs/DELIVERY.md with its class.")
    static let attemptTime = Metric("msggw_attempt_seconds", longTimes, "One attempt at delivery, sealing and answer included.")
    static let submission = Metric(
        "msggw_submission_seconds", longTimes,
        "Taking a submission handed to the running node, until it is on the disk; what msggw send does, it does by itself.")
    static let delivery = Metric(
        "msggw_delivery_seconds", deliveryTimes, "From a message taken to the signed Acknowledgment of its receiver's node.")
    static let acceptance = Metric(
        "msggw_acceptance_seconds", deliveryTimes, "From a message taken to the AppRec of its receiver's system.")

    private static let about = [
        messages, queueDepth, queueOldest, heldOldest, inboxOldest, receiptsOutstanding, destinationsWaitedFor, alertsOpen,
        events, attempts, attemptTime, submission,
        delivery, acceptance,
    ]

    // MARK: Store

    static let commitTime = Metric(
        "msggw_commit_seconds", shortTimes, "One commit of the store, from its begin until it is on the disk.")
    static let commitSync = Metric(
        "msggw_commit_sync_seconds", shortTimes,
        "The end of a commit, when nothing is left but to wait for the disk (COMMIT and its fsync).")
    static let fileSync = Metric(
        "msggw_file_sync_seconds", shortTimes, "Until a large payload's file and its name are on the disk.")
    static let commitPieces = Metric(
        "msggw_commit_pieces", .histogram(buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256]),
        "Pieces of work that shared one commit and its fsync.")
    static let commitFailures = Metric(
        "msggw_commit_failures_total", .counter, "Commits that failed and were undone; their work was then tried piece by piece.")

    static let storeBytes = Metric(
        "msggw_store_bytes", .gauge, by: ["part"], "Size of the database and of its write-ahead log; payload files are not in it."
    )
    static let diskFree = Metric("msggw_disk_free_bytes", .gauge, "Room left where the store lies.")
    static let diskSize = Metric("msggw_disk_size_bytes", .gauge, "Size of the file system where the store lies.")
    static let inodesFree = Metric("msggw_disk_free_inodes", .gauge, "Files that can still be made where the store lies.")
    static let auditRecords = Metric("msggw_audit_records", .gauge, "The number of the last record of the audit trail.")

    private static let store = [
        commitTime, commitSync, fileSync, commitPieces, commitFailures, storeBytes, diskFree, diskSize, inodesFree, auditRecords,
    ]

    // MARK: Trust

    static let certificateEnd = Metric(
        "msggw_certificate_end_timestamp_seconds", .gauge, by: ["party", "use"],
        "When a certificate of this node runs out, in seconds since 1970. Those of persons stand under what they belong to.")
    static let partnerCertificateEnd = Metric(
        "msggw_partner_certificate_end_timestamp_seconds", .gauge, by: ["party", "use"],
        "When the last certificate of a partner in the registry runs out, in seconds since 1970; the 200 nearest to their end.")
    static let revocationListEnd = Metric(
        "msggw_revocation_list_end_timestamp_seconds", .gauge, by: ["issuer"],
        "When the newest revocation list of an issuer is too old to prove anything, in seconds since 1970.")

    private static let trust = [certificateEnd, partnerCertificateEnd, revocationListEnd]

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

    static let lookFailures = Metric(
        "msggw_look_failures_total", .counter,
        "Times that this page could not read the store; what comes from there is then missing.")

    static let loopsSilent = Metric("msggw_loops_silent", .gauge, "Loops of the node that have stopped; /health is then red.")

    private static let process = [
        build, health, loopsSilent, lookFailures, memory, virtualMemory, descriptors, descriptorLimit, processorTime, start,
    ]
}
