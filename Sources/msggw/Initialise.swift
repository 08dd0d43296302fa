import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct Initialise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init", abstract: "Make a node's folder with a commented configuration and a store key.",
            discussion: """
                Nothing is sent or received before keys, certificates and a registry are put in; what to do next is printed. \
                A folder that holds something is refused and left as it is.
                """)

        @Argument(help: "The folder to make. It must be empty or not exist.", completion: .directory)
        var folder: String

        func run() async throws {
            try await reporting {
                let created = try NodeFolder.create(at: URL(filePath: folder).standardizedFileURL.path)
                say("Made \(created.folder)")
                for file in created.made { say("  \(file)") }
                say("Next:")
                for line in created.next { say("  \(line)") }
            }
        }
    }
}
