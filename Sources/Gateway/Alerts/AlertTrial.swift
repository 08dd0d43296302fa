import Foundation

/// What became of one way of telling people when it was tried.
public struct AlertTrial: Encodable, Sendable, Hashable {
    /// `webhook`, `smtp:operators`, `smtp:` and the HER-id of a contact.
    public let route: String
    public let isDone: Bool
    /// Why not; or what of it did not work.
    public let reason: String?
}

extension AlertSender {
    /// Sends a test alert on every route there is, whatever it would otherwise be for, and waits for what comes of it. Nothing
    /// is stored.
    func trial(at now: Date) async -> [AlertTrial] {
        let test = Alert(
            id: 0, key: Alert.key(.test, "test"), kind: .test, severity: .notice, subject: AlertSubject("test"), stage: 0,
            firstAt: now, lastAt: now, count: 1, resolvedAt: nil)
        var trials: [AlertTrial] = []
        for route in router.everyRoute {
            do {
                guard let sink = sinks[route.sink] else { continue }
                let refused = try await sink.send([test], more: 0, to: route)
                trials.append(
                    AlertTrial(
                        route: route.name, isDone: refused.isEmpty,
                        reason: refused.isEmpty ? nil : "refused: \(refused.joined(separator: ", "))"))
            } catch {
                trials.append(AlertTrial(route: route.name, isDone: false, reason: "\(error)"))
            }
        }
        return trials
    }

    /// Tells people at once of what cannot be pinned up, since the store itself fails. At most once an hour.
    func cry(_ kind: AlertKind, about subject: AlertSubject, at now: Date) async {
        guard mayCry() else { return }
        let alert = Alert(
            id: 0, key: Alert.key(kind, subject.key), kind: kind, severity: kind.severity(stage: 0), subject: subject, stage: 0,
            firstAt: now, lastAt: now, count: 1, resolvedAt: nil)
        for route in router.routes(for: alert) { _ = try? await sinks[route.sink]?.send([alert], more: 0, to: route) }
    }
}

extension AlertRouter {
    /// Every route but the log.
    var everyRoute: [AlertRoute] {
        var routes = sinks.contains(.webhook) ? [AlertRoute.webhook] : []
        guard sinks.contains(.smtp) else { return routes }
        if !operators.isEmpty { routes.append(.operators(operators)) }
        return routes + contacts.sorted { $0.key.value < $1.key.value }.map { .contact($0.key, $0.value) }
    }
}
