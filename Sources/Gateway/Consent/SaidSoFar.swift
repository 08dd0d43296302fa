import Synchronization

/// How much had been said, about whomever, when this process last looked (``ConsentRows/words(in:)``).
///
/// Others write into the store too, so it may be out of date. Whoever goes by it has it confirmed in the commit that acts on it.
final class SaidSoFar: Sendable {
    private let words = Atomic<Int64>(-1)

    /// Whether somebody has looked, and nobody had said anything.
    var isNothing: Bool { words.load(ordering: .relaxed) == 0 }

    /// It only grows: what an older look found does not undo a newer one.
    func note(_ count: Int64) { words.max(count, ordering: .relaxed) }
}

/// Somebody has said something since the last look, and a message was judged as if nobody had. Nothing of it is stored; whoever
/// judges it again looks.
struct SaidMeanwhile: Error, Sendable, Hashable {
    let words: Int64
}
