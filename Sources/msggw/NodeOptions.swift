import ArgumentParser
import Foundation
import Gateway
import Logging

/// Which node a command is about.
struct NodeOptions: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("node")],
        help: ArgumentHelp("The node's folder, as made by 'msggw init'.", valueName: "folder"), completion: .directory)
    var folder: String = "."

    /// - Parameter flags: what other options of the command set, by the setting's name.
    func settings(flags: [String: String] = [:]) throws -> NodeSettings {
        try NodeSettings(
            folder: URL(filePath: folder).standardizedFileURL.path, environment: ProcessInfo.processInfo.environment,
            flags: flags)
    }

    /// The whole node for one command, without serving anything. It logs nothing: what the command has to say is its result.
    func opened(_ work: (Node) async throws -> Void) async throws {
        var surroundings = Surroundings.system
        surroundings.actor = .command()
        let running = try Node(
            try settings(), surroundings: surroundings,
            logger: Logger(label: "msggw", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            try await work(running)
        } catch {
            await running.stop()
            throw error
        }
        await running.stop()
    }

    /// The store alone, for looking at it: that needs no keys but the store's, and so also works when others must be renewed.
    func store() throws -> GatewayStore {
        let settings = try settings()
        return try GatewayStore(
            folder: URL(filePath: settings.store.folder), key: try StoreKey(file: settings.store.keyFile),
            deadlines: settings.deadlines.table)
    }
}
