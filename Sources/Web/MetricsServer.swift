public import Gateway
import Hummingbird
public import Logging
import NIOCore

/// Where the node's measurements are read: `GET /metrics`, on an address of its own and never where other nodes deliver.
public struct MetricsServer: Door {
    private let responder: MetricsResponder
    private let listener: Listener

    /// - Throws: ``WebServerError`` when the certificate or key cannot be used, or plain HTTP would be open to others.
    public init(settings: WebSettings, page: MetricsPage, logger: Logger) throws(WebServerError) {
        responder = MetricsResponder(page: page)
        listener = try Listener(settings, observation: nil, logger: logger)
    }

    public func port() async throws -> Int { try await listener.port() }

    public func run() async throws { try await listener.run(responder, saying: "Measurements are shown") }
}

extension MetricsServer: CustomStringConvertible {
    public var description: String { "MetricsServer \(listener.settings.host):\(listener.settings.port)" }
}

private struct MetricsResponder: HTTPResponder {
    let page: MetricsPage

    func respond(to request: Request, context: NodeRequestContext) async throws -> Response {
        switch (request.head.path, request.method) {
        case ("/metrics", .get): await shown()
        case ("/metrics", _): Response(status: .methodNotAllowed, headers: [.allow: "GET"])
        default: Response(status: .notFound)
        }
    }

    private func shown() async -> Response {
        Response(
            status: .ok, headers: [.contentType: MetricsPage.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: await page.text())))
    }
}
