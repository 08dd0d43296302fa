import ArgumentParser
import Foundation
import Gateway

/// One large attachment from `msggw send` to `msggw inbox save` through two `msggw serve`: memory of each process, seconds,
/// MB/s. The processes are the shipped ones.
struct Large: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One large attachment through two nodes: memory, seconds, MB/s.")

    @OptionGroup var work: WorkFolder
    @Option(help: "Bytes of the attachment, strong protection.") var bytes = 1 << 30
    @Option(help: "Bytes of the attachment, national protection (inside the document).") var nationalBytes = 18_000_000

    func run() async throws {
        let base = try work.prepared()
        try await measure(base, protection: "strong", bytes: bytes)
        try await measure(base, protection: "national", bytes: nationalBytes)
    }

    private func measure(_ base: String, protection: String, bytes: Int) async throws {
        print("\n\(protection): one attachment of \(bytes) bytes")
        let attachment = base + "/attachment.pdf"
        try Self.write(bytes, to: attachment)
        defer { try? FileManager.default.removeItem(atPath: attachment) }
        let ports = try FreePorts.take(2)
        let site = DemoSite(
            folder: base + "/large-\(protection)", pki: base + "/certificates", registry: "samples/registry/oslo.json",
            protection: protection,
            settings: ["intake.attachmentBytes": String(max(bytes, 2_000_000)), "delivery.attemptSeconds": "600"])
        let folders = try site.make([
            DemoSite.Plan(name: "gp", port: ports[0], organisation: "80000600", hosted: ["80000601"], filesItself: false),
            DemoSite.Plan(name: "bup", port: ports[1], organisation: "80000400", hosted: ["80000401"], filesItself: false),
        ])
        let servers = try folders.map { try WatchedProcess(["serve", "--node", $0]) }
        defer { servers.forEach { $0.terminate() } }
        for (server, port) in zip(servers, ports) { try await server.listening(on: port) }
        let idle = servers.map { $0.resident() }
        for server in servers { server.forgetPeak() }

        let begin = ContinuousClock.now
        let send = try WatchedProcess(["send", "--node", folders[0], "samples/flow1/henvisning.xml", "--attach", attachment])
        try await send.end()
        let taken = begin.duration(to: .now).inSeconds
        let number = try await delivered(folders[0], folders[1])
        let arrived = begin.duration(to: .now).inSeconds
        let save = try WatchedProcess(["inbox", "save", "--node", folders[1], String(number), base + "/saved-\(protection)"])
        try await save.end()
        let saved = begin.duration(to: .now).inSeconds
        let small = try await Self.smallestCommand(folders[0])

        let copy = try Self.filedAttachment(below: base + "/saved-\(protection)")
        guard try FileDigest.sha256(copy) == FileDigest.sha256(attachment) else {
            throw BenchmarkFailure("the attachment changed on its way")
        }
        func mega(_ value: Int) -> String { String(format: "%.1f MiB", Double(value) / 1_048_576) }
        print(
            "  taken after \(String(format: "%.1f s", taken)), delivered \(String(format: "%.1f s", arrived)), saved \(String(format: "%.1f s", saved)); \(Int(Double(bytes) / 1e6 / arrived)) MB/s from submission to Acknowledgment; the same bytes at both ends"
        )
        for (name, pair) in zip(["sender's node", "receiver's node"], zip(servers, idle)) {
            print("  \(name): idle \(mega(pair.1)), peak \(mega(pair.0.peak())), above idle \(mega(pair.0.peak() - pair.1))")
        }
        for (name, process) in [("msggw send", send), ("msggw inbox save", save)] {
            print(
                "  \(name): peak \(mega(process.peak())), above a command that does nothing large \(mega(process.peak() - small))"
            )
        }
        try? FileManager.default.removeItem(atPath: base + "/saved-\(protection)")
        try? FileManager.default.removeItem(atPath: base + "/large-\(protection)")
    }

    /// Waits until the sender has the Acknowledgment; the receiver's own number of the message.
    private func delivered(_ sender: String, _ receiver: String) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(900)
        while ContinuousClock.now < deadline {
            let status = try await WatchedProcess.output(["status", "--json", "--node", sender, "1"])
            if status.contains("\"delivered\"") {
                let list = try JSONSerialization.jsonObject(
                    with: Data(try await WatchedProcess.output(["inbox", "list", "--json", "--node", receiver]).utf8))
                if let number = (list as? [[String: Any]])?.first?["number"] as? Int { return number }
            }
            if status.contains("\"failed\"") { throw BenchmarkFailure("the message failed:\n\(status)") }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchmarkFailure("the message was not delivered within 15 minutes")
    }

    /// Peak of a command that opens the same node and reads next to nothing.
    private static func smallestCommand(_ node: String) async throws -> Int {
        let command = try WatchedProcess(["inbox", "list", "--node", node])
        try await command.end()
        return command.peak()
    }

    /// A file that begins like a PDF; no two mebibytes of it are the same.
    private static func write(_ bytes: Int, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw BenchmarkFailure("cannot write \(path)")
        }
        var state: UInt64 = 88_172_645_463_325_252
        var left = bytes
        try file.write(contentsOf: Data("%PDF-1.7\n".utf8))
        left -= 9
        while left > 0 {
            var block = Data(capacity: 1 << 20)
            for _ in 0..<(1 << 17) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                withUnsafeBytes(of: state) { block.append(contentsOf: $0) }
            }
            try file.write(contentsOf: block.prefix(left))
            left -= min(left, block.count)
        }
        try file.close()
    }

    /// The attachment as it was filed; with `national` the document beside it is the larger file.
    private static func filedAttachment(below folder: String) throws -> String {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        guard let attachment = all.first(where: { $0.hasSuffix("/attachment.pdf") }) else {
            throw BenchmarkFailure("the attachment was not saved")
        }
        return folder + "/" + attachment
    }
}
