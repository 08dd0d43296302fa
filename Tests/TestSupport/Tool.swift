import Foundation

/// Other people's programs as judges of what we write and read.
public enum Tool {
    /// How a program ended and what it printed.
    public struct Outcome: Sendable {
        public let status: Int32
        public let out: [UInt8]
        public let err: [UInt8]
    }

    /// Runs a program found on PATH to its end. Output goes through files: a pipe that fills up would stall both sides.
    public static func run(_ tool: String, _ arguments: [String], input: [UInt8] = []) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "msggw-tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (stdin, stdout, stderr) = (folder.appending(path: "in"), folder.appending(path: "out"), folder.appending(path: "err"))
        try Data(input).write(to: stdin)
        try Data().write(to: stdout)
        try Data().write(to: stderr)

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardInput = try FileHandle(forReadingFrom: stdin)
        process.standardOutput = try FileHandle(forWritingTo: stdout)
        process.standardError = try FileHandle(forWritingTo: stderr)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, out: [UInt8](try Data(contentsOf: stdout)),
            err: [UInt8](try Data(contentsOf: stderr)))
    }
}
