import ArgumentParser
import Foundation
import Gateway

/// What a command says when it cannot do its work: one line, and the exit code that fits.
struct Failure: Error, CustomStringConvertible {
    let description: String
    let exitCode: ExitCode

    private init(_ description: String, _ exitCode: ExitCode) {
        (self.description, self.exitCode) = (description, exitCode)
    }

    /// One exhaustive look at every error a command can meet.
    init(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as SettingsError: self.init(error.description, .configuration)
        case let error as KeyError: self.init(error.description, .configuration)
        case let error as RegistryError: self.init(error.description, error.isTemporary ? .tryLater : .configuration)
        case let error as NodeFolderError: self.init(error.description, .failure)
        case let error as StoreError: self.init(error.description, Self.exitCode(error.code))
        case let error as SubmissionError: self.init(error.description, Self.exitCode(error.code))
        default: self.init("\(error)", .failure)
        }
    }

    private static func exitCode(_ code: StoreError.Code) -> ExitCode {
        switch code {
        case .cannotOpen, .wrongKey, .notDurable: .configuration
        case .damaged, .notFound: .failure
        }
    }

    private static func exitCode(_ code: SubmissionError.Code) -> ExitCode {
        switch code {
        case .tryLater, .store: .tryLater
        case .keys: .configuration
        case .documentUnreadable, .attachmentMissing, .attachmentUnreadable, .attachmentFormat, .tooLarge, .senderNotHosted,
            .senderDiffers,
            .receiverUnknown, .receiverDiffers, .receiverCannotReceive, .duplicate:
            .failure
        }
    }
}

extension ExitCode {
    static let tryLater = ExitCode(69)
    static let configuration = ExitCode(78)
}

/// Prints a line at once, also into a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Runs a command's work; what goes wrong is one line on standard error.
func reporting(_ work: () async throws -> Void) async throws {
    do { try await work() } catch let exit as ExitCode { throw exit } catch {
        let failure = Failure(error)
        FileHandle.standardError.write(Data("msggw: \(failure.description)\n".utf8))
        throw failure.exitCode
    }
}
