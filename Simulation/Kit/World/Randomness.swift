/// Numbers that follow from a seed, the same on every machine: SplitMix64.
package struct Randomness: Sendable {
    private var state: UInt64

    /// - Parameter stream: what the numbers are for. Streams of one seed are independent, so that leaving out one mishap does not
    ///   change what everything else draws.
    package init(seed: UInt64, stream: String) {
        var hash = TraceHash()
        hash.add(stream)
        state = seed &* 0x9E37_79B9_7F4A_7C15 ^ hash.value
        _ = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to but not including `limit`, which is at least 1.
    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    package mutating func chance(_ probability: Double) -> Bool { Double(next() >> 11) / Double(1 << 53) < probability }

    package mutating func between(_ least: Duration, _ most: Duration) -> Duration {
        .microseconds(least.microseconds + Int64(next() % UInt64(max(1, most.microseconds - least.microseconds))))
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Mostly near `least`, now and then near `most`: each tenfold is as likely as the next.
    package mutating func spread(_ least: Duration, _ most: Duration) -> Duration {
        var upper = least.microseconds
        while upper < most.microseconds, chance(0.5) { upper = min(upper * 10, most.microseconds) }
        return between(.microseconds(upper / 10), .microseconds(max(upper, 1)))
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
    static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
    static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
