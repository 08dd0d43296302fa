/// Why the store refused. `reason` names files and figures for the operator, never content.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The folder or a file in it cannot be made, read or written.
        case cannotOpen
        /// The store key is not the one that this store was made with.
        case wrongKey
        /// The store's schema is of a later version.
        case newer
        /// The store lies in a backup, and only `msggw restore` makes one to work with of it.
        case isBackup
        /// The machine's clock may be wrong, and much would be destroyed by it.
        case clock
        /// SQLite did not agree to put a commit on the disk before it says so.
        case notDurable
        /// Bytes in the store do not carry the seal they were given.
        case damaged
        /// The disk failed to write, to synchronise or to read. What it holds has to be read anew, by another start.
        case diskFailed
        /// The key was destroyed, and with it what it opened.
        case destroyed
        /// Another process serves the store.
        case inUse
        /// There is no such message.
        case notFound
        /// There are several messages of that name.
        case ambiguous
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, reason: String) {
        (self.code, self.reason) = (code, reason)
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }
    public var description: String { reason }
}
