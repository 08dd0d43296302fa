import CLinux
import Foundation
import Native
import Synchronization
import Testing

/// Which thread runs when several could.
@Suite("The threads of a process that serves")
struct ProcessSchedulingTests {
    /// The policy that a thread has after the whole process was set, when it had `before`; and that of one which it then makes.
    private static func policies(of before: Int32) -> (own: Int32, made: Int32) {
        let result = Mutex<(Int32, Int32)>((-1, -1))
        let (isReady, isSet, isOver) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            var none = sched_param()
            _ = sched_setscheduler(0, before, &none)
            isReady.signal()
            isSet.wait()
            let own = sched_getscheduler(0)
            Thread.detachNewThread {
                let made = sched_getscheduler(0)
                result.withLock { $0 = (own, made) }
                isOver.signal()
            }
        }
        isReady.wait()
        ProcessScheduling.letThreadsFinishTheirTurns()
        isSet.signal()
        isOver.wait()
        return result.withLock { (own: $0.0, made: $0.1) }
    }

    @Test("go on to the end of their turns: those that were there, and those that they make")
    func usual() {
        let policies = Self.policies(of: SCHED_OTHER)
        #expect(policies == (SCHED_BATCH, SCHED_BATCH))
    }

    @Test("keep a policy that somebody chose for them")
    func chosen() {
        let policies = Self.policies(of: SCHED_IDLE)
        #expect(policies == (SCHED_IDLE, SCHED_IDLE))
    }
}
