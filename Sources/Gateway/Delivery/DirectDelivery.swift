import Synchronization

/// The short way to the ``DeliveryWorker``, open while one runs in this process: what can go out at once goes into the store sealed
/// and leased, in the commit that takes it, and is handed over when that is on the disk. Nothing is looked for, and nothing read
/// back.
///
/// A message that does not get this way waits in the store for its turn. So does one whose process dies anywhere on it: to the next
/// start it is a message that somebody had claimed.
final class DirectDelivery: Sendable {
    private let worker = Mutex<DeliveryWorker?>(nil)

    func open(_ worker: DeliveryWorker) { self.worker.withLock { $0 = worker } }

    func close() { worker.withLock { $0 = nil } }

    /// Whether the destination answers, so that it is worth while to have the bytes ready.
    func answers(_ destination: String) -> Bool { worker.withLock { $0 }?.answers(destination) ?? false }

    /// A lease for a message that is stored at this moment; nil when it has to wait for its turn.
    func admit(_ destination: String) -> Admission? {
        guard let worker = worker.withLock({ $0 }), let lease = worker.admit(destination) else { return nil }
        return Admission(lease: lease, destination: destination, worker: worker)
    }

    /// A slot that is held for one message. It is given back when the message is not stored, whatever the reason.
    final class Admission: Sendable {
        let lease: Lease
        private let destination: String
        private let worker: DeliveryWorker
        private let isUsed = Mutex(false)

        fileprivate init(lease: Lease, destination: String, worker: DeliveryWorker) {
            (self.lease, self.destination, self.worker) = (lease, destination, worker)
        }

        deinit { if !isUsed.withLock({ $0 }) { worker.withdraw(destination) } }

        /// The message is on the disk, with the lease.
        func begin(_ message: ClaimedMessage) async {
            isUsed.withLock { $0 = true }
            await worker.begin(message)
        }
    }
}
