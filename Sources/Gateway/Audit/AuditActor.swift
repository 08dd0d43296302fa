import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who did something, as the audit trail says it.
public struct AuditActor: Sendable, Hashable {
    /// `node`, or `command:` with the account of the operating system.
    public let text: String

    init(text: String) { self.text = text }

    /// The daemon, by itself.
    public static let node = AuditActor(text: "node")

    /// Whoever runs this command, by the account of the operating system.
    public static func command() -> AuditActor {
        let number = getuid()
        // The buffer belongs to the C library and is read before anything else can ask for it in a command's one thread.
        let name = getpwuid(number).map { String(cString: $0.pointee.pw_name) }
        return AuditActor(text: "command:\(name ?? "uid \(number)")")
    }
}
