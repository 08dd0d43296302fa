import Gateway

/// What a run is made of: who sends what when, and what goes wrong. It follows from the seed; leaving something out gives a
/// smaller run that is otherwise the same.
package struct Plan: Sendable {
    package let seed: UInt64
    package var variant: Town.Variant
    /// What right clocks say at the beginning, in microseconds since 1970.
    let epoch: Int64
    /// Every node draws its ids from the same list, so that messages of different senders have the same ones.
    package var sharesIDs: Bool
    package var weather: Weather
    package var letters: [Letter]
    package var mishaps: [Mishap]
    /// Handed in when everything is mended: one from each node to the next.
    let probes: [Letter]
    package var planted: PlantedFault?

    /// - Parameters:
    ///   - count: about how many letters.
    ///   - orders: people give fewer orders than this.
    package init(seed: UInt64, letters count: Int = 14, orders limit: Int = 4, planted: PlantedFault? = nil) {
        var random = Randomness(seed: seed, stream: "plan")
        self.seed = seed
        self.planted = planted
        variant = random.pick([.strong, .strong, .separate, .separate, .national, .nationalSeparate, .expiring])
        sharesIDs = random.chance(0.4)
        weather = Weather(&random)
        // Most seeds are minutes long, since messages meet then; some last for days.
        let length = random.pick([Duration.minutes(2), .minutes(10), .minutes(10), .hours(2), .days(2)])
        // 2026-06-01T00:00:00Z, a Monday inside the validity of the test PKI; or just before certificates run out.
        epoch = variant == .expiring ? Town.expiry - length.microseconds / 2 : 1_780_272_000_000_000
        letters = []
        let number = count / 2 + random.below(count)
        for index in 0..<number { letters.append(Letter(index, within: length, before: letters, seed: seed, &random)) }
        let ring = [("80000601", "80000401"), ("80000402", "80000303"), ("80000203", "80000601")]
        probes = ring.enumerated().map { Letter(probing: 1000 + $0, from: $1.0, to: $1.1, seed: seed) }
        mishaps = (0..<random.below(9)).map { Mishap($0, within: length, &random) }
        var orders = Randomness(seed: seed, stream: "orders")
        for index in 0..<orders.below(limit) where !letters.isEmpty {
            mishaps.append(Mishap(200 + index, orderAbout: orders.pick(letters), &orders))
        }
        if variant == .expiring {
            mishaps += Town.Name.allCases.enumerated().map { Mishap(100 + $0, renewalOf: $1, within: length, &random) }
        }
    }
}

extension Plan {
    /// Every letter that is handed in, the probes too.
    var all: [Letter] { letters + probes }

    /// Letters that somebody ordered to be held, or taken back.
    func letters(ordered order: QueueOrder) -> [Int] {
        mishaps.compactMap { if case .order(order, let letter) = $0.kind { letter } else { nil } }
    }

    /// Whether a node may rightly refuse for good what is right: it does not know what time it is, or who signs with what.
    var allowsRefusals: Bool {
        variant == .expiring || mishaps.contains { if case .clock = $0.kind { true } else { false } }
    }
}
