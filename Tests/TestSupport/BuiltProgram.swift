import Foundation

/// The programs of this package, as `swift build` made them.
public enum BuiltProgram {
    /// Where a program is: beside the test bundle.
    public static func url(_ name: String) -> URL {
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        let candidates = sequence(first: URL(filePath: bundle).standardizedFileURL) {
            $0.path == "/" ? nil : $0.deletingLastPathComponent()
        }
        let found = candidates.prefix(6).map { $0.deletingLastPathComponent().appending(path: name) }
        return found.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? found.first ?? URL(filePath: name)
    }
}
