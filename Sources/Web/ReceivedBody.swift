import Gateway
import HummingbirdCore
import NIOCore
import NIOHTTP1
import Synchronization

/// A request's body as the Gateway reads it, with its end put beyond doubt.
struct ReceivedBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = InboundBodyError

    let source: RequestBody
    /// nil when the peer did not say.
    let contentLength: Int?
    let outcome: BodyOutcome

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: source.makeAsyncIterator(), remaining: contentLength, outcome: outcome)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: RequestBody.AsyncIterator
        fileprivate var remaining: Int?
        fileprivate let outcome: BodyOutcome

        /// Server and NIO end a sequence quietly when the task is cancelled or the connection goes: neither is the end of a
        /// body.
        mutating func next() async throws(InboundBodyError) -> [UInt8]? {
            if let failure = outcome.failure { throw failure }
            do {
                guard let buffer = try await source.next() else {
                    guard !Task.isCancelled, remaining ?? 0 == 0 else { throw InboundBodyError.disconnected }
                    return nil
                }
                remaining = remaining.map { $0 - buffer.readableBytes }
                return Array(buffer.readableBytesView)
            } catch {
                throw outcome.fail(error)
            }
        }
    }
}

/// How the reading of one body went; shared by the reader and the one who answers.
final class BodyOutcome: Sendable {
    private let state = Mutex<InboundBodyError?>(nil)

    var failure: InboundBodyError? { state.withLock { $0 } }

    /// Remembers the first failure and returns it.
    func fail(_ error: any Error) -> InboundBodyError {
        let failure = error as? InboundBodyError ?? (error is HTTPParserError ? .malformed : .disconnected)
        return state.withLock { state in
            state = state ?? failure
            return state ?? failure
        }
    }
}
