import Synchronization

/// How many exchanges are received at the same time, in all and from one address, so that nobody who sends slowly from
/// one place can keep everyone else out.
final class ExchangeSlots: Sendable {
    private let limit: Int
    private let addresses: AddressCount
    private let taken = Atomic<Int>(0)

    init(limit: Int, perAddress: Int) {
        self.limit = limit
        addresses = AddressCount(limit: perAddress)
    }

    /// Whether there is room. A slot that was taken is given back by ``release(_:)`` with the same address.
    func take(_ address: String) -> Bool {
        guard taken.add(1, ordering: .acquiringAndReleasing).newValue <= limit, addresses.take(address) else {
            taken.subtract(1, ordering: .acquiringAndReleasing)
            return false
        }
        return true
    }

    func release(_ address: String) {
        addresses.release(address)
        taken.subtract(1, ordering: .acquiringAndReleasing)
    }
}
