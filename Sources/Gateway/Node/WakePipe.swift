import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A named pipe in the store's folder: a command that put something into the store says so to the daemon, which then looks.
/// What is said carries no meaning and correctness does not need it; whoever cannot write the folder cannot say it.
struct WakePipe: Service {
    private static let name = "wake"

    let folder: String
    let logger: Logger
    let onWake: @Sendable () -> Void

    func run() async throws {
        let path = folder + "/" + Self.name
        if mkfifo(path, 0o600) != 0, errno != EEXIST {
            throw StoreError(.cannotOpen, reason: "cannot make the pipe \(path): \(String(cString: strerror(errno)))")
        }
        // Open for writing too: the pipe then never ends when the last command closes it.
        let descriptor = open(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, reason: "cannot open the pipe \(path): \(String(cString: strerror(errno)))")
        }
        let channel = try await NIOPipeBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { [onWake] in $0.pipeline.addHandler(Handler(onWake: onWake)) }
            .takingOwnershipOfDescriptor(input: descriptor)
            .get()
        try? await gracefulShutdown()
        try? await channel.close()
    }

    /// Tells the daemon of that store, if one runs. When none does, the store has the message all the same.
    static func poke(folder: String) {
        let descriptor = open(folder + "/" + name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = DurableFile.writeAll([1], to: descriptor)
    }

    private final class Handler: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let onWake: @Sendable () -> Void

        init(onWake: @escaping @Sendable () -> Void) { self.onWake = onWake }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { onWake() }
    }
}

extension NodeSettings {
    /// Tells the daemon of this node, if one runs, to look for what was put into its store.
    public func wakeDaemon() { WakePipe.poke(folder: store.folder) }
}

extension WakePipe: CustomStringConvertible {
    var description: String { "WakePipe" }
}
