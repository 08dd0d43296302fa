/// Counts the cases of a corpus: passed, passed for another reason than the case names (weak), failed.
public struct CorpusTally: Sendable {
    public let name: String
    public private(set) var passed = 0
    public private(set) var weak: [String] = []
    public private(set) var failed: [String] = []

    public init(_ name: String) { self.name = name }

    public var count: Int { passed + weak.count + failed.count }

    public mutating func pass() { passed += 1 }
    public mutating func pass(weakly note: String) { weak.append(note) }
    public mutating func fail(_ note: String) { failed.append(note) }

    /// The line that every corpus prints.
    public var summary: String { "corpus: \(count) cases, \(passed) pass, \(weak.count) weak, \(failed.count) fail (\(name))" }

    /// Prints the line, and what is weak or failed below it.
    public func report() {
        print(summary)
        for note in weak { print("  weak: \(note)") }
        for note in failed { print("  fail: \(note)") }
    }
}
