import ArgumentParser
import Envelope
import Foundation

extension MsgGW {
    /// What a file says and whether it verifies. It needs no keys and no network, and changes nothing.
    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a message, document, agreement, certificate or payload says, without trusting it.",
            discussion: """
                The file is recognised by its content: a saved mail or HTTP body, a bare SOAP part, a clinical document, an \
                agreement (CPA) or profile (CPP), certificates, a revocation list or a CMS payload. Nothing is decrypted. A \
                certificate is never checked against a root here, so a signature that verifies shows what was signed and not \
                by whom. Persons are not named unless --show-patient is given.

                Exit codes: 0 read, and the signature verifies if there is one; 1 read, but the signature does not verify; \
                2 not readable; 64 wrong usage.
                """)

        @Argument(help: "The file; - for standard input.", completion: .file())
        var file: String

        @Flag(help: "Print JSON. Its keys are a contract: they are added to and never renamed.")
        var json = false

        @Option(help: "Verify with this certificate (PEM) instead of the one in the message.", completion: .file())
        var certificate: String?

        @Option(
            name: .customLong("part"),
            help: ArgumentHelp("A payload part of a bare SOAP part, by its Content-ID. May be repeated.", valueName: "cid=file"))
        var parts: [String] = []

        @Flag(help: "Name the patient and other persons, and show what attachments are called.")
        var showPatient = false

        func validate() throws {
            for part in parts where Self.split(part) == nil {
                throw ValidationError("--part is CID=FILE")
            }
        }

        func run() async throws {
            let inspection: Inspection
            do {
                inspection = Inspection(of: try Self.read(file), options: try options())
            } catch let error as CocoaError {
                try Self.stop("cannot read \(error.filePath ?? file)\(Self.cause(error)); check the path and try again")
            } catch let error as EnvelopeError {
                try Self.stop("--certificate: \(error)")
            }
            let output = json ? inspection.json : Array(inspection.text.utf8)
            try FileHandle.standardOutput.write(contentsOf: output)
            switch inspection.outcome {
            case .readable: return
            case .signatureFails: throw ExitCode(1)
            case .unreadable: throw ExitCode(2)
            }
        }

        private func options() throws -> InspectionOptions {
            var options = InspectionOptions(showsPersons: showPatient)
            if let certificate {
                let bytes = try Self.read(certificate)
                options.certificate = bytes.first == 0x30 ? try Certificate(der: bytes) : try Certificate(pem: bytes)
            }
            for (contentID, file) in parts.compactMap(Self.split) { options.parts[contentID] = try Self.read(file) }
            return options
        }

        /// A Content-ID may hold `=`, a file name seldom does: the last one divides.
        private static func split(_ part: String) -> (contentID: String, file: String)? {
            guard let equals = part.lastIndex(of: "=") else { return nil }
            let contentID = part[..<equals].hasPrefix("cid:") ? part[..<equals].dropFirst(4) : part[..<equals]
            let file = part[part.index(after: equals)...]
            return contentID.isEmpty || file.isEmpty ? nil : (String(contentID), String(file))
        }

        private static func read(_ file: String) throws -> [UInt8] {
            guard file == "-" else { return [UInt8](try Data(contentsOf: URL(filePath: file))) }
            return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data())
        }

        /// Why the system refused, when it said so.
        private static func cause(_ error: CocoaError) -> String {
            (error.underlying as? POSIXError).map { ": \(String(cString: strerror($0.code.rawValue)))" } ?? ""
        }

        private static func stop(_ reason: String) throws -> Never {
            try FileHandle.standardError.write(contentsOf: Array("msggw: \(reason)\n".utf8))
            throw ExitCode(2)
        }
    }
}
