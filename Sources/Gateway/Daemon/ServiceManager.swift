import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The one who started this process and wants to know how it fares: systemd, by sd_notify(3), without its library.
///
/// Nothing depends on it: what cannot be said is not said.
public struct ServiceManager: Sendable {
    /// How long systemd waits for a word before it takes the process for dead; nil when it does not.
    public let patience: Duration?
    private let address: [UInt8]

    /// - Parameters:
    ///   - environment: of the process; `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` are looked at.
    ///   - process: the watchdog may be meant for another one.
    /// - Returns: nil when nobody listens.
    public init?(environment: [String: String], process: Int32 = getpid()) {
        guard let socket = environment["NOTIFY_SOCKET"], socket.hasPrefix("/") || socket.hasPrefix("@") else { return nil }
        var address = Array(socket.utf8)
        // A name that no file has.
        if address[0] == UInt8(ascii: "@") { address[0] = 0 } else { address.append(0) }
        guard address.count <= MemoryLayout.size(ofValue: sockaddr_un().sun_path), address.count > 1 else { return nil }
        self.address = address
        let isOurs = environment["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        patience = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { isOurs && $0 > 0 ? .microseconds($0) : nil }
    }

    /// What systemd understands of what a service can say.
    public enum Word: Sendable, Hashable {
        /// Whoever waits for this service can begin.
        case ready
        case stopping
        /// It works, and would say so again.
        case alive
        /// Shown by `systemctl status`, nothing else.
        case status(String)
        /// It needs longer to start or to stop than it was given.
        case needsTime(Duration)

        var line: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            case .status(let text): "STATUS=" + text.replacing("\n", with: " ")
            case .needsTime(let time): "EXTEND_TIMEOUT_USEC=\(time.nanoseconds / 1000)"
            }
        }
    }

    /// Says it, in one datagram. Whether it was heard does not matter to us.
    public func say(_ words: Word...) {
        #if canImport(Glibc)
            let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        #else
            let kind = SOCK_DGRAM
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        // A name that no file has ends with the address, not with a zero.
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + address.count } ?? 0
        let datagram = Array(words.map(\.line).joined(separator: "\n").utf8)
        withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, datagram, datagram.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }
}
