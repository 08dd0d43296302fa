import ArgumentParser
import Gateway

extension MsgGW {
    struct StoreCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "store", abstract: "Look after the store.", subcommands: [Check.self])
    }
}

extension MsgGW.StoreCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read everything in the store and say what is not as it was written.",
            discussion:
                "The database's structure, references between rows, every payload's seal, and files against rows. The node may run meanwhile."
        )

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                let check = try node.store().check()
                try output.print(check) {
                    (["\(check.messages) messages, \(check.payloads) payloads, \(check.bytes) bytes"]
                        + check.findings.map { "\($0.kind.rawValue): \($0.what)" } + [check.isGood ? "good" : ""])
                        .filter { !$0.isEmpty }.joined(separator: "\n")
                }
                guard check.isGood else {
                    throw Failure(
                        "the store is not as it was written; stop the node, and see 'A damaged store' in docs/KEEPING.md")
                }
            }
        }
    }
}
