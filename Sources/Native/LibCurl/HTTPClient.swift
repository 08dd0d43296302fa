import Synchronization

/// Outgoing HTTPS. Safe from several threads; each call blocks its thread until the answer is there or a deadline runs out,
/// so it belongs on a thread pool, never on Swift's cooperative one.
///
/// Connections and TLS sessions are kept per destination and reused. Redirects, proxies from the environment, the system's
/// roots and TLS below 1.2 do not exist.
package final class HTTPClient: Sendable {
    private let settings: HTTPClientSettings
    private let cancellation = HTTPCancellation()
    /// Longest unused first.
    private let idle = Mutex<[HTTPConnection]>([])

    package init(_ settings: HTTPClientSettings) { self.settings = settings }

    /// - Throws: ``HTTPClientError``. A status of 400 and above is an answer, not an error.
    package func post(_ request: HTTPPost) throws(HTTPClientError) -> HTTPAnswer {
        let destination = try HTTPDestination(request.url, allowsPlainLoopback: settings.allowsPlainLoopback)
        guard request.contentLength >= 0, request.maximumAnswerBytes >= 0 else {
            throw HTTPClientError(.requestRefused, reason: "\(destination): a length below zero")
        }
        guard !cancellation.isRequested else { throw HTTPClientError(.cancelled, reason: "\(destination): cancelled") }
        let connection: HTTPConnection
        if let open = takeIdle(destination) { connection = open } else { connection = try HTTPConnection(to: destination) }
        let answer = try connection.perform(request, settings: settings, cancellation: cancellation)
        keep(connection)
        return answer
    }

    /// Ends every running call as `.cancelled`, within about a second, and refuses later ones.
    package func cancel() {
        cancellation.request()
        idle.withLock { $0.removeAll() }
    }

    private func takeIdle(_ destination: HTTPDestination) -> HTTPConnection? {
        idle.withLock { idle in
            idle.lastIndex { $0.destination == destination }.map { idle.remove(at: $0) }
        }
    }

    /// Closing happens outside the lock: it may send TLS's farewell.
    private func keep(_ connection: HTTPConnection) {
        guard !cancellation.isRequested else { return }
        let surplus: HTTPConnection? = idle.withLock { idle in
            idle.append(connection)
            let same = idle.indices.filter { idle[$0].destination == connection.destination }
            if same.count > settings.idleConnectionsPerDestination { return idle.remove(at: same[0]) }
            return idle.count > settings.idleConnections ? idle.removeFirst() : nil
        }
        _ = surplus
    }
}
