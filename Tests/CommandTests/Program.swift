import Foundation
import Synchronization
import TestSupport
import Testing

/// The built `msggw`, run as someone at a terminal would run it.
enum Program {
    /// How it ended and what it printed.
    struct Outcome: Sendable {
        let status: Int32
        let out: String
        let err: String

        /// Lines on standard error that are not from the log.
        var complaints: [String] { err.split(separator: "\n").map(String.init).filter { $0.hasPrefix("msggw: ") } }

        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            return try decoder.decode(type, from: Data(out.utf8))
        }
    }

    static let file = BuiltProgram.url("msggw")

    /// Runs it to its end. When the test is cancelled it is ended.
    static func run(
        _ arguments: [String], in folder: String = NSTemporaryDirectory(), environment: [String: String] = [:]
    ) async throws -> Outcome {
        let running = try RunningProgram(arguments, in: folder, environment: environment)
        return try await running.end()
    }
}

/// A `msggw` that has been started.
final class RunningProgram: Sendable {
    private struct State {
        /// Complete lines of both outputs, in the order they came.
        var lines: [String] = []
        var out: [UInt8] = []
        var err: [UInt8] = []
        var pendingOut: [UInt8] = []
        var pendingErr: [UInt8] = []
        var open = 3
        var status: Int32?
        var waiters: [Int: (isWanted: @Sendable (String) -> Bool, continuation: CheckedContinuation<String, any Error>)] = [:]
        var endWaiters: [CheckedContinuation<Void, Never>] = []
        var nextWaiter = 0
    }

    struct Ended: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let state = Mutex(State())

    init(_ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
        guard FileManager.default.isExecutableFile(atPath: Program.file.path) else {
            throw Ended(description: "\(Program.file.path) is not there: run 'swift build' first")
        }
        process.executableURL = Program.file
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MSGGW_") }
        process.environment = own.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let (out, err) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (out, err)
        process.terminationHandler = { [weak self] in self?.ended($0.terminationStatus, $0.terminationReason) }
        try process.run()
        // Threads that block: a dispatch source would still be watching a pipe that has been closed.
        for (pipe, isOut) in [(out, true), (err, false)] {
            Thread.detachNewThread { [weak self] in
                // What there is, not as much as asked for: `read(upToCount:)` would wait for the end.
                while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                    self?.take(data, isOut: isOut)
                }
                self?.close()
            }
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var processIdentifier: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The first line, on either output, that holds all of `words`; waits for it when it has not been printed yet.
    @discardableResult
    func line(_ words: String...) async throws -> String {
        let isWanted: @Sendable (String) -> Bool = { line in words.allSatisfy { line.contains($0) } }
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let known: Result<String, any Error>? = state.withLock { state in
                    if let line = state.lines.first(where: isWanted) { return .success(line) }
                    if state.open == 0 { return .failure(Self.neverSaid(words, state)) }
                    state.waiters[number] = (isWanted, continuation)
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        } onCancel: {
            let (waiter, error) = state.withLock { ($0.waiters.removeValue(forKey: number), Self.neverSaid(words, $0)) }
            waiter?.continuation.resume(throwing: error)
        }
    }

    /// Waits for its end. When the test is cancelled it is ended.
    func end() async throws -> Program.Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.open > 0 { state.endWaiters.append(continuation) }
                    return state.open == 0
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            signal(SIGKILL)
        }
        return state.withLock { state in
            Program.Outcome(
                status: state.status ?? -1, out: String(decoding: state.out, as: UTF8.self),
                err: String(decoding: state.err, as: UTF8.self))
        }
    }

    /// Asks it to stop, and says how it ended and how long that took.
    func stop(_ number: Int32 = SIGTERM) async throws -> (outcome: Program.Outcome, time: Duration) {
        let clock = ContinuousClock()
        let start = clock.now
        signal(number)
        return (try await end(), clock.now - start)
    }

    // MARK: - What it says

    private func take(_ data: Data, isOut: Bool) {
        let found = state.withLock { state -> [(CheckedContinuation<String, any Error>, String)] in
            var lines: [String] = []
            if isOut {
                state.out += data
                lines = Self.lines(&state.pendingOut, adding: data)
            } else {
                state.err += data
                lines = Self.lines(&state.pendingErr, adding: data)
            }
            state.lines += lines
            var found: [(CheckedContinuation<String, any Error>, String)] = []
            for (number, waiter) in state.waiters {
                guard let line = lines.first(where: waiter.isWanted) else { continue }
                found.append((waiter.continuation, line))
                state.waiters[number] = nil
            }
            return found
        }
        for (continuation, line) in found { continuation.resume(returning: line) }
    }

    private static func lines(_ pending: inout [UInt8], adding data: Data) -> [String] {
        pending += data
        var lines: [String] = []
        while let end = pending.firstIndex(of: 0x0A) {
            lines.append(String(decoding: pending[..<end], as: UTF8.self))
            pending.removeSubrange(...end)
        }
        return lines
    }

    private func ended(_ status: Int32, _ reason: Process.TerminationReason) {
        // A shell's way of saying that a signal ended it.
        state.withLock { $0.status = reason == .uncaughtSignal ? 128 + status : status }
        close()
    }

    /// Both outputs and the process itself have to end.
    private func close() {
        let (ends, lines, error) = state.withLock { state in
            state.open -= 1
            guard state.open == 0 else {
                return ([CheckedContinuation<Void, Never>](), [CheckedContinuation<String, any Error>](), Ended(description: ""))
            }
            defer { (state.endWaiters, state.waiters) = ([], [:]) }
            return (state.endWaiters, state.waiters.values.map(\.continuation), Self.neverSaid([], state))
        }
        for continuation in ends { continuation.resume() }
        for continuation in lines { continuation.resume(throwing: error) }
    }

    private static func neverSaid(_ words: [String], _ state: borrowing State) -> Ended {
        Ended(
            description:
                "msggw ended (status \(state.status.map(String.init) ?? "none yet")) without saying \(words):\n\(state.lines.joined(separator: "\n"))"
        )
    }
}

/// Everything about the commands, one test at a time: each starts processes of its own.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct Commands {}
