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

    func run() async throws {
        print(
            "\(ProcessInfo.processInfo.activeProcessorCount) cores; "
                + LibraryVersions.all.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
        print(
            "10 kB messages, TLS, synchronous=FULL at both ends, signed Acknowledgment verified and stored. Both nodes share the cores."
        )
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
        let boundBefore = try material.bound(payload).measure(seconds: max(1, seconds / 3))
        print(
            "\n\(set)  bound of the key operations \(whole(boundBefore.perSecond)) messages/s, \(whole(boundBefore.cpuMicroseconds)) us of CPU each"
        )
        let alone = try material.envelope(payload).pieces().map { piece in
            "\(piece.name) \(whole(try piece.microseconds(max(0.2, seconds / 20))))"
        }
        print("  us of CPU alone: \(alone.joined(separator: ", "))")
        let nodes = try TwoNodes(folders: TwoNodes.make(at: base + "/\(set)", pki: base + "/certificates", keys: set))
        let figures = try await nodes.serving { [inFlight, seconds] in
            let waiting = DeliveryWaiting()
            waiting.watch(nodes.sender)
            let pair = PairBenchmark(sender: nodes.sender, receiver: nodes.receiver, text: text)
            _ = try await pair.run(inFlight: 4, seconds: 1, waiting: waiting)
            var figures: [PairBenchmark.Figures] = []
            for count in inFlight { figures.append(try await pair.run(inFlight: count, seconds: seconds, waiting: waiting)) }
            return figures
        }
        let boundAfter = try material.bound(payload).measure(seconds: max(1, seconds / 3))
        let bound = (boundBefore.perSecond + boundAfter.perSecond) / 2
        let cpu = (boundBefore.cpuMicroseconds + boundAfter.cpuMicroseconds) / 2
        for figure in figures {
            print(
                "  \(String(figure.inFlight).padding(toLength: 3, withPad: " ", startingAt: 0)) in flight  \(whole(figure.perSecond)) messages/s  \(String(format: "%.2f", figure.perSecond / bound)) of the bound  CPU \(whole(figure.cpuMicroseconds)) us, share \(String(format: "%.2f", cpu / figure.cpuMicroseconds))  p50 \(milli(figure.median))  p99 \(milli(figure.p99))  (\(figure.messages) messages)"
            )
        }
        print("  bound again \(whole(boundAfter.perSecond)) messages/s, \(whole(boundAfter.cpuMicroseconds)) us")
    }

    private func whole(_ value: Double) -> String { String(Int(value.rounded())) }
    private func milli(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1000) }
}
