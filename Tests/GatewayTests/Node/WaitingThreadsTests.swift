import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Gateway

@Suite("Threads for calls that wait")
struct WaitingThreadsTests {
    /// A call that has begun and ends when it is let.
    private final class Held: Sendable {
        private let gate = DispatchSemaphore(value: 0)
        private let began = AsyncStream.makeStream(of: ObjectIdentifier.self)
        let task = Mutex<Task<Void, any Error>?>(nil)

        init(_ threads: WaitingThreads) {
            task.withLock { task in
                task = Task {
                    try await threads.run { [self] in
                        began.continuation.yield(ObjectIdentifier(Thread.current))
                        gate.wait()
                    }
                }
            }
        }

        /// The thread that it runs on.
        var thread: ObjectIdentifier? { get async { await began.stream.first { _ in true } } }

        func end() async throws {
            gate.signal()
            try await result()
        }

        func result() async throws { try await task.withLock { $0 }?.value }
    }

    private func idle(_ count: Int, of threads: WaitingThreads) async {
        while threads.count.idle != count { await Task.yield() }
    }

    @Test("the thread that was used last is used next, and none is made while one is idle")
    func lastFirst() async throws {
        let threads = WaitingThreads(most: 8)
        #expect(threads.count.all == 0)
        let (first, second, third) = (Held(threads), Held(threads), Held(threads))
        _ = await (first.thread, third.thread)
        let last = await second.thread
        try await first.end()
        await idle(1, of: threads)
        try await third.end()
        await idle(2, of: threads)
        try await second.end()
        await idle(3, of: threads)
        for _ in 0..<5 {
            #expect(try await threads.run { ObjectIdentifier(Thread.current) } == last)
            await idle(3, of: threads)
        }
        #expect(threads.count.all == 3)
        await threads.shutDown()
        #expect(threads.count.all == 0)
    }

    @Test("no more calls at once than there may be threads; the next has its turn when one ends")
    func bounded() async throws {
        let threads = WaitingThreads(most: 2)
        let (first, second) = (Held(threads), Held(threads))
        let running = await Set([first.thread, second.thread])
        let third = Held(threads)
        #expect(threads.count.all == 2)
        try await first.end()
        #expect(await running.contains(third.thread))
        #expect(threads.count.all == 2)
        try await second.end()
        try await third.end()
        await threads.shutDown()
    }

    @Test("at the end what waits is refused, what runs comes to its end, and nothing more is taken")
    func ending() async throws {
        let threads = WaitingThreads(most: 1)
        let running = Held(threads)
        _ = await running.thread
        let waiting = Held(threads)
        while threads.count.waiting == 0 { await Task.yield() }
        let isOver = Mutex(false)
        async let end: Void = {
            await threads.shutDown()
            isOver.withLock { $0 = true }
        }()
        await #expect(throws: CancellationError.self) { try await waiting.result() }
        await #expect(throws: CancellationError.self) { try await threads.run {} }
        #expect(!isOver.withLock { $0 })
        try await running.end()
        await end
        #expect(threads.count.all == 0)
        // Once more, with nobody left to wait for.
        await threads.shutDown()
    }

    @Test("a call that is over is held by no thread, neither the first of one nor the last")
    func letGo() async throws {
        final class Message: Sendable {}
        let threads = WaitingThreads(most: 1)
        for _ in 0..<3 {
            weak var held: Message?
            do {
                let message = Message()
                held = message
                try await threads.run { _ = message }
            }
            await idle(1, of: threads)
            #expect(held == nil)
        }
        await threads.shutDown()
    }

    @Test("what a call throws reaches whoever made it, and the thread goes on")
    func throwing() async throws {
        struct Refusal: Error {}
        let threads = WaitingThreads(most: 1)
        await #expect(throws: Refusal.self) { try await threads.run { throw Refusal() } }
        #expect(try await threads.run { 7 } == 7)
        #expect(threads.count.all == 1)
        await threads.shutDown()
    }
}
