import ArgumentParser
import Foundation
import Gateway

/// Two shipped `msggw serve` under a steady load: whether memory, open files and the write-ahead log stay flat, and every
/// message arrives.
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Two nodes under a steady load: memory, open files and write-ahead log must stay flat.")

    @OptionGroup var work: WorkFolder
    @Option(help: "How long.") var minutes = 10.0
    @Option(help: "Messages a second.") var rate = 20.0

    func run() async throws {
        let base = try work.prepared()
        let folders = try TwoNodes.make(at: base + "/soak", pki: base + "/certificates")
        let servers = try folders.map { try WatchedProcess(["serve", "--node", $0]) }
        defer { servers.forEach { $0.terminate() } }
        for folder in folders {
            let settings = try NodeSettings(folder: folder, environment: [:])
            for server in servers { try await server.listening(on: settings.http.port) }
        }
        let sender = try Node(NodeSettings(folder: folders[0], environment: [:]), logger: TwoNodes.quiet)
        var samples: [[Sample]] = [[], []]
        let sent = try await submit(sender) {
            for (index, server) in servers.enumerated() {
                samples[index].append(try Sample(server, store: folders[index] + "/store"))
            }
        }
        let late = try await unfinished(sent, in: sender)
        await sender.stop()
        var faults = late
        for (name, series) in zip(["sender's node", "receiver's node"], samples) { faults += judge(name, series) }
        print("\(sent.count) messages in \(minutes) minutes")
        for fault in faults { print("  WRONG: \(fault)") }
        guard faults.isEmpty else { throw BenchmarkFailure("the nodes do not hold steady") }
    }

    /// Hands messages to the sender's store, as `msggw send` does, at a steady rate; samples the nodes every two seconds.
    private func submit(_ sender: Node, sampling sample: () throws -> Void) async throws -> [String] {
        let text = try ReferralText()
        let begin = ContinuousClock.now
        var sent: [String] = []
        var nextSample = 0.0
        while begin.duration(to: .now).inSeconds < minutes * 60 {
            let due = Int(begin.duration(to: .now).inSeconds * rate)
            while sent.count < due {
                let taken = try await sender.intake.submit(Submission(document: text.document(UUID().uuidString.lowercased())))
                sent += taken.map(\.messageID)
                sender.wakeDaemon()
            }
            if begin.duration(to: .now).inSeconds >= nextSample {
                try sample()
                nextSample += 2
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return sent
    }

    /// What has not been delivered half a minute after the last was handed in.
    private func unfinished(_ sent: [String], in node: Node) async throws -> [String] {
        for _ in 0..<300 {
            if let last = sent.last, try node.store.status(of: last).messages.allSatisfy({ $0.state == .delivered }) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let late = try sent.filter { try !node.store.status(of: $0).messages.allSatisfy { $0.state == .delivered } }
        return late.isEmpty ? [] : ["\(late.count) of \(sent.count) messages were not delivered"]
    }

    private struct Sample {
        let resident: Int
        let files: Int
        let sockets: Int
        let log: Int

        init(_ server: WatchedProcess, store: String) throws {
            resident = server.resident()
            (files, sockets) = server.open()
            let facts = try? FileManager.default.attributesOfItem(atPath: store + "/gateway.sqlite-wal")
            log = (facts?[.size] as? Int) ?? 0
        }
    }

    /// The second quarter of the time against the last: what comes before is warming up.
    private func judge(_ name: String, _ series: [Sample]) -> [String] {
        guard series.count >= 8 else { return ["\(name): too short to say anything"] }
        func median(_ part: ArraySlice<Sample>, _ figure: KeyPath<Sample, Int>) -> Int {
            part.map { $0[keyPath: figure] }.sorted()[part.count / 2]
        }
        let early = series[(series.count / 4)..<(series.count / 2)], late = series[(series.count * 3 / 4)...]
        let (memoryBefore, memoryAfter) = (median(early, \.resident), median(late, \.resident))
        let (filesBefore, filesAfter) = (median(early, \.files), median(late, \.files))
        let (socketsBefore, socketsAfter) = (median(early, \.sockets), median(late, \.sockets))
        let log = series.map(\.log).max() ?? 0
        print(
            "  \(name): memory \(memoryBefore >> 10) KiB, then \(memoryAfter >> 10) KiB; open files \(filesBefore), then \(filesAfter); sockets \(socketsBefore), then \(socketsAfter); write-ahead log at most \(log >> 10) KiB"
        )
        var faults: [String] = []
        if Double(memoryAfter) > Double(memoryBefore) * 1.05 + 1_048_576 {
            faults.append("\(name): memory grew from \(memoryBefore >> 10) to \(memoryAfter >> 10) KiB")
        }
        // Four readers of the database come when they are needed, each with three files.
        if filesAfter > filesBefore + 16 { faults.append("\(name): open files grew from \(filesBefore) to \(filesAfter)") }
        // Connections come and go with the load, at most as many as `delivery.parallel`, 64. A leak would be one of 12,000 messages.
        if socketsAfter > socketsBefore + 72 {
            faults.append("\(name): sockets grew from \(socketsBefore) to \(socketsAfter)")
        }
        if log > 128 << 20 { faults.append("\(name): the write-ahead log grew to \(log >> 20) MiB") }
        return faults
    }
}
