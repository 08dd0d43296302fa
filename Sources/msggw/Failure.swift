import ArgumentParser
import Envelope
import Foundation
import Gateway
import Practice
import Web

/// What a command says when it cannot do its work: one line, and the exit code that fits.
struct Failure: Error, CustomStringConvertible {
    let description: String
    let exitCode: ExitCode

    init(_ description: String, _ exitCode: ExitCode = .failure) {
        self.description = description.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.exitCode = exitCode
    }

    /// One look at every error a command can meet.
    init(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as SettingsError: self.init(error.description, error.isOfOption ? .validationFailure : .configuration)
        case let error as KeyError: self.init(error.description, .configuration)
        case let error as RegistryError: self.init(error.description, error.isTemporary ? .tryLater : .configuration)
        case let error as RegistryDeskError: self.init(error.description)
        case let error as NodeFolderError: self.init(error.description)
        case let error as StoreError: self.init(error.description, Self.exitCode(error.code))
        case let error as FilingError: self.init(error.description)
        case let error as ConsentDeskError: self.init(error.description)
        case let error as QueueOrderError: self.init(error.description, error.code == .underWay ? .tryLater : .failure)
        case let error as SubmissionError: self.init(error.description, Self.exitCode(error.code))
        case let error as WebServerError: self.init(error.description, Self.exitCode(error.code))
        case let error as EnvelopeError: self.init(error.description)
        case let error as AnswerError: self.init(error.description)
        case let error as AnswerFileError: self.init(error.description)
        case let error as SampleError: self.init(error.description)
        // What a system call or Foundation says is made for people; a dump of the value is not.
        default: self.init(error.localizedDescription)
        }
    }

    private static func exitCode(_ code: StoreError.Code) -> ExitCode {
        switch code {
        case .inUse, .clock: .tryLater
        case .diskFailed: .diskFailed
        case .cannotOpen, .wrongKey, .notDurable, .newer, .isBackup: .configuration
        case .damaged, .destroyed, .notFound, .ambiguous: .failure
        }
    }

    private static func exitCode(_ code: SubmissionError.Code) -> ExitCode {
        switch code {
        case .tryLater, .store: .tryLater
        case .keys: .configuration
        case .documentUnreadable, .attachmentMissing, .attachmentUnreadable, .attachmentFormat, .tooLarge, .senderNotHosted,
            .senderDiffers, .receiverUnknown, .receiverDiffers, .receiverCannotReceive, .receiverUnclear, .duplicate, .incomplete,
            .outOfOrder, .followUp,
            .notShareable:
            .failure
        }
    }

    private static func exitCode(_ code: WebServerError.Code) -> ExitCode {
        switch code {
        // The network may not be up yet.
        case .addressInUse, .addressNotHere: .tryLater
        case .cannotListen, .certificateUnreadable, .plainHTTPRefused: .configuration
        }
    }
}

extension ExitCode {
    /// EX_UNAVAILABLE of sysexits.h.
    static let tryLater = ExitCode(69)
    /// EX_IOERR of sysexits.h.
    static let diskFailed = ExitCode(74)
    /// EX_CONFIG of sysexits.h.
    static let configuration = ExitCode(78)
}

/// Prints a line at once, also into a pipe. When nobody reads any more, there is nobody to tell.
func say(_ line: String) { try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8)) }

/// Runs a command's work; what goes wrong is one line on standard error.
func reporting(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let exit as ExitCode {
        throw exit
    } catch {
        let failure = Failure(error)
        try? FileHandle.standardError.write(contentsOf: Data("msggw: \(failure.description)\n".utf8))
        throw failure.exitCode
    }
}
