import Foundation

/// Makes PDF of what a receiver cannot open, with the operator's programs (``AttachmentSettings``), each shut in (``ShutInProgram``).
///
/// The program finds the file in a folder of its own, which nobody else can read and which is gone afterwards. It is called `input`
/// with its format's ending: what its sender called it says nothing of its path, and stands on no command line.
struct AttachmentConverter: Sendable {
    struct Failure: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    let settings: AttachmentSettings
    /// Folders where programs are looked for.
    var path = ShutInProgram.searchPath

    func converts(_ format: AttachmentFormat) -> Bool { settings.converters[format] != nil }

    /// - Parameter write: gives the bytes of the file, in pieces.
    /// - Returns: a whole PDF that is not locked.
    func pdf(
        of format: AttachmentFormat, from write: (_ sink: ([UInt8]) throws -> Void) throws -> Void
    ) throws -> [UInt8] {
        guard let words = settings.converters[format] else {
            throw Failure(description: "no converter of \(format.rawValue) is set (attachments.converters)")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "msggw-convert-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (input, output) = (folder + "/input." + Self.ending(format), folder + "/input.pdf")
        let file = try DurableFile(creating: input)
        try write { try file.write($0) }
        try file.finish()
        let filled = words.enumerated().map { index, word in
            index == 0
                ? word
                : word.replacing("{input}", with: input).replacing("{output}", with: output).replacing("{folder}", with: folder)
        }
        let program = ShutInProgram(
            words: filled, folder: folder, seconds: Int(settings.converterTime.components.seconds),
            bytes: settings.converterBytes, setting: "attachments.converters", timeSetting: "attachments.converterSeconds")
        do { _ = try program.output(path: path) } catch { throw Failure(description: error.description) }
        return try Self.checked(output, words[0], most: settings.converterBytes)
    }

    /// What the program left under the name that it was given: a file, never a link to another.
    private static func checked(_ output: String, _ name: String, most: Int) throws -> [UInt8] {
        let bytes: [UInt8]
        let isLocked: Bool
        do {
            let file = try FileReader(output)
            guard file.length <= most else { throw Failure(description: "the converter \(name) wrote more than \(most) bytes") }
            bytes = try file.read(most)
            isLocked = try LockedPDF.isLocked(file, Array(bytes.prefix(1024)))
        } catch is StoreError {
            throw Failure(description: "the converter \(name) made no file {output}")
        }
        guard isWholePDF(bytes), !isLocked else {
            throw Failure(description: "what the converter \(name) made is no whole PDF that anybody can open")
        }
        return bytes
    }

    static func isWholePDF(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array("%PDF-".utf8)) && bytes.suffix(1024).firstRange(of: Array("%%EOF".utf8)) != nil
    }

    private static func ending(_ format: AttachmentFormat) -> String {
        switch format {
        case .jpeg: "jpg"
        case .text: "txt"
        default: format.rawValue
        }
    }
}
