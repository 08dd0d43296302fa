import ArgumentParser
import Gateway

/// Who reads content, and what for: the account of the operating system, and what they say.
struct ReaderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What you read it for, for the audit trail: \(ReadingPurpose.rule).", valueName: "text"))
    var purpose: String?

    func validate() throws {
        if let purpose, ReadingPurpose(purpose) == nil {
            throw ValidationError("--purpose must be \(ReadingPurpose.rule).")
        }
    }

    var known: ReadingPurpose? { purpose.flatMap { ReadingPurpose($0) } }

    var reading: Reading { Reading(by: .command(), purpose: known, at: NodeClock.system.now()) }
}
