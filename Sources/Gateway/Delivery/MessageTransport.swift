import Native

/// Carries one message to another node and brings the answer back.
package protocol MessageTransport: Sendable {
    /// Sends what `request` makes and gives the answer to `reading`, on the thread that waited for it.
    ///
    /// - Throws: what `request` or `reading` throws, or why no answer came.
    func post<Result: Sendable>(
        _ request: @escaping @Sendable () throws -> HTTPPost, reading: @escaping @Sendable (HTTPAnswer) throws -> Result
    ) async throws -> Result
    /// Ends calls that are under way. The messages they carried are still due.
    func cancel()
    func shutDown() async
}

/// libcurl, on threads that may wait.
struct CurlTransport: MessageTransport {
    let client: HTTPClient
    let sockets: WorkPool

    func post<Result: Sendable>(
        _ request: @escaping @Sendable () throws -> HTTPPost, reading: @escaping @Sendable (HTTPAnswer) throws -> Result
    ) async throws -> Result {
        try await sockets.run { try reading(client.post(request())) }
    }

    func cancel() { client.cancel() }

    func shutDown() async { await sockets.shutDown() }
}
