import Foundation
import GRDB
import Practice

/// Passes on what a door has not opened in its working hours. The receiving node does so with what it has; the sending node works out
/// the same of what has been delivered and not accepted, and so its sender sees who has it.
struct DeputyRound: Sendable {
    let store: GatewayStore
    let view: RegistryView
    let doors: DoorRegistry
    let hosted: Set<HERID>
    let hours: any DoorHours

    struct Result: Sendable {
        /// When the next turn ends.
        var next: Date?
        /// Messages whose line is at its end.
        var unopened: [Int64] = []
    }

    func run(at now: Date) async throws -> Result {
        var result = Result()
        if doors.book.deputies.isEmpty { return result }
        let lines = Dictionary(doors.book.deputies.map { ($0.door, $0) }) { first, _ in first }
        for message in try store.read({ try HolderRows.all($0) }).filter(isUnopened) {
            guard let line = lines[message.door] else { continue }
            try await pass(on: message, line, at: now, &result)
        }
        return result
    }

    private func isUnopened(_ message: HeldMessage) -> Bool {
        message.direction == .in ? message.state == .opened : message.state == .delivered
    }

    private func pass(on message: HeldMessage, _ line: DeputyLine, at now: Date, _ result: inout Result) async throws {
        let (arrived, known) = try store.read { database in
            (
                try HolderRows.arrival(of: message, database),
                try HolderRows.turns(of: message.id, line: line.door, database)
            )
        }
        guard let arrived else { return }
        let state = line.state(arrived: arrived, now: now, hours: hours, registry: doors) { mayHold($0, message) }
        if state.isExhausted {
            result.unopened.append(message.id)
        } else if let end = state.turns.last?.until {
            result.next = min(result.next ?? end, end)
        }
        let handed = state.turns.filter { $0.door != line.door }
        guard handed.count > known || state.isExhausted else { return }
        let text = state.bokmaal(in: doors, hours: hours).joined(separator: " ")
        try await store.commit { database in
            guard try HolderRows.fetch(message.id, database) == message,
                try HolderRows.turns(of: message.id, line: line.door, database) == known
            else { return }
            for (number, turn) in handed.enumerated().dropFirst(known) {
                try HolderRows.insert(turn, number: number + 1, of: message.id, line: line.door, in: database)
            }
            let action = state.isExhausted ? "not opened by anybody" : "passed on"
            if try AuditTrail.has(action, saying: text, of: message.id, in: database) { return }
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: .node, action: action, message: message.id, messageID: message.messageID, state: message.state,
                    detail: text), in: database)
        }
    }

    /// Consent and the duty of secrecy are bound to the receiver's organisation, and what lies on a node is opened there.
    private func mayHold(_ door: DoorID, _ message: HeldMessage) -> Bool {
        guard let deputy = doors.complete(door), let receiver = doors.complete(message.door),
            deputy.organisationNumber == receiver.organisationNumber
        else { return false }
        if message.direction == .in { return hosted.contains(HERID(door)) }
        return view.registry.destination(of: door.description) == view.registry.destination(of: message.receiver)
    }
}
