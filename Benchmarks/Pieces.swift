import ArgumentParser
import Envelope
import Foundation
import Gateway

/// What each thing that is done to one message costs by itself, in CPU time of one thread: steadier than messages per second on
/// a machine that others use too.
struct Pieces: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "CPU time of each thing that is done to one message.")

    @OptionGroup var work: WorkFolder
    @Option(help: "Seconds for each figure.") var seconds = 1.0
    @Option(name: .customLong("keys"), help: "Key sets to measure: rsa3072, rsa2048, p256.") var keys = ["p256"]
    @Option(help: "Only figures whose name holds this.") var only: String?

    func run() async throws {
        let base = try work.prepared()
        for name in keys {
            guard let set = DemoSite.KeySet.allCases.first(where: { "\($0)" == name }) else {
                throw ValidationError("--keys takes rsa3072, rsa2048 or p256")
            }
            print("\(set)")
            let material = try KeyMaterial(pki: base + "/certificates", set: set)
            let benchmark = try material.envelope(ReferralText().document(UUID().uuidString))
            for piece in try benchmark.pieces() where only.map({ piece.name.contains($0) }) ?? true {
                print("  \(piece.name): \(String(format: "%.1f", try piece.microseconds(seconds))) us")
            }
        }
    }
}

/// Something that can be done again and again.
struct Piece {
    let name: String
    let body: () throws -> Void

    init(_ name: String, _ body: @escaping () throws -> Void) { (self.name, self.body) = (name, body) }

    /// CPU time of this thread for one call: of some batches the best, which the rest of the machine has disturbed least.
    func microseconds(_ seconds: Double) throws -> Double {
        try body()
        let batch = 20
        var best = Double.infinity
        let begin = ContinuousClock.now
        while begin.duration(to: .now) < .seconds(seconds) {
            let start = ThreadTime.now
            for _ in 0..<batch { try body() }
            best = min(best, (ThreadTime.now - start) / Double(batch) * 1e6)
        }
        return best
    }
}
