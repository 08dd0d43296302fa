import Foundation

/// Where things lie that tests read: the checkout, and `../shared` beside it when it is there.
public enum Repository {
    /// The checkout's root folder, also when the sources are reached through a link.
    public static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of official schemas, real samples and corpora; nil when it is not beside the checkout. `MSGGW_SHARED`
    /// names another place.
    public static let shared: URL? = {
        let named = ProcessInfo.processInfo.environment["MSGGW_SHARED"].map { URL(filePath: $0) }
        let folder = named ?? root.deletingLastPathComponent().appending(path: "shared")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// A file or folder below ``shared``; nil when `shared` is not there.
    public static func shared(_ path: String) -> URL? { shared?.appending(path: path) }
}
