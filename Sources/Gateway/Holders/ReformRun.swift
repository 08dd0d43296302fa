import Foundation
import GRDB
import Practice

/// Gives what is under way at doors that have ended to the doors that follow them. Each message is moved once, in a commit of
/// its page; a run that was broken off goes on where it was.
struct ReformRun: Sendable {
    /// Messages in one commit.
    static let page = 200

    let store: GatewayStore
    let view: RegistryView
    let doors: DoorRegistry
    let pool: WorkPool

    /// Doors whose messages nobody has got, with how many they are.
    struct Stuck: Sendable, Hashable {
        var undecided: [DoorID: Int] = [:]
        var stranded: [DoorID: Int] = [:]
    }

    /// What becomes of what is at a door.
    func outcome(_ item: InFlight, on day: DoorDay) -> Rehoming {
        let outcome = Resolver(doors).forward(item, on: day, decided: day)
        guard case .moves(let note) = outcome else { return outcome }
        // Who has other premises has not got what still goes to the old ones.
        let (from, to) = (
            view.registry.destination(of: note.from.description), view.registry.destination(of: note.to.description)
        )
        return from == to ? outcome : .undecided([note.to])
    }

    /// - Parameter pages: how many pages at the most; tests break a run off.
    func run(at now: Date, pages: Int = .max) async throws -> Stuck {
        let day = DoorDay(inOsloAt: now)
        var (stuck, left) = (Stuck(), pages)
        for door in try store.read({ try HolderRows.doors($0) }) {
            switch outcome(InFlight(.message(id: ""), at: door), on: day) {
            case .stays: continue
            case .moves:
                while left > 0, try await moveSome(at: door, on: day, now) { left -= 1 }
            case .undecided: stuck.undecided[door] = try count(at: door)
            case .stranded: stuck.stranded[door] = try count(at: door)
            }
        }
        return stuck
    }

    private func count(at door: DoorID) throws -> Int {
        try store.read { try HolderRows.fetch(at: door, limit: .max, $0).count }
    }

    /// - Returns: whether there was any.
    private func moveSome(at door: DoorID, on day: DoorDay, _ now: Date) async throws -> Bool {
        let messages = try store.read { try HolderRows.fetch(at: door, limit: Self.page, $0) }
        if messages.isEmpty { return false }
        let signed = try await pool.run {
            try messages.compactMap { message -> SignedNote? in
                guard case .moves(let note) = outcome(message.inFlight, on: day) else { return nil }
                return try SignedNote(note, of: message, in: doors, with: view.keys)
            }
        }
        try await store.commit { database in
            // Only what is as it was when its note was written: what was opened or answered meanwhile gets another, or none.
            for note in signed where try HolderRows.fetch(note.message.id, database) == note.message {
                try HolderRows.insert(note, at: now, by: .node, in: database)
            }
        }
        return true
    }
}
