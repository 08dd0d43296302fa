import Foundation
import SimulationKit

/// Counts what the workers say.
struct Tally: Sendable {
    /// Workers that ended otherwise than they should.
    var broken = 0
    private var hashes: [UInt64: Substring] = [:]
    private var failures: [UInt64: [String]] = [:]
    private var differing: [UInt64] = []
    private var events = 0
    private var crashes = 0
    /// Milliseconds that passed in the simulated world, and that it took.
    private var simulated: Int64 = 0
    private var spent: Int64 = 0
    private var slowest: (seed: UInt64, times: Int64)?

    var hasFailed: Bool { broken > 0 || !failures.isEmpty || !differing.isEmpty || hashes.isEmpty }
    var hasFound: Bool { broken == 0 && !failures.isEmpty }

    mutating func add(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let seed = UInt64(words[1]) else { return }
        let rest = words.count > 2 ? words[2] : ""
        switch words[0] {
        case "ran": ran(seed, rest.split(separator: " "))
        case "because": failures[seed, default: []].append(String(rest))
        case "differs": differing.append(seed)
        default: return
        }
    }

    private mutating func ran(_ seed: UInt64, _ words: [Substring]) {
        let numbers = words.dropFirst().compactMap { Int64($0) }
        guard words.count == 5, numbers.count == 4 else { return }
        hashes[seed] = words[0]
        events += Int(numbers[0])
        crashes += Int(numbers[1])
        simulated += numbers[2]
        spent += numbers[3]
        let times = numbers[2] / numbers[3]
        if slowest.map({ times < $0.times }) ?? true { slowest = (seed, times) }
        if hashes.count % 500 == 0 { FileHandle.standardError.write(Data("\(hashes.count) seeds\n".utf8)) }
    }

    func report(after time: Duration, _ options: Simulate) {
        let failed = failures.sorted { $0.key < $1.key }
        if broken > 0 { print("\(broken) processes of the simulation ended with an error") }
        if let planted = options.plant {
            let found = failed.first.map { "seed \($0.key) finds it: \($0.value.first ?? "")" } ?? "no seed finds it"
            return print("planted \(planted): \(found) (\(hashes.count) seeds run)")
        }
        for (seed, reasons) in failed.prefix(40) {
            print("seed \(seed) fails; again: \(options.again(seed))")
            for reason in reasons { print("  \(reason)") }
        }
        for seed in differing.sorted() { print("seed \(seed) does not repeat itself") }
        let ordered = hashes.sorted { $0.key < $1.key }
        let traces = ordered.reduce(into: TraceHash()) { $0.add("\($1.key) \($1.value)") }
        print("simulate: \(hashes.count - failures.count) of \(hashes.count) seeds hold")
        print("  seeds \(ordered.first?.key ?? 0) to \(ordered.last?.key ?? 0), \(events) events, \(crashes) crashes")
        print(
            "  \(Self.days(simulated)) days of simulated time in \(Int(time / .seconds(1))) s: \(simulated / max(1, spent)) times real time in each process\(slowest.map { ", seed \($0.seed) the slowest with \($0.times)" } ?? "")"
        )
        print("  traces \(String(traces.value, radix: 16))")
    }

    private static func days(_ milliseconds: Int64) -> String {
        "\(milliseconds / 86_400_000).\(milliseconds / 8_640_000 % 10)"
    }
}
