import CLinux
import Foundation

/// How the system shares its processors out among this process's threads.
package enum ProcessScheduling {
    /// Lets a thread that runs go on when another one of the process becomes ready, up to the end of its turn (`SCHED_BATCH`,
    /// sched(7)): for a process in which many threads do a part of each message, and none has anybody waiting at a keyboard.
    ///
    /// Every answer and every commit makes some thread ready. Under the usual policy that one often takes the processor at once, and
    /// whoever was verifying a signature finds its caches full of something else when it is let on again.
    ///
    /// Holds for the threads that are there and for those that they make. Nothing happens where somebody chose another policy
    /// for the process, or where the system allows no change; `deploy/msggw.service`, which forbids the call, sets the same itself.
    package static func letThreadsFinishTheirTurns() {
        // Once more when there was one to set: it may have made another meanwhile, before it was set.
        while setThoseThatAreThere() {}
    }

    private static func setThoseThatAreThere() -> Bool {
        var hasSet = false
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [] {
            guard let thread = pid_t(thread), sched_getscheduler(thread) == SCHED_OTHER else { continue }
            var none = sched_param()
            if sched_setscheduler(thread, SCHED_BATCH, &none) == 0 { hasSet = true }
        }
        return hasSet
    }
}
