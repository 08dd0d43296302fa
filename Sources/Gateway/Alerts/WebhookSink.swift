import Foundation
import Native

/// A system of the operators: one POST of JSON with all that is to be told. `docs/ALERTS.md` has its keys.
struct WebhookSink: AlertSink {
    let client: HTTPClient
    let url: String
    /// Goes into `Authorization: Bearer`.
    let token: String?
    let node: String
    let names: AlertNames
    let pool: WorkPool

    struct Refusal: Error, CustomStringConvertible {
        let status: Int
        var description: String { "the webhook answered HTTP \(status)" }
    }

    func cancel() { client.cancel() }

    func send(_ alerts: [Alert], more: Int, to route: AlertRoute) async throws -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let body = Array(try encoder.encode(Body(node: node, alerts: alerts.map { AlertReport($0, names) }, more: more)))
        let status = try await pool.run { [client, url, token] in
            var headers = [(name: "Content-Type", value: "application/json")]
            if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
            var post = HTTPPost(url: url, headers: headers, bytes: body)
            post.timeouts = HTTPTimeouts(connect: .seconds(10), stalled: .seconds(20), total: .seconds(30))
            post.maximumAnswerBytes = 64 << 10
            return try client.post(post).status
        }
        guard (200..<300).contains(status) else { throw Refusal(status: status) }
        return []
    }

    private struct Body: Encodable {
        let node: String
        let alerts: [AlertReport]
        /// How many there are besides these.
        let more: Int
    }
}

/// An alert as programs read it: the webhook, and `msggw alerts list --json`.
public struct AlertReport: Encodable, Sendable, Hashable {
    public let number: Int64
    public let key: String
    public let kind: AlertKind
    public let severity: AlertSeverity
    /// `open` or `resolved`.
    public let state: String
    public let title: String
    public let action: String
    public let firstAt: Date
    public let lastAt: Date
    public let resolvedAt: Date?
    public let count: Int
    public let message: Int64?
    public let messageID: String?
    public let documentKind: String?
    public let sender: String?
    public let receiver: String?
    public let thing: String?
    public let until: Date?
    public let codes: [String]?

    init(_ alert: Alert, _ names: AlertNames) {
        let text = alert.english(names)
        (number, key, kind, severity) = (alert.id, alert.key, alert.kind, alert.severity)
        state = alert.resolvedAt == nil ? "open" : "resolved"
        (title, action) = (text.title, text.action)
        (firstAt, lastAt, resolvedAt, count) = (alert.firstAt, alert.lastAt, alert.resolvedAt, alert.count)
        (message, messageID, documentKind) = (alert.subject.message, alert.subject.messageID, alert.subject.documentKind)
        (sender, receiver) = (alert.subject.sender.map(names.organisation), alert.subject.receiver.map(names.organisation))
        (thing, until, codes) = (alert.subject.thing, alert.subject.until, alert.subject.codes)
    }
}
