import Foundation
import GRDB
import Practice

/// Why a message was not given to another door. Nothing was changed.
public struct HolderError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// Where a person says who has what a reform left undecided.
public struct HolderDesk: Sendable {
    private let store: GatewayStore
    private let view: RegistryView
    private let settings: NodeSettings
    private let clock: NodeClock
    private let actor: AuditActor

    public init(_ node: Node) {
        (store, view, settings, clock, actor) = (node.store, node.current.view, node.settings, node.clock, node.actor)
    }

    /// Gives messages to a door of the same organisation, with a signed note: all of them, or none.
    ///
    /// - Returns: what is said of each, in bokmål.
    /// - Throws: ``HolderError``; ``StoreError`` when nothing goes by that name.
    public func move(_ names: [String], to door: DoorID) async throws -> [String] {
        let now = clock.now()
        let day = DoorDay(inOsloAt: now)
        let doors = DoorRegistry(
            try RegistryDesk(store: store, settings: settings.registry, actor: actor, clock: clock).book())
        guard let target = doors.complete(door), target.isActive, target.period.contains(day) else {
            throw HolderError("\(door) is not in the registry, or takes no messages on \(day); see 'msggw registry show \(door)'")
        }
        let ids = try names.flatMap { name in try store.status(of: name).messages.map(\.number) }
        let messages = try store.read { database in try ids.compactMap { try HolderRows.fetch($0, database) } }
        guard !messages.isEmpty else {
            throw HolderError("nothing of that name is under way: it has been opened and answered, or nobody waits for it")
        }
        let signed = try messages.map { message in
            guard doors.complete(message.door)?.organisationNumber == target.organisationNumber else {
                throw HolderError(
                    "\(door) is of another organisation than \(message.door): consent and the duty of secrecy are bound to the receiver. Hand a referral over with 'msggw forward', and let the sender send the rest anew"
                )
            }
            if message.direction == .in, !settings.parties.hosted.contains(HERID(door)) {
                throw HolderError("\(door) is none of this node's parties (parties.hosted), so it could not open #\(message.id)")
            }
            let note = Resolver(doors).note(message.subject, from: message.door, to: door, on: day)
            return try SignedNote(note, of: message, in: doors, with: view.keys)
        }
        try await store.commit { [actor] database in
            for note in signed {
                guard try HolderRows.fetch(note.message.id, database) == note.message else {
                    throw HolderError("#\(note.message.id) has changed in the meantime; look at it and try again")
                }
                try HolderRows.insert(note, at: now, by: actor, in: database)
            }
        }
        return signed.map { "#\($0.message.id)  \($0.text)" }
    }
}
