public import Foundation

/// Makes a letter's page into PDF with somebody else's program, when there is one. The letter goes without when there is not.
///
/// The program is shut in (``ShutInProgram``). The page goes through a pipe and lies in no file. Where the system gives no
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
        let program = ShutInProgram(
            words: settings.converter, seconds: Int(settings.converterTime.components.seconds), bytes: Self.mostBytes,
            setting: "letters.converter", timeSetting: "letters.converterSeconds")
        self.init { page throws(Failure) in
            do throws(ShutInProgram.Failure) {
                return try program.output(for: page, path: path)
            } catch { throw Failure(error.description) }
        }
    }

    func pdf(of page: String) throws(Failure) -> [UInt8] {
        let bytes = try convert(Array(page.utf8))
        guard AttachmentConverter.isWholePDF(bytes)
        else {
            throw Failure("what the converter made is no whole PDF")
        }
        return bytes
    }
}
