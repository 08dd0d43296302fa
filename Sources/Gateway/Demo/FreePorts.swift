import NIOCore
import NIOPosix

/// Ports of the loopback address that nobody listens on at this moment.
public enum FreePorts {
    /// Below what systems give to outgoing connections and to listeners that ask for any port: between this look and the node's
    /// start a port of those could be another's.
    private static let range = 10_240..<20_480
    private static let mostTries = 200

    /// - Returns: `count` different ports.
    /// - Throws: What the last of many tries said.
    public static func take(_ count: Int) throws -> [Int] {
        var channels: [any Channel] = []
        defer { for channel in channels { try? channel.close().wait() } }
        var tries = 0
        while channels.count < count {
            do {
                channels.append(
                    try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                        .bind(host: "127.0.0.1", port: Int.random(in: range)).wait())
            } catch {
                tries += 1
                guard tries < mostTries else { throw error }
            }
        }
        return channels.compactMap { $0.localAddress?.port }
    }
}
