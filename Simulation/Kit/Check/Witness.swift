import Foundation
import GRDB
import Gateway
import Native

/// Sees what is told to people and what passes on the wire and into folders, and remembers it. It shares no code with the store:
/// what it asks a store, it asks in SQL of its own.
///
/// `@unchecked Sendable`: of the world's one thread.
final class Witness: @unchecked Sendable {
    /// What became of handing in a letter.
    enum Submission: Sendable {
        /// Nobody has tried yet, or the answer never came.
        case unanswered
        /// Told that it is taken.
        case taken(messageIDs: [String: String])
        /// Told that it was taken before: the answer to an earlier try got lost.
        case takenBefore
        case refused(String)

        var isTaken: Bool {
            switch self {
            case .taken, .takenBefore: true
            case .unanswered, .refused: false
            }
        }
    }

    /// A message in a folder of the receiving system, by the folder's name.
    struct HandOver: Sendable {
        let folder: String
        let letter: String
        let sender: String
        /// SHA-256 of each file, sorted.
        let files: [[UInt8]]
        let document: [UInt8]
    }

    private let world: World
    private(set) var submissions: [Int: Submission] = [:]
    /// Documents as they were handed in.
    private(set) var documents: [Int: [UInt8]] = [:]
    /// By receiving party and folder.
    private(set) var handOvers: [String: [String: HandOver]] = [:]
    private(set) var violations: [Violation] = []
    /// SHA-256 of what went out, by sender and MessageId.
    private var sent: [String: [UInt8]] = [:]
    /// When a step of a message was first told, by node and MessageId.
    private var steps: [String: [String: Int64]] = [:]
    /// Acknowledgments that reached the node they are for, by node and the MessageId they are about.
    private var receipts: Set<String> = []
    private(set) var statistics = Statistics()

    init(_ world: World) { self.world = world }

    func report(_ rule: Violation.Rule, _ text: String) {
        // One is enough of each kind.
        guard !violations.contains(where: { $0.rule == rule && $0.text == text }) else { return }
        world.note("checker", "\(rule.rawValue) \(text)")
        violations.append(Violation(rule: rule, text: text))
    }

    // MARK: - Handing in

    func handedIn(_ letter: Letter, _ document: [UInt8]) { documents[letter.number] = document }

    func submitted(_ letter: Letter, _ outcome: Submission) {
        if case .taken? = submissions[letter.number] {
            if case .taken = outcome { report(.twice, "letter \(letter.number) was taken twice") }
            return
        }
        submissions[letter.number] = outcome
    }

    // MARK: - The wire

    func sent(_ parcel: Parcel, from: Town.Name, to: Town.Name) {
        statistics.requests += 1
        let key = "\(from) \(parcel.facts.messageID)"
        let digest = Digest.of(parcel.bytes, .sha256)
        if let earlier = sent[key], earlier != digest {
            report(.sameBytes, "\(parcel.facts.messageID) from \(from) went out with other bytes than before")
        }
        sent[key] = digest
    }

    /// An Acknowledgment leaves a node: what it is about must be on that node's disk.
    func acknowledges(_ facts: WireFacts, by machine: Machine) {
        guard facts.isAcknowledgment, let about = facts.refersTo else { return }
        statistics.acknowledgments += 1
        let isThere = try? machine.database.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM message WHERE direction = 'in' AND messageID = ?)",
                arguments: [about])
        }
        if isThere != true { report(.acknowledgedEarly, "\(machine.name) acknowledges \(about), which is not on its disk") }
    }

    /// A node took an Acknowledgment that came as a message of its own.
    func took(_ facts: WireFacts, _ reply: ExchangeReply, _ name: Town.Name) {
        guard facts.isAcknowledgment, let about = facts.refersTo, (200..<300).contains(reply.status) else { return }
        receipts.insert("\(name) \(about)")
    }

    func hasReceipt(_ name: Town.Name, _ messageID: String) -> Bool { receipts.contains("\(name) \(messageID)") }

    // MARK: - Steps

    func stepped(_ event: StepFeed.Event) {
        let key = "\(event.node) \(event.message.messageID)"
        if steps[key]?[event.step.what] == nil { steps[key, default: [:]][event.step.what] = world.now }
    }

    /// When the first of these steps was told; nil when none was.
    func time(of what: [String], _ name: Town.Name, _ messageID: String) -> Int64? {
        let known = steps["\(name) \(messageID)"] ?? [:]
        return what.compactMap { known[$0] }.min()
    }

    // MARK: - Handing over

    func found(_ handOver: HandOver, by party: String) {
        if let earlier = handOvers[party]?[handOver.folder] {
            if earlier.files != handOver.files {
                report(.twice, "\(party)'s folder \(handOver.folder) held one message, and later another")
            }
            return
        }
        handOvers[party, default: [:]][handOver.folder] = handOver
        world.note("system of \(party)", "takes \(handOver.letter) from \(handOver.folder)")
        statistics.handOvers += 1
    }
}

/// A rule that did not hold.
package struct Violation: Sendable, Hashable, CustomStringConvertible {
    package enum Rule: String, Sendable, CaseIterable {
        case lost = "(a) what was taken must be handed over, or reported:"
        case unverified = "(b) only what was sent may be handed over:"
        case twice = "(c) nothing twice:"
        case acknowledgedEarly = "(d) an Acknowledgment leaves after the commit:"
        case histories = "(e) histories must match:"
        case silentlyLate = "(f) no deadline passes without an alarm:"
        case halfDown = "(g) a node works or is down:"
        case stuck = "everything comes to rest:"
        case refusedWithoutReason = "nothing right is refused for good:"
        case sameBytes = "what is sent again are the same bytes:"
    }

    package let rule: Rule
    package let text: String

    package var description: String { "\(rule.rawValue) \(text)" }
}

package struct Statistics: Sendable, Hashable {
    package var requests = 0
    package var acknowledgments = 0
    package var handOvers = 0
    package var crashes = 0
    package var downs = 0
    package var failed = 0
    package var jobs = 0
}
