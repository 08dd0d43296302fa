import Foundation
import GRDB

/// What the daemon does with the store before it delivers: whose messages the last one died with, and where everything goes.
struct DeliveryStart: Sendable {
    struct Suspect: Sendable, Hashable {
        let id: Int64
        let destination: String
        let due: Date
    }

    /// Of this start.
    let incarnation: Int64
    /// Messages that the node died with, and has not finished since.
    let suspects: [Suspect]
    let destinations: [DestinationRecord]
    let waiting: [(name: String, due: Date)]
    let changes: [DeliveryRecording.Change]

    /// As often as this the node dies with one message in its hands before it leaves it alone.
    static let mostCrashes = 3

    /// One commit. ``StoreLock`` says that whoever held the leases that are found is dead.
    ///
    /// - Parameter horizon: no due time lies further ahead than this, unless the clock was wrong when it was set.
    static func begin(
        _ database: Database, registry: Registry, horizon: Duration, planted: PlantedFault? = nil, at now: Date
    ) throws -> DeliveryStart {
        let incarnation = try nextIncarnation(database)
        var changes: [DeliveryRecording.Change] = []
        let leased = try Int64.fetchAll(database, sql: "SELECT id FROM message WHERE leasedBy IS NOT NULL ORDER BY id")
        for id in leased where planted != .neverReturnsLeases { changes += try giveBack(id, at: now, in: database) }
        try database.execute(
            sql: "UPDATE message SET due = ? WHERE due > ? AND direction = 'out'",
            arguments: [now.microseconds, (now + horizon.seconds).microseconds])
        try resolveDestinations(database, registry)
        return DeliveryStart(
            incarnation: incarnation,
            suspects: try suspects(database, at: now),
            destinations: try DestinationRecord.fetchAll(database, sql: "SELECT * FROM destination ORDER BY name"),
            waiting: try DeliveryClaims.waitingDestinations(database), changes: changes)
    }

    /// Messages that the node died with and that are due one day, with where they go now.
    static func suspects(_ database: Database, at now: Date) throws -> [Suspect] {
        try MessageRecord.fetchAll(
            database,
            sql:
                "SELECT \(MessageRecord.columns) FROM message WHERE due IS NOT NULL AND direction = 'out' AND crashes > 0 ORDER BY id"
        ).map { Suspect(id: $0.id, destination: $0.destination, due: $0.due ?? now) }
    }

    private static func nextIncarnation(_ database: Database) throws -> Int64 {
        let last = try String.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'incarnation'").flatMap { Int64($0) }
        let next = (last ?? 0) + 1
        try database.execute(
            sql:
                "INSERT INTO fact (name, value) VALUES ('incarnation', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            arguments: [String(next)])
        return next
    }

    /// A lease of a daemon that died. The message may be why: after ``mostCrashes`` times nobody tries it again by themselves.
    private static func giveBack(_ id: Int64, at now: Date, in database: Database) throws -> [DeliveryRecording.Change] {
        var changes: [DeliveryRecording.Change] = []
        func apply(_ event: MessageEvent, by actor: AuditActor = .node) throws {
            guard let transition = try Ledger.apply(event, to: id, at: now, by: actor, in: database) else { return }
            changes.append(DeliveryRecording.Change(message: transition.message, step: transition.step))
        }
        let wish = try MessageRecord.fetch(database, id: id)?.wish
        try apply(.leaseReturned(crashed: true))
        guard let message = try MessageRecord.fetch(database, id: id) else { return changes }
        if let wish = wish.flatMap({ MessageWish($0) }) {
            try apply(wish.event, by: wish.actor)
        } else if message.crashes >= mostCrashes {
            try apply(.held(reason: "the node died \(message.crashes) times while it worked on this message"))
        }
        return changes
    }

    /// The registry may have moved a party since the message was taken.
    private static func resolveDestinations(_ database: Database, _ registry: Registry) throws {
        let known = try Row.fetchAll(
            database,
            sql:
                "SELECT DISTINCT receiver, destination FROM message WHERE direction = 'out' AND due IS NOT NULL AND endpoint IS NULL"
        )
        for row in known {
            let (receiver, stored): (String, String) = (row["receiver"], row["destination"])
            let current = registry.destination(of: receiver)
            guard current != stored else { continue }
            try database.execute(
                sql: """
                    UPDATE message SET destination = ?
                    WHERE destination = ? AND direction = 'out' AND due IS NOT NULL AND receiver = ? AND endpoint IS NULL
                    """, arguments: [current, stored, receiver])
        }
    }
}
