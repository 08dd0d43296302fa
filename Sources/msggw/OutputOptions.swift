import ArgumentParser
import Foundation

/// How results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON. docs/COMMANDS.md has its keys.")
    var json = false

    func print(_ value: some Encodable, text: () -> String) throws {
        guard json else { return say(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
