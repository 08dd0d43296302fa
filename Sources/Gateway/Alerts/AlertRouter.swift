import Foundation

/// One way to some people: which sink, to whom, in which words.
struct AlertRoute: Sendable, Hashable {
    enum Sink: String, Sendable, Hashable, CaseIterable {
        case log, webhook, smtp
    }

    let sink: Sink
    /// `log`, `webhook`, `smtp:operators`, `smtp:8090123`: what stands in the store beside what was sent.
    let name: String
    let addresses: [MailAddress]
    /// Whether they are clinicians and read bokmål.
    let isForClinicians: Bool

    static func operators(_ addresses: [MailAddress]) -> AlertRoute {
        AlertRoute(sink: .smtp, name: "smtp:operators", addresses: addresses, isForClinicians: false)
    }

    static func contact(_ party: HERID, _ addresses: [MailAddress]) -> AlertRoute {
        AlertRoute(sink: .smtp, name: "smtp:\(party.value)", addresses: addresses, isForClinicians: true)
    }

    static let log = AlertRoute(sink: .log, name: "log", addresses: [], isForClinicians: false)
    static let webhook = AlertRoute(sink: .webhook, name: "webhook", addresses: [], isForClinicians: false)
}

/// Decides who is told of what.
struct AlertRouter: Sendable {
    /// The sinks there are; the log always.
    let sinks: Set<AlertRoute.Sink>
    let operators: [MailAddress]
    let contacts: [HERID: [MailAddress]]
    /// The party above; an organisation's named person counts for its services and persons.
    let parent: @Sendable (HERID) -> HERID?

    func routes(for alert: Alert) -> [AlertRoute] {
        var routes = [AlertRoute.log]
        if sinks.contains(.webhook) { routes.append(.webhook) }
        if sinks.contains(.smtp) { routes += mail(for: alert) }
        guard alert.kind == .sinkFailing else { return routes }
        // What does not work is not told by itself.
        return routes.filter {
            $0.name != alert.subject.thing && !($0.sink == .smtp && alert.subject.thing?.hasPrefix("smtp") ?? false)
        }
    }

    private func mail(for alert: Alert) -> [AlertRoute] {
        let contact = alert.subject.party.flatMap { HERID($0) }.flatMap(contact)
        let toOperators =
            operators.isEmpty ? [] : [AlertRoute.operators(operators)]
        switch alert.kind.audience {
        case .operators: return toOperators
        case .contact: return contact.map { [$0] } ?? toOperators
        case .both: return toOperators + (contact.map { [$0] } ?? [])
        }
    }

    private func contact(_ party: HERID) -> AlertRoute? {
        var next: HERID? = party
        // An organisation, its service, a person: never deeper.
        for _ in 0..<4 {
            guard let id = next else { return nil }
            if let addresses = contacts[id] { return .contact(id, addresses) }
            next = parent(id)
        }
        return nil
    }
}
