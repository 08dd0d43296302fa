import Envelope
import Foundation
import GRDB
import TestSupport

@testable import Gateway

/// A store with messages of which nothing matters but how far they have come.
struct LedgerFixture {
    let scratch: ScratchFolder
    let store: GatewayStore

    init() throws {
        scratch = try ScratchFolder()
        try scratch.write(StoreKey.newFile(), to: "store.key")
        store = try Self.open(scratch)
    }

    static func open(_ scratch: ScratchFolder) throws -> GatewayStore {
        try GatewayStore(
            folder: URL(filePath: scratch.path + "/store"), key: try StoreKey(file: scratch.path + "/store.key"))
    }

    static func record(_ state: MessageState, due: Date? = TestPKI.now) -> MessageRecord {
        let direction: MessageRecord.Direction = state == .opened || state == .filed ? .in : .out
        return MessageRecord(
            id: 0, direction: direction, state: state, kind: "HENVISNING", messageID: UUID().uuidString, conversationID: "c",
            documentID: "", documentGenerated: "", cpaID: "", sender: "1", receiver: "2", protection: .strong,
            created: TestPKI.now, updated: TestPKI.now, due: due, attempts: 0, failure: nil, answers: nil)
    }

    /// A message brought to that state by the events that lead there.
    static func message(in state: MessageState, _ database: Database) throws -> Int64 {
        switch state {
        case .opened, .filed:
            let id = try Ledger.insert(
                record(.opened), .opened(detail: nil, digest: [1]), at: TestPKI.now, by: .node, in: database
            ).message.id
            if state == .filed { try Ledger.apply(.filed, to: id, at: TestPKI.now, by: .node, in: database) }
            return id
        default:
            let id = try Ledger.insert(record(.taken), .taken, at: TestPKI.now, by: .node, in: database).message.id
            for event in way(to: state) { try Ledger.apply(event, to: id, at: TestPKI.now, by: .node, in: database) }
            return id
        }
    }

    private static func way(to state: MessageState) -> [MessageEvent] {
        let sealed = MessageEvent.sealed(detail: "strong", digest: [1])
        return switch state {
        case .taken, .opened, .filed: []
        case .sealed: [sealed]
        case .delivered: [sealed, event(.delivered)]
        case .accepted: [sealed, event(.accepted)]
        case .rejected: [sealed, event(.rejected)]
        case .failed: [sealed, event(.refused)]
        case .held: [sealed, event(.held)]
        case .cancelled: [sealed, event(.cancelled)]
        case .sent: [sealed, event(.sent)]
        }
    }

    /// An event of that kind, with something in every field.
    static func event(_ kind: MessageEvent.Kind, at now: Date = TestPKI.now) -> MessageEvent {
        switch kind {
        case .taken: .taken
        case .sealed: .sealed(detail: "strong, 1 bytes", digest: [1])
        case .postponed: .postponed(reason: "nobody there", until: now + 60)
        case .handedOver: .handedOver(until: now + 60)
        case .sent: .sent
        case .askedAgain: .askedAgain
        case .delivered: .delivered(receiptID: "r", evidence: Array("acknowledgment".utf8))
        case .refused: .refused(reason: "SecurityFailure", evidence: Array("error".utf8))
        case .failed: .failed(reason: "cannot be sealed")
        case .expired: .expired(reason: "nobody took it")
        case .held: .held(reason: "a person must look")
        case .released: .released
        case .retried: .retried
        case .redirected: .redirected(destination: "https://other.example:443")
        case .cancelled: .cancelled(reason: "sent by mistake")
        case .accepted: .accepted(detail: nil)
        case .rejected: .rejected(detail: "E10")
        case .answeredUnknown: .answeredUnknown
        case .opened: .opened(detail: nil, digest: [1])
        case .filed: .filed
        case .receipted: .receipted
        case .settled: .settled
        case .read: .read(how: "document shown", purpose: "treatment")
        case .leased: .leased(by: 7, until: now + 300)
        case .leaseReturned: .leaseReturned(crashed: true)
        }
    }
}
