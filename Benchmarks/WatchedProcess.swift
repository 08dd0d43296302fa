import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// The shipped `msggw` as a process of its own, with its memory as the kernel counts it.
final class WatchedProcess: Sendable {
    private let process: Process
    private let name: String
    private let highest = Mutex(0)

    init(_ arguments: [String]) throws {
        process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        if arguments.first == "serve" { process.standardError = FileHandle.nullDevice }
        name = arguments.prefix(2).joined(separator: " ")
        try process.run()
    }

    private static var program: URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "msggw")
    }

    /// What a short command prints.
    static func output(_ arguments: [String]) async throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }

    /// Waits for the end, looking at the peak on the way.
    func end() async throws {
        while process.isRunning {
            _ = peak()
            try await Task.sleep(for: .milliseconds(10))
        }
        guard process.terminationStatus == 0 else {
            throw BenchmarkFailure("msggw \(name) ended with status \(process.terminationStatus)")
        }
    }

    func terminate() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Returns when the port takes a connection; at most ten seconds.
    func listening(on port: Int) async throws {
        for _ in 0..<100 {
            if let channel = try? await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(
                host: "127.0.0.1", port: port
            ).get() {
                try await channel.close()
                return
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchmarkFailure("msggw \(name) does not listen on port \(port)")
    }

    /// Bytes in memory now.
    func resident() -> Int { read("VmRSS") }

    /// How many files it has open, and how many sockets.
    func open() -> (files: Int, sockets: Int) {
        let folder = "/proc/\(process.processIdentifier)/fd"
        let targets = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
        }
        let sockets = targets.count { $0.hasPrefix("socket:") }
        return (targets.count - sockets, sockets)
    }

    /// Most bytes in memory since the start, or since ``forgetPeak()``.
    func peak() -> Int {
        let now = read("VmHWM")
        return highest.withLock { highest in
            highest = max(highest, now)
            return highest
        }
    }

    /// Lets the kernel count the peak from here.
    func forgetPeak() {
        try? Data("5".utf8).write(to: URL(filePath: "/proc/\(process.processIdentifier)/clear_refs"))
        highest.withLock { $0 = 0 }
    }

    private func read(_ key: String) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
            let number = Int(line.filter(\.isNumber))
        else { return 0 }
        return number * 1024
    }
}
