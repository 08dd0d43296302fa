import Foundation
import TestSupport
import Web

/// A mail server that others wrote, for the length of one test.
final class MailServer {
    /// A mail that it took, as Python's mail parser reads it.
    struct Mail: Decodable {
        let from: String
        let to: [String]
        let hello: String
        let isSecure: Bool
        let isLoggedIn: Bool
        let headers: [[String]]
        let date: String?
        let text: String
        let defects: [String]
        let longestLine: Int
        let isASCII: Bool
        let hasBareNewline: Bool

        func header(_ name: String) -> [String] { headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] } }
    }

    enum Mode: String { case plain, starttls, smtps }

    /// Whether there is one on this machine.
    static let isAvailable = (try? Tool.run("python3", ["-c", "import aiosmtpd"]).status) == 0

    let port: Int
    private let process = Process()
    private let input = Pipe()
    private let scratch: ScratchFolder

    init(_ mode: Mode, certificate: String = "good", _ arguments: [String] = []) throws {
        scratch = try ScratchFolder()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-W", "ignore", Repository.root.appending(path: "Tests/Servers/smtp_server.py").path, "--folder",
            scratch.path, "--mode", mode.rawValue,
        ]
        if mode != .plain {
            let files = try TestCertificates.shared.get().files(certificate)
            process.arguments? += ["--certificate", files.certificate, "--key", files.key]
        }
        process.arguments? += arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while line.last != 0x0A {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { throw NotStarted() }
            line += piece
        }
        guard let port = Int(String(decoding: line, as: UTF8.self).prefix { $0.isNumber }) else { throw NotStarted() }
        self.port = port
    }

    deinit {
        // Not by closing its input and waiting: another program started meanwhile may hold that pipe open.
        process.terminate()
    }

    struct NotStarted: Error {}

    /// What it took so far, in order.
    var mails: [Mail] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.hasSuffix(".json") }.sorted().map {
                try JSONDecoder().decode(Mail.self, from: Data(contentsOf: URL(filePath: scratch.path + "/" + $0)))
            }
        }
    }
}
