import Foundation

/// Tasks that name no executor. Ours are all children of a process's own task, but libraries start a few (swift-async-algorithms'
/// `merge`, ServiceLifecycle's waiters). The runtime's hook gives them to the world too, where they only carry wake-ups:
/// when the process they belong to is dead, whatever they wake does not run.
enum StrayTasks {
    private typealias Enqueue = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Enqueue) -> Void

    /// The executor that gets them. One simulation runs at a time in a process, on one thread.
    nonisolated(unsafe) static var executor: StepExecutor?

    /// Takes over the runtime's queue for the rest of the process's life.
    static func capture() {
        guard let place = dlsym(nil, "swift_task_enqueueGlobal_hook") else {
            fatalError("the Swift runtime has no hook for tasks without an executor; the simulation cannot repeat itself")
        }
        place.assumingMemoryBound(to: Hook?.self).pointee = { job, enqueue in
            if let executor = StrayTasks.executor { executor.take(job) } else { enqueue(job) }
        }
    }
}
