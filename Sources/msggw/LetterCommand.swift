import ArgumentParser
import Foundation
import Practice

extension MsgGW {
    struct LetterCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "letter", abstract: "Check a text for a family, and see the letter that an answer makes.",
            discussion: "Neither needs a node, and neither sends or stores anything.",
            subcommands: [Check.self, Preview.self])
    }
}

/// The most that is read of a text or an answer.
private let mostBytes = 1 << 20

/// A file, or standard input for `-`.
func textFile(_ path: String) throws -> Data {
    let handle: FileHandle
    if path == "-" {
        handle = .standardInput
    } else {
        guard let opened = FileHandle(forReadingAtPath: path) else {
            throw Failure("\(path) cannot be read; check the path and try again")
        }
        handle = opened
    }
    guard let content = try? handle.read(upToCount: mostBytes + 1) ?? Data() else {
        throw Failure("\(path) cannot be read; check that it is a file and try again")
    }
    guard content.count <= mostBytes else { throw Failure("\(path) is larger than \(mostBytes) bytes; this is hardly a letter") }
    return content
}

/// `nb` or `nn`.
@Sendable func writtenLanguage(_ text: String) throws -> WrittenLanguage {
    guard let language = WrittenLanguage(rawValue: text) else {
        throw ValidationError("'\(text.prefix(20))' is no written language: write nb for bokmål or nn for nynorsk.")
    }
    return language
}
