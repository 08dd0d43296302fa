import GRDB
import Native

/// The libraries this program found at run time: a newer OpenSSL makes RSA-3072 twice as fast, and an old one is a hole.
public struct LibraryVersions: Sendable {
    public let name: String
    public let version: String

    public static var all: [LibraryVersions] {
        NativeVersions.all.map { LibraryVersions(name: $0.name, version: $0.version) } + [
            LibraryVersions(
                name: "SQLite",
                version: (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }) ?? "unknown")
        ]
    }
}
