import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A datagram socket in the place of systemd's: what is sent to it is kept, and can be waited for.
public final class DatagramListener: Sendable {
    private struct State {
        var datagrams: [String] = []
        var waiters: [Int: (isWanted: @Sendable (String) -> Bool, wake: CheckedContinuation<String, any Error>)] = [:]
        var count = 0
    }

    private let descriptor: Int32
    private let folder = Mutex<ScratchFolder?>(nil)
    private let state = Mutex(State())
    /// As it stands in `NOTIFY_SOCKET`.
    public let address: String

    /// - Parameter isAbstract: whether its name is one that no file has (Linux).
    public init(isAbstract: Bool = false) throws {
        let scratch = try ScratchFolder()
        folder.withLock { $0 = scratch }
        address = isAbstract ? "@msggw-test-\(UUID().uuidString)" : scratch.path + "/notify"
        #if canImport(Glibc)
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(address.utf8)
        if isAbstract { bytes[0] = 0 } else { bytes.append(0) }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        // A stored property of an imported struct has an offset.
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path)! + bytes.count
        let status = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
        }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        // A thread that blocks; it ends with the socket.
        Thread.detachNewThread { [descriptor, weak self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                self?.take(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Everything so far, in its order.
    public var datagrams: [String] { state.withLock(\.datagrams) }

    /// The first datagram, from the one with that number on, that has this line; waits for it.
    @discardableResult
    public func line(_ line: String, from start: Int = 0) async throws -> String {
        let isWanted: @Sendable (String) -> Bool = { $0.split(separator: "\n").contains { $0.hasPrefix(line) } }
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let known = state.withLock { state -> String? in
                    if let known = state.datagrams.dropFirst(start).first(where: isWanted) { return known }
                    state.waiters[number] = (isWanted, wake)
                    return nil
                }
                if let known { wake.resume(returning: known) } else if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.wake.resume(throwing: CancellationError())
    }

    private func take(_ datagram: String) {
        let woken = state.withLock { state in
            state.datagrams.append(datagram)
            let matching = state.waiters.filter { $0.value.isWanted(datagram) }
            for number in matching.keys { state.waiters[number] = nil }
            return matching.values.map(\.wake)
        }
        for wake in woken { wake.resume(returning: datagram) }
    }
}
