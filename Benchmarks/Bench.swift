import ArgumentParser
import Foundation

/// What msggw does on this machine, measured.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure two nodes on this machine.",
        subcommands: [
            Throughput.self, Pieces.self, Large.self, Duplicates.self, Flat.self, Soak.self, DoorBenchmark.self,
        ],
        defaultSubcommand: Throughput.self)
}

struct WorkFolder: ParsableArguments {
    @Option(help: "Folder to work in; what an earlier run left there is replaced.") var folder = ".build/bench"

    /// The folder, with the test PKI made in `certificates`.
    func prepared() throws -> String {
        let base = URL(filePath: folder).standardizedFileURL.path
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        let script = try Process.run(
            URL(filePath: "/usr/bin/env"), arguments: ["bash", "certs-test/make.sh", base + "/certificates"])
        script.waitUntilExit()
        guard script.terminationStatus == 0 else { throw BenchmarkFailure("certs-test/make.sh failed") }
        return base
    }
}
