import ArgumentParser
import Gateway

extension MsgGW {
    struct Version: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the version of msggw and of the libraries it runs on.")

        func run() throws {
            print("msggw \(Gateway.MSGGW.version)")
            for library in LibraryVersions.all { print("\(library.name) \(library.version)") }
        }
    }
}
