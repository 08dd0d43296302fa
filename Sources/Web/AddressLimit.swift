import Gateway
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Connections or exchanges per address. IPv6 addresses count by their first 64 bits, which is what one customer gets.
final class AddressCount: Sendable {
    private let limit: Int
    private let open = Mutex<[String: Int]>([:])

    init(limit: Int) { self.limit = limit }

    /// Whether one more is allowed; if so it is counted until ``release(_:)``.
    func take(_ key: String) -> Bool {
        open.withLock { open in
            guard open[key, default: 0] < limit else { return false }
            open[key, default: 0] += 1
            return true
        }
    }

    func release(_ key: String) {
        open.withLock { open in
            let left = open[key, default: 1] - 1
            open[key] = left > 0 ? left : nil
        }
    }

    /// An IPv4 address that comes as IPv6 (`::ffff:a.b.c.d`) counts as what it is.
    static func key(_ address: String?) -> String {
        guard let address, address.contains(":") else { return address ?? "" }
        if let last = address.split(separator: ":").last, last.contains(".") { return String(last) }
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let left = halves[0].split(separator: ":")
        let right = halves.count > 1 ? halves[1].split(separator: ":") : []
        let zeros = [Substring](repeating: "0", count: max(0, 8 - left.count - right.count))
        return (left + zeros + right).prefix(4).joined(separator: ":")
    }
}

/// Closes a connection at once when its address has too many, before TLS or HTTP cost anything.
final class AddressLimit: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let addresses: AddressCount
    private let observation: Observation?
    private var counted: String?

    init(_ addresses: AddressCount, observation: Observation?) {
        (self.addresses, self.observation) = (addresses, observation)
    }

    func channelActive(context: ChannelHandlerContext) {
        let key = AddressCount.key(context.channel.remoteAddress?.ipAddress)
        guard addresses.take(key) else {
            observation?.connectionRefused()
            return context.close(promise: nil)
        }
        counted = key
        observation?.connectionOpened()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        release()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { release() }

    private func release() {
        guard let key = counted else { return }
        counted = nil
        observation?.connectionClosed()
        addresses.release(key)
    }
}

/// Puts ``AddressLimit`` nearest to the socket.
struct AddressLimitedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let addresses: AddressCount
    let observation: Observation?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(AddressLimit(addresses, observation: observation))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
