import Synchronization

/// Outgoing HTTPS. Safe from several threads; each call blocks its thread until the answer is there or a deadline runs out,
/// so it belongs on a thread pool, never on Swift's cooperative one.
///
/// Connections and TLS sessions are kept per destination and reused. Redirects, proxies from the environment, the system's
/// roots and TLS below 1.2 do not exist.
package final class HTTPClient: Sendable {
    fileprivate struct State {
        var settings: HTTPClientSettings
        /// Connections made under older settings are not kept.
        var generation = 0
        /// Longest unused first.
        var idle: [HTTPConnection] = []
        /// Addresses that have been read.
        var destinations: [String: HTTPDestination] = [:]
    }

    private let cancellation = HTTPCancellation()
    private let state: Mutex<State>

    package init(_ settings: HTTPClientSettings) { state = Mutex(State(settings: settings)) }

    /// - Throws: ``HTTPClientError``. A status of 400 and above is an answer, not an error.
    package func post(_ request: HTTPPost) throws(HTTPClientError) -> HTTPAnswer {
        let (settings, generation, known) = state.withLock { ($0.settings, $0.generation, $0.destinations[request.url]) }
        let destination: HTTPDestination
        if let known { destination = known } else { destination = try read(request.url, settings, generation) }
        guard request.contentLength >= 0, request.maximumAnswerBytes >= 0 else {
            throw HTTPClientError(.requestRefused, reason: "\(destination): a length below zero")
        }
        guard !cancellation.isRequested else { throw HTTPClientError(.cancelled, reason: "\(destination): cancelled") }
        let connection: HTTPConnection
        if let open = takeIdle(destination, generation: generation) {
            connection = open
        } else {
            connection = try HTTPConnection(to: destination, settings: settings)
        }
        let answer = try connection.perform(request, cancellation: cancellation)
        keep(connection, generation: generation)
        return answer
    }

    private func read(
        _ url: String, _ settings: HTTPClientSettings, _ generation: Int
    ) throws(HTTPClientError) -> HTTPDestination {
        let destination = try HTTPDestination(url, allowsPlainLoopback: settings.allowsPlainLoopback)
        state.withLock { state in
            guard generation == state.generation else { return }
            if state.destinations.count >= Self.knownDestinations { state.destinations = [:] }
            state.destinations[url] = destination
        }
        return destination
    }

    /// A registry has some thousand addresses; whatever grows beyond is read anew.
    private static let knownDestinations = 4096

    /// From the next call on: new certificates, new revocation lists. Nothing that was open before is used again.
    package func replace(_ settings: HTTPClientSettings) {
        let closed = state.withLock { state in
            state.settings = settings
            state.destinations = [:]
            state.generation += 1
            return state.takeAllIdle()
        }
        _ = closed
    }

    /// Ends every running call as `.cancelled`, within about a second, and refuses later ones.
    package func cancel() {
        cancellation.request()
        let closed = state.withLock { $0.takeAllIdle() }
        _ = closed
    }

    private func takeIdle(_ destination: HTTPDestination, generation: Int) -> HTTPConnection? {
        let now = ContinuousClock.now
        let (found, expired) = state.withLock { state -> (HTTPConnection?, [HTTPConnection]) in
            let expired = state.idle.filter { $0.expiry <= now }
            state.idle.removeAll { $0.expiry <= now }
            guard generation == state.generation,
                let index = state.idle.lastIndex(where: { $0.destination == destination })
            else { return (nil, expired) }
            return (state.idle.remove(at: index), expired)
        }
        _ = expired
        return found
    }

    /// Closing happens outside the lock, here and above: it may send TLS's farewell.
    private func keep(_ connection: HTTPConnection, generation: Int) {
        guard !cancellation.isRequested else { return }
        let surplus: HTTPConnection? = state.withLock { state in
            guard generation == state.generation else { return connection }
            state.idle.append(connection)
            let same = state.idle.indices.filter { state.idle[$0].destination == connection.destination }
            if same.count > state.settings.idleConnectionsPerDestination { return state.idle.remove(at: same[0]) }
            return state.idle.count > state.settings.idleConnections ? state.idle.removeFirst() : nil
        }
        _ = surplus
    }
}

extension HTTPClient.State {
    fileprivate mutating func takeAllIdle() -> [HTTPConnection] {
        defer { idle = [] }
        return idle
    }
}
