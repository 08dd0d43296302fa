/// FNV-1a, 64 bits: enough to tell two runs apart, and nothing secret.
package struct TraceHash: Sendable, Hashable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        add(UInt8(0))
    }

    package init() {}

    mutating func add(_ number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }

    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
}

/// What happened, in order. The same seed gives the same hash; ciphertext and its lengths stay out, since keys and nonces are
/// real and random.
package struct Trace {
    private(set) var hash = TraceHash()
    private(set) var count = 0
    /// Kept only when somebody wants to read them.
    private(set) var lines: [String] = []
    let keepsLines: Bool

    init(keepsLines: Bool) { self.keepsLines = keepsLines }

    mutating func note(_ time: Int64, _ who: String, _ what: String) {
        count += 1
        hash.add(time)
        hash.add(who)
        hash.add(what)
        if keepsLines { remark(time, who, what) }
    }

    /// Only for readers: what may differ between two runs of the same seed.
    mutating func remark(_ time: Int64, _ who: String, _ what: @autoclosure () -> String) {
        if keepsLines { lines.append("\(Self.text(of: time)) \(who): \(what())") }
    }

    /// Day and time since the run began.
    private static func text(of time: Int64) -> String {
        let seconds = time / 1_000_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let micro = String(1_000_000 + time % 1_000_000).dropFirst()
        return "\(seconds / 86_400)d \(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(micro)"
    }
}
