/// Why a body never came to its end.
public enum InboundBodyError: String, Error, Sendable, CaseIterable {
    case tooLarge, timedOut, disconnected
    /// The framing of the transport is broken.
    case malformed
}

/// The bytes of one exchange, in pieces, once. Not reading holds the sender back.
///
/// Ends without an error only when every byte has come. After an error nothing of what came before may be used.
public struct InboundBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = InboundBodyError

    private let source: any AsyncSequence<[UInt8], InboundBodyError> & Sendable

    public init(_ source: any AsyncSequence<[UInt8], InboundBodyError> & Sendable) { self.source = source }

    /// A body that is already there.
    public init(chunks: [[UInt8]], failure: InboundBodyError? = nil) {
        self.init(Held(chunks: chunks, failure: failure))
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source.makeAsyncIterator()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: any AsyncIteratorProtocol<[UInt8], InboundBodyError>

        public mutating func next() async throws(InboundBodyError) -> [UInt8]? {
            try await next(isolation: #isolation)
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(InboundBodyError) -> [UInt8]? {
            try await source.next(isolation: actor)
        }
    }

    private struct Held: AsyncSequence, Sendable {
        typealias Failure = InboundBodyError
        let chunks: [[UInt8]]
        let failure: InboundBodyError?

        func makeAsyncIterator() -> Iterator { Iterator(chunks: chunks.makeIterator(), failure: failure) }

        struct Iterator: AsyncIteratorProtocol {
            var chunks: IndexingIterator<[[UInt8]]>
            let failure: InboundBodyError?

            mutating func next() async throws(InboundBodyError) -> [UInt8]? { try await next(isolation: nil) }

            mutating func next(isolation actor: isolated (any Actor)?) async throws(InboundBodyError) -> [UInt8]? {
                if let chunk = chunks.next() { return chunk }
                if let failure { throw failure }
                return nil
            }
        }
    }
}
