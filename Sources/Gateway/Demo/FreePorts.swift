import NIOCore
import NIOPosix

/// Ports of the loopback address that nobody listens on at this moment.
public enum FreePorts {
    /// - Returns: `count` different ports.
    public static func take(_ count: Int) throws -> [Int] {
        let channels = try (0..<count).map { _ in
            try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: 0).wait()
        }
        defer { for channel in channels { try? channel.close().wait() } }
        return channels.compactMap { $0.localAddress?.port }
    }
}
