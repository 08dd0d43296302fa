import ArgumentParser
import Envelope
import Foundation
import Gateway

/// Messages per second between two nodes on this machine, beside what the machine's key operations allow in the same run.
struct Throughput: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Messages per second, and the bound of the machine's key operations in the same run.")

    @OptionGroup var work: WorkFolder
    @Option(help: "Seconds for each figure.") var seconds = 5.0
    @Option(name: .customLong("keys"), help: "Key sets to measure: rsa3072, rsa2048, p256.") var keys: [String] = [
        "rsa3072", "rsa2048", "p256",
    ]
    @Option(help: "Messages in flight, one figure for each.") var inFlight: [Int] = [1, 8, 32]
    @Option(help: "Rounds, each figure between two measurements of the bound; the medians are printed.") var rounds = 3
    @Flag(help: "Let all rounds go on with the same stores, which grow. Without it each round begins with new ones.")
    var sameStores = false

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds takes a number from 1") }
    }

    func run() async throws {
        print(
            "\(ProcessInfo.processInfo.activeProcessorCount) cores; "
                + LibraryVersions.all.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
        print(
            "10 kB messages, TLS, synchronous=FULL at both ends, signed Acknowledgment verified and stored. Both nodes share the cores. "
                + (sameStores ? "All rounds with the same stores." : "Each round with new stores.")
                + " Shares in the order of the rounds.")
        let base = try work.prepared()
        for name in keys {
            guard let set = DemoSite.KeySet.allCases.first(where: { "\($0)" == name }) else {
                throw ValidationError("--keys takes rsa3072, rsa2048 or p256")
            }
            try await measure(set, base: base)
        }
    }

    private func measure(_ set: DemoSite.KeySet, base: String) async throws {
        let material = try KeyMaterial(pki: base + "/certificates", set: set)
        let text = try ReferralText()
        let payload = text.document(UUID().uuidString)
        let key = try material.bound(payload)
        let alone = try material.envelope(payload).pieces().map { piece in
            "\(piece.name) \(whole(try piece.microseconds(max(0.2, seconds / 20))))"
        }
        print("\n\(set)  us of CPU alone: \(alone.joined(separator: ", "))")
        // Stores of an earlier round are in the way of the next one: with their size, and with the memory that the system keeps them in.
        var turns: [Turn] = []
        let (openings, roundsEach) = sameStores ? (1, rounds) : (rounds, 1)
        for _ in 0..<openings {
            let nodes = try TwoNodes(folders: TwoNodes.make(at: base + "/\(set)", pki: base + "/certificates", keys: set))
            turns += try await nodes.serving { [self] in
                try await measure(nodes, text, key: key, counts: (0..<roundsEach).flatMap { _ in inFlight })
            }
        }
        show(turns)
    }

    private func measure(_ nodes: TwoNodes, _ text: ReferralText, key: KeyBound, counts: [Int]) async throws -> [Turn] {
        let waiting = DeliveryWaiting()
        waiting.watch(nodes.sender)
        let pair = PairBenchmark(sender: nodes.sender, receiver: nodes.receiver, text: text)
        _ = try await pair.run(inFlight: 4, seconds: 1, waiting: waiting)
        var turns: [Turn] = []
        // The machine is shared, and no second is like the next: each figure is held against the bound on both sides of it.
        var before = try key.measure(seconds: max(1, seconds / 3))
        for count in counts {
            let figures = try await pair.run(inFlight: count, seconds: seconds, waiting: waiting)
            // What the nodes still tidy up belongs to neither.
            try await Task.sleep(for: .milliseconds(500))
            let after = try key.measure(seconds: max(1, seconds / 3))
            let less = try key.checkingLess?.measure(seconds: max(1, seconds / 3))
            turns.append(Turn(figures: figures, bounds: (before, after), less: less))
            before = after
        }
        return turns
    }

    /// What was measured between two measurements of the bound.
    private struct Turn {
        let figures: PairBenchmark.Figures
        let bounds: (KeyBound.Figures, KeyBound.Figures)
        /// The bound with points checked as messages check them, measured after the other two.
        let less: KeyBound.Figures?

        var bound: Double { (bounds.0.perSecond + bounds.1.perSecond) / 2 }
        var boundCPU: Double { (bounds.0.cpuMicroseconds + bounds.1.cpuMicroseconds) / 2 }
        var share: Double { figures.perSecond / bound }
        var cpuShare: Double { boundCPU / figures.cpuMicroseconds }
    }

    private func show(_ turns: [Turn]) {
        print(
            "  bound of the key operations \(whole(median(turns.map(\.bound)))) messages/s, \(whole(median(turns.map(\.boundCPU)))) us of CPU each"
        )
        let less = turns.compactMap(\.less)
        if !less.isEmpty {
            print(
                "  second bound, points checked as messages check them: \(whole(median(less.map(\.perSecond)))) messages/s, \(whole(median(less.map(\.cpuMicroseconds)))) us (OpenSSL multiplies each by the curve's order unless told otherwise)"
            )
        }
        for count in inFlight {
            let turns = turns.filter { $0.figures.inFlight == count }
            guard !turns.isEmpty else { continue }
            let shares = turns.map(\.share)
            let lessShares = turns.compactMap { turn in turn.less.map { turn.figures.perSecond / $0.perSecond } }
            print(
                "  \(String(count).padding(toLength: 3, withPad: " ", startingAt: 0)) in flight  \(whole(median(turns.map(\.figures.perSecond)))) messages/s  \(share(median(shares))) of the bound (\(shares.map(share).joined(separator: " ")))\(lessShares.isEmpty ? "" : ", \(share(median(lessShares))) of the second")  CPU \(whole(median(turns.map(\.figures.cpuMicroseconds)))) us, share \(share(median(turns.map(\.cpuShare))))  p50 \(milli(median(turns.map(\.figures.median))))  p99 \(milli(median(turns.map(\.figures.p99))))  (\(turns.reduce(0) { $0 + $1.figures.messages }) messages)"
            )
        }
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.count % 2 == 1 ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
    }

    private func share(_ value: Double) -> String { String(format: "%.3f", value) }
    private func whole(_ value: Double) -> String { String(Int(value.rounded())) }
    private func milli(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1000) }
}
