import ArgumentParser
import Envelope
import Foundation
import Gateway

extension MsgGW {
    struct InboxCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inbox", abstract: "See and save what the node has received.",
            discussion: "Without a subcommand it lists. Looking changes nothing; saving tells the sender that you have it.",
            subcommands: [List.self, Show.self, Save.self],
            defaultSubcommand: List.self)
    }
}

extension MsgGW.InboxCommand {
    /// One received message, as `list` and `show` print it in JSON.
    struct ReceivedMessage: Encodable {
        let number: Int64
        let received: Date
        let state, kind, sender, receiver, messageID, documentID, conversationID, protection: String
        /// Who has it, when that is no longer the receiver.
        let holder: String?
        let attachments: [Inbox.AttachmentEntry]?
        let course: CourseReport?

        init(
            _ message: MessageRecord, holder: String?, attachments: [Inbox.AttachmentEntry]? = nil, course: CourseReport? = nil
        ) {
            self.course = course
            self.holder = holder == message.receiver ? nil : holder
            (number, received, state, kind) = (message.id, message.created, message.state.rawValue, message.kind)
            (sender, receiver, messageID) = (message.sender, message.receiver, message.messageID)
            (documentID, conversationID) = (message.documentID, message.conversationID)
            (protection, self.attachments) = (message.protection.rawValue, attachments)
        }
    }
}
