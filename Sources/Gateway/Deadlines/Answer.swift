import Envelope
import Foundation
import GRDB

/// A document as the answer to an earlier one: which, and between whom.
struct Answer: Sendable {
    private let kind: String
    /// MsgIds that it refers to: of the message answered, and of the first of the conversation.
    private let about: Set<String>
    /// "The referral has been forwarded": whoever forwarded it has answered, and who waits still waits.
    private let isForwarding: Bool

    /// nil when the document refers to nothing.
    init?(_ summary: DocumentSummary, status: HenvisningStatus? = nil) {
        guard let reference = summary.conversation else { return nil }
        kind = summary.type.code ?? ""
        about = Set([reference.parent, reference.conversation].filter { !$0.isEmpty })
        isForwarding = status == .forwarded
    }

    /// - Parameter summary: the document's own.
    init?(_ document: ClinicalDocument, _ summary: DocumentSummary) {
        var status: HenvisningStatus?
        if case .msgHead(let head) = document {
            status = head.dialogmelding?.notater.lazy.compactMap { HenvisningStatus($0.temaKodet) }.first
        }
        self.init(summary, status: status)
    }

    /// Whether a document of kind `kind` answers one of kind `asked`.
    static func isAnswer(_ kind: String, to asked: String) -> Bool {
        switch MessageType(rawValue: asked) {
        case .henvisning, .henvisningBUP, .henvisningRehabilitering, .henvisningNyTilstand, .henvisningVidere:
            [MessageType.dialogStatusHenvisning, .dialogAvvik].contains(MessageType(rawValue: kind))
        case .dialogForesporsel: [MessageType.dialogSvar, .dialogAvvik].contains(MessageType(rawValue: kind))
        // What the settings give an answer to: any later document about it.
        default: kind != MessageType.appRec.rawValue
        }
    }

    /// Takes down what waited for this answer.
    ///
    /// - Parameters:
    ///   - direction: of the answer itself.
    ///   - sender: who gives it.
    ///   - receiver: who gets it.
    func settle(
        _ direction: MessageRecord.Direction, from sender: String, to receiver: String, at now: Date, in database: Database
    ) throws {
        if isForwarding, direction == .in { return }
        let asking = direction == .in ? MessageRecord.Direction.out : .in
        var asked = try about.sorted().flatMap { id in
            try MessageRecord.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                        WHERE name.kind = 'document' AND name.value = ? AND direction = ? AND sender = ? AND answerBy IS NOT NULL
                        """),
                arguments: [id, asking.rawValue, receiver])
        }
        if Self.isAnswer(kind, to: MessageType.henvisning.rawValue) {
            // Whichever of a referral's documents it names, it answers the referral.
            let course = try about.sorted().flatMap { try CourseRow.waiting(database, document: $0, asking, from: receiver) }
            asked += course.filter { one in !asked.contains { $0.id == one.id } }
        }
        asked = try asked.filter { message in
            // What follows a discharge is answered by who takes over, and by nothing else.
            try Self.isAnswer(kind, to: message.kind)
                && (message.kind != MessageType.epikrise.rawValue || !TakeOverStep.isPlanned(database, message.id))
        }
        // One that was forwarded is answered by somebody else than it was sent to.
        let direct = asked.filter { $0.receiver == sender }
        for message in direct.isEmpty ? asked : direct { try AlertBoard.settle(.answered, of: message.id, at: now, in: database) }
    }
}
