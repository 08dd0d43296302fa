import ArgumentParser
import Foundation
import Gateway

@main
struct MsgGW: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "msggw",
        abstract: "Secure exchange of clinical messages between GPs, hospitals, city districts and families.",
        discussion: """
            A node is one running 'msggw serve'. Make its folder with 'msggw init', hand it messages with 'msggw send', and
            look at what came with 'msggw inbox'. 'msggw demo' shows all of it on this machine.

            Exit codes: 0 done; 1 refused or failed, and the line on standard error says why; 2 not readable (inspect);
            64 wrong usage; 69 temporarily not possible, try again; 78 the node's configuration must be mended.
            """,
        version: Gateway.MSGGW.version,
        subcommands: [
            Initialise.self, Serve.self, Send.self, InboxCommand.self, Status.self, Inspect.self, Samples.self, Demo.self,
            Version.self,
        ]
    )
}

/// Which node a command is about.
struct NodeOptions: ParsableArguments {
    @Option(name: [.customShort("n"), .customLong("node")], help: "The node's folder, as made by 'msggw init'.")
    var folder: String = "."

    func settings(flags: [String: String] = [:]) throws -> NodeSettings {
        do {
            return try NodeSettings(
                folder: URL(filePath: folder).standardizedFileURL.path, environment: ProcessInfo.processInfo.environment,
                flags: flags)
        } catch { throw Failure(error) }
    }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.")
    var json = false

    func print(_ value: some Encodable, text: () -> String) throws {
        guard json else { return Swift.print(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the version of msggw and of the libraries it runs on.")

    func run() throws {
        print("msggw \(Gateway.MSGGW.version)")
        for library in LibraryVersions.all { print("\(library.name) \(library.version)") }
    }
}
