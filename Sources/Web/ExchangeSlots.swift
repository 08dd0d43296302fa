import Synchronization

/// How many exchanges are received at the same time.
final class ExchangeSlots: Sendable {
    private let limit: Int
    private let taken = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Whether there is room. A slot that was taken is given back by ``release()``.
    func take() -> Bool {
        guard taken.add(1, ordering: .acquiringAndReleasing).newValue <= limit else {
            release()
            return false
        }
        return true
    }

    func release() { taken.subtract(1, ordering: .acquiringAndReleasing) }
}
