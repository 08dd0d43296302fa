import Foundation
import Gateway

/// What a process has of the world while it lives: its turns, its sleep, its tasks. When it dies, all of that stops where it is,
/// and nothing of it ever happens again.
///
/// `@unchecked Sendable`: of the world's one thread.
final class Life: Turns, @unchecked Sendable {
    let world: World
    let executor: StepExecutor
    private let machine: Machine
    private(set) var isOver = false
    /// After the run: whatever still waits ends with an error, so that it is freed.
    private var isUnwinding = false
    private var sleepers: [Int: CheckedContinuation<Void, any Error>] = [:]
    private var sleeps = 0
    private var lostCommits: [@Sendable () -> Void] = []
    private var tasks: [Task<Void, Never>] = []

    init(_ machine: Machine) {
        self.machine = machine
        world = machine.world
        executor = StepExecutor(machine.world)
    }

    var clock: NodeClock {
        NodeClock(
            now: { [machine] in machine.clockNow },
            // Sleep is of a length, as the system's is: a clock that is set does not change how long it still lasts.
            sleep: { [self] until in
                let length = until.timeIntervalSince(machine.clockNow)
                // Rounded up: whoever sleeps until a time finds it come.
                if length > 0 { try await pause(.microseconds(Int64((min(length, 1e9) * 1_000_000).rounded(.up)) + 1)) }
            }, uptime: { [world] in .microseconds(world.now) })
    }

    /// Runs `body` as a task of this process.
    func spawn(_ body: @escaping @Sendable () async -> Void) {
        tasks.append(Task(executorPreference: executor) { await body() })
    }

    // MARK: - Turns

    func turn() async throws {
        try await pause(
            .microseconds(
                Int64(Double(machine.random.spread(.microseconds(50), .milliseconds(40)).microseconds) * machine.strain)))
    }

    func store(_ commit: @escaping @Sendable () -> Void) {
        world.after(machine.disk.delay()) { [self] in
            if isOver { lostCommits.append(commit) } else { commit() }
        }
    }

    func pause(_ length: Duration) async throws {
        sleeps += 1
        let number = sleeps
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (sleeper: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled || isUnwinding {
                    sleeper.resume(throwing: CancellationError())
                    return
                }
                sleepers[number] = sleeper
                world.after(length) { [self] in
                    if !isOver { sleepers.removeValue(forKey: number)?.resume() }
                }
            }
        } onCancel: {
            sleepers.removeValue(forKey: number)?.resume(throwing: CancellationError())
        }
    }

    // MARK: - Death

    func end() {
        isOver = true
        executor.freeze()
    }

    /// After the run, when nobody looks any more: lets the tasks run into errors and end.
    func unwind() {
        isUnwinding = true
        for task in tasks { task.cancel() }
        executor.thaw()
        for number in sleepers.keys.sorted() { sleepers.removeValue(forKey: number)?.resume(throwing: CancellationError()) }
        for commit in lostCommits { commit() }
        lostCommits = []
    }
}
