import Foundation
import Logging

/// A way of telling people. What it throws says why, without contents; the same alerts are handed to it again later.
protocol AlertSink: Sendable {
    /// Tells of all of these at once, the worst first. Returns when whoever is told has them, as far as the sink can know.
    ///
    /// - Parameter more: how many there are besides these.
    /// - Returns: which parts of the route did not work, when others did.
    func send(_ alerts: [Alert], more: Int, to route: AlertRoute) async throws -> [String]
    /// Ends calls that are under way.
    func cancel()
}

extension AlertSink {
    func cancel() {}
}

/// The node's log.
struct LogSink: AlertSink {
    let logger: Logger
    let names: AlertNames

    func send(_ alerts: [Alert], more: Int, to route: AlertRoute) async throws -> [String] {
        for alert in alerts {
            let text = alert.english(names)
            var metadata: Logger.Metadata = [
                LogKey.alert: "\(alert.kind.rawValue)", LogKey.severity: "\(alert.severity.rawValue)",
                LogKey.subject: "\(alert.subject.key)",
            ]
            metadata[LogKey.message] = alert.subject.messageID.map { "\($0)" }
            metadata[LogKey.code] = alert.subject.codes.map { "\($0.joined(separator: ","))" }
            if alert.resolvedAt == nil { metadata[LogKey.action] = "\(text.action)" }
            logger.log(level: alert.level, "\(text.title)", metadata: metadata)
        }
        if more > 0 { logger.warning("More alerts are open; see msggw alerts list", metadata: ["alert.more": "\(more)"]) }
        return []
    }
}

extension Alert {
    fileprivate var level: Logger.Level {
        guard resolvedAt == nil else { return .notice }
        return switch severity {
        case .notice: .notice
        case .warning: .warning
        case .critical: .error
        }
    }
}
