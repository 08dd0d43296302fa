import Envelope
import Foundation
import Gateway
import NodeTestSupport
import Practice
import TestSupport

/// The answers of `samples/flow2`, and a converter that makes no real PDF.
enum Answers {
    static let converter = LetterConverter { page in Array("%PDF-1.7 \(page.count)\n%%EOF\n".utf8) }
    static let mailbox = ["letters.mailbox": "80000120"]
    static let referralKinds = ["HENVISNING_BUP"]

    static func file(_ name: String, replacing changes: KeyValuePairs<String, String> = [:]) throws -> AnswerFile {
        let path = Repository.root.appending(path: "samples/flow2/\(name).json")
        var text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        for (old, new) in changes {
            guard text.contains(old) else { throw TestPKIError(description: "the answer does not hold what the test replaces") }
            text = text.replacing(old, with: new)
        }
        return try AnswerFile(parsing: Data(text.utf8))
    }

    static func rejection(replacing changes: KeyValuePairs<String, String> = [:]) throws -> AnswerOrder {
        AnswerOrder(.rejection, try file("avslag", replacing: changes))
    }

    static func acceptance() throws -> AnswerOrder { AnswerOrder(.acceptance, try file("inntak")) }

    static func forwarding(to door: String) throws -> AnswerOrder {
        var order = AnswerOrder(.forwarding, try file("videresendt", replacing: ["BUP Syd tar imot": "De tar imot"]))
        order.file.receiver = nil
        order.door = HERID(door)
        return order
    }

    /// The last received document of that kind.
    static func received(_ kind: String, at node: Node, number: Int = 0) async throws -> [UInt8] {
        let found = try node.inbox.list().filter { $0.kind == kind }
        guard found.count > number else { throw TestPKIError(description: "nothing of the kind \(kind) was received") }
        return try await node.store.receivedDocument(
            String("#\(found[number].id)"), for: Reading(by: .node, purpose: nil, at: TestPKI.now))
    }

    static func dialog(_ bytes: [UInt8]) throws -> MsgHead {
        guard case .msgHead(let head) = try ClinicalDocument(parsing: bytes) else {
            throw TestPKIError(description: "no MsgHead")
        }
        return head
    }

    /// Until when the referral must be answered, as that node sees it; nil when nobody waits.
    static func deadline(_ node: Node, _ direction: MessageRecord.Direction, of name: String = Referral.documentID) throws
        -> Date?
    {
        try node.store.trace(of: name).messages.first { $0.direction == direction && referralKinds.contains($0.kind) }?
            .deadlines.answered
    }
}
