import Dispatch
public import Foundation
import Synchronization

/// Makes a letter's page into PDF with somebody else's program, when there is one. The letter goes without when there is not.
///
/// The program runs outside the process, for a limited time and with limited memory, in namespaces of its own: it sees no network, and
/// nothing of it outlives its time. The page goes through a pipe and lies in no file. Where the system gives no such
/// namespaces to this user, the program is not run.
public struct LetterConverter: Sendable {
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// For the sender; says nothing of the letter.
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    static let mostBytes = 16 << 20
    private let convert: @Sendable ([UInt8]) throws(Failure) -> [UInt8]

    public init(_ convert: @escaping @Sendable ([UInt8]) throws(Failure) -> [UInt8]) { self.convert = convert }

    /// What the settings name.
    ///
    /// - Parameter path: folders where programs are looked for, separated by colons.
    public init(_ settings: LetterSettings, path: String = ProcessInfo.processInfo.environment["PATH"] ?? "") {
        self.init { page throws(Failure) in
            guard let name = settings.converter.first else { throw Failure("no converter is set (letters.converter)") }
            guard let program = Self.find(name, in: path) else {
                throw Failure("the converter \(name) is not installed (letters.converter)")
            }
            guard let unshare = Self.find("unshare", in: path), let prlimit = Self.find("prlimit", in: path) else {
                throw Failure("unshare and prlimit (util-linux) are not installed, so the converter cannot be shut in")
            }
            let seconds = Int(settings.converterTime.components.seconds)
            let arguments =
                [
                    "--user", "--map-root-user", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--", prlimit,
                    "--as=4294967296",
                ]
                + ["--cpu=\(seconds)", "--", program] + settings.converter.dropFirst()
            return try ShutInProgram(path: unshare, arguments: arguments, name: name, seconds: seconds).output(for: page)
        }
    }

    func pdf(of page: String) throws(Failure) -> [UInt8] {
        let bytes = try convert(Array(page.utf8))
        guard bytes.starts(with: Array("%PDF-".utf8)), String(decoding: bytes.suffix(1024), as: UTF8.self).contains("%%EOF")
        else {
            throw Failure("what the converter made is no whole PDF")
        }
        return bytes
    }

    private static func find(_ name: String, in path: String) -> String? {
        let candidates = name.contains("/") ? [name] : path.split(separator: ":").map { "\($0)/\(name)" }
        return candidates.first { $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// One run of a program.
private struct ShutInProgram {
    let path: String
    let arguments: [String]
    /// What errors call it.
    let name: String
    let seconds: Int

    func output(for input: [UInt8]) throws(LetterConverter.Failure) -> [UInt8] {
        // A program that ends before it has read all must not end this one.
        signal(SIGPIPE, SIG_IGN)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
        process.currentDirectoryURL = URL(filePath: "/")
        let (toIt, fromIt) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (toIt, fromIt, FileHandle.nullDevice)
        do { try process.run() } catch {
            throw LetterConverter.Failure("the converter \(name) cannot be run: \(error.localizedDescription)")
        }
        let handle = toIt.fileHandleForWriting
        DispatchQueue.global().async {
            try? handle.write(contentsOf: Data(input))
            try? handle.close()
        }
        let number = process.processIdentifier
        let isLate = Mutex(false)
        let timer = DispatchWorkItem {
            isLate.withLock { $0 = true }
            kill(number, SIGKILL)
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: timer)
        var bytes: [UInt8] = []
        while let piece = try? fromIt.fileHandleForReading.read(upToCount: 65_536), !piece.isEmpty {
            bytes += piece
            if bytes.count > LetterConverter.mostBytes { kill(number, SIGKILL) }
        }
        process.waitUntilExit()
        timer.cancel()
        if isLate.withLock({ $0 }) {
            throw LetterConverter.Failure("the converter \(name) was not done in \(seconds) seconds (letters.converterSeconds)")
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0, bytes.count <= LetterConverter.mostBytes else {
            throw LetterConverter.Failure(
                "the converter \(name) failed (\(process.terminationStatus)), or may not be shut in on this system")
        }
        return bytes
    }
}
