import Foundation
import UnixSignals

/// The test PKI of the demo, made by its script.
struct DemoCertificates {
    let script: String
    let folder: String

    /// Makes what is missing and returns the folder. Ctrl-C and SIGTERM end the script too.
    func make() async throws -> String {
        guard FileManager.default.isReadableFile(atPath: script) else {
            throw Failure(
                "\(script) is not there or cannot be read; run the demo from the repository's folder, or name the script with --certificates"
            )
        }
        say("Making test certificates in \(DemoCast.shown(folder)) (some seconds the first time)\n")
        try FileManager.default.createDirectory(
            at: URL(filePath: folder).deletingLastPathComponent(), withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["bash", script, folder]
        process.standardOutput = FileHandle.nullDevice
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { ended.continuation.yield($0.terminationStatus) }
        try run(process)
        // Only now: a signal that is ignored here when the script starts would be ignored by the script too.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let status = await withTaskGroup(of: Int32?.self) { group in
            group.addTask { await ended.stream.first { _ in true } }
            group.addTask {
                for await _ in signals { return nil }
                // Cancelled: the script has ended.
                return 0
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        guard let status else {
            kill(-process.processIdentifier, SIGTERM)
            process.terminate()
            process.waitUntilExit()
            throw Failure("stopped while the certificates were made; nothing is running any more")
        }
        guard status == 0 else {
            throw Failure("\(script) ended with status \(status); what it said is above")
        }
        return folder
    }

    /// A thread of the pool has signals blocked, and what it starts would have them blocked too: deaf to SIGTERM.
    private func run(_ process: Process) throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }
}
