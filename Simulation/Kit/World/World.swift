import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Time, and everything that waits for it. One thread drives it: jobs of Swift tasks one by one, in an order that follows from
/// the seed, and when there are none, the next event.
///
/// `@unchecked Sendable`: nothing in it is touched by another thread; ``ready(_:for:)`` checks it.
final class World: @unchecked Sendable {
    /// Microseconds since the run began.
    private(set) var now: Int64 = 0
    var trace: Trace
    private(set) var jobs = 0
    private var random: Randomness
    private var waiting: [(job: UnownedJob, executor: StepExecutor)] = []
    private var events = EventQueue()
    private let thread = pthread_self()

    /// What a clock that is right says when the run begins, in microseconds since 1970.
    let epoch: Int64

    init(seed: UInt64, epoch: Int64, keepsTrace: Bool) {
        self.epoch = epoch
        random = Randomness(seed: seed, stream: "order of jobs")
        trace = Trace(keepsLines: keepsTrace)
    }

    /// What a clock says that is wrong by `shift`.
    func date(shifted shift: Duration = .zero) -> Date {
        Date(timeIntervalSince1970: Double(epoch + now + shift.microseconds) / 1_000_000)
    }

    func note(_ who: String, _ what: String) { trace.note(now, who, what) }
    func remark(_ who: String, _ what: @autoclosure () -> String) { trace.remark(now, who, what()) }

    // MARK: - What waits

    /// Called by executors.
    func ready(_ job: UnownedJob, for executor: StepExecutor) {
        guard pthread_equal(thread, pthread_self()) != 0 else {
            fatalError("a job came from another thread: something escaped the simulation, and nothing would repeat")
        }
        waiting.append((job, executor))
    }

    func after(_ delay: Duration, _ action: @escaping () -> Void) { at(now + max(0, delay.microseconds), action) }

    func at(_ time: Int64, _ action: @escaping () -> Void) { events.push(max(time, now), action) }

    /// Takes the jobs of an executor out, for good or until somebody gives them back.
    func withdraw(_ executor: StepExecutor) -> [UnownedJob] {
        let taken = waiting.filter { $0.executor === executor }.map(\.job)
        waiting.removeAll { $0.executor === executor }
        return taken
    }

    // MARK: - What happens

    /// Runs jobs and events up to that time. Ends early when nothing waits any more, or when `isOver` says so between events.
    func run(until end: Int64, isOver: () -> Bool = { false }) {
        while true {
            runJobs()
            if isOver() { return }
            guard let time = events.nextTime, time <= end else { break }
            now = time
            events.pop()()
        }
        now = max(now, end)
    }

    /// Runs jobs until there are none, or until so many have run that they cannot be coming to an end.
    func runJobs(atMost limit: Int = .max) {
        var count = 0
        while !waiting.isEmpty, count < limit {
            count += 1
            jobs += 1
            // Tasks that can run may run in any order.
            let next = waiting.count == 1 ? 0 : random.below(waiting.count)
            let (job, executor) = waiting[next]
            waiting.swapAt(next, waiting.count - 1)
            waiting.removeLast()
            job.runSynchronously(on: executor.asUnownedTaskExecutor())
        }
    }
}

/// Runs the jobs of one process when the world lets it.
///
/// `@unchecked Sendable`: of the world's one thread.
final class StepExecutor: TaskExecutor, @unchecked Sendable {
    private unowned let world: World
    private var isFrozen = false
    private var held: [UnownedJob] = []

    init(_ world: World) { self.world = world }

    func enqueue(_ job: consuming ExecutorJob) { take(UnownedJob(job)) }

    func take(_ job: UnownedJob) {
        if isFrozen { held.append(job) } else { world.ready(job, for: self) }
    }

    /// From here on nothing of it runs: what a crash is to a process.
    func freeze() {
        guard !isFrozen else { return }
        isFrozen = true
        held = world.withdraw(self)
    }

    /// Lets it run again, so that its tasks can end and be freed.
    func thaw() {
        isFrozen = false
        for job in held { world.ready(job, for: self) }
        held = []
    }
}

/// What happens when, earliest first; of the same time, what was put in first.
private struct EventQueue {
    private struct Event {
        let time: Int64
        let number: Int
        let action: () -> Void

        func isBefore(_ other: Event) -> Bool { time == other.time ? number < other.number : time < other.time }
    }

    /// A binary heap.
    private var heap: [Event] = []
    private var count = 0

    var nextTime: Int64? { heap.first?.time }

    mutating func push(_ time: Int64, _ action: @escaping () -> Void) {
        count += 1
        heap.append(Event(time: time, number: count, action: action))
        var index = heap.count - 1
        while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// The queue must not be empty.
    mutating func pop() -> () -> Void {
        heap.swapAt(0, heap.count - 1)
        let event = heap.removeLast()
        var index = 0
        while true {
            var first = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].isBefore(heap[first]) {
                first = child
            }
            if first == index { return event.action }
            heap.swapAt(index, first)
            index = first
        }
    }
}
