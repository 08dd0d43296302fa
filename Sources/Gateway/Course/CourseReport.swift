import Envelope
public import Foundation
import GRDB

/// A referral's course as it is shown: the first message, each later one, its answers, and until when it must be answered.
public struct CourseReport: Sendable, Hashable, Codable {
    public struct Step: Sendable, Hashable, Codable {
        /// This node's number of the message.
        public let message: Int64
        public let direction: MessageRecord.Direction
        public let at: Date
        public let state: MessageState
        /// List 7309, or `S` for a status.
        public let what: String
        /// Of a status: list 9148.
        public let code: String?
        /// The code in words.
        public let name: String
        /// Of a status: whom to call.
        public let contact: String?
        public let sender: String
        public let receiver: String
        /// `joined`; `waiting` until the first comes; `foreign` when it is another sender's referral.
        public let standing: String
    }

    /// `ServReq/Id`.
    public let referral: String?
    public let steps: [Step]
    /// Until when it must be answered; absent when nobody waits.
    public let answerBy: Date?
    public let isCancelled: Bool
    /// List 9148 of the newest status; absent when there is none.
    public let status: String?
    /// Whom to call, as the newest status that names somebody says.
    public let contact: String?
}

extension CourseReport {
    /// nil when the message belongs to no course.
    init?(of message: Int64, in database: Database, vault: PayloadVault) throws {
        guard let row = try CourseRow.fetch(database, message: message) else { return nil }
        let rows = try row.first.map { try CourseRow.fetch(database, first: $0) } ?? [row]
        let course = Course(rows)
        steps = try rows.map { try Step($0, in: database, vault: vault) }
        referral = rows.lazy.compactMap(\.referral).first
        answerBy = rows.filter { $0.what != .status }.compactMap(\.answerBy).min()
        isCancelled = course.cancellation != nil
        status = course.statuses.last?.code
        contact = steps.last { $0.contact != nil }?.contact
    }
}

extension CourseReport.Step {
    fileprivate init(_ row: CourseRow, in database: Database, vault: PayloadVault) throws {
        let record = try MessageRecord.fetch(database, id: row.message)
        let document = try PartRecord.fetch(database, message: row.message).first
        (message, direction, sender, receiver) = (row.message, row.direction, row.sender, row.receiver)
        (at, state) = (record?.created ?? row.generated, record?.state ?? .filed)
        (what, code, standing) = (row.what.rawValue, row.code, row.standing.rawValue)
        name =
            row.code.map { HenvisningStatus.names[$0] ?? "9148 = \($0)" } ?? ServType.names[row.what.rawValue]
            ?? row.what.rawValue
        contact =
            if let bytes = row.contact, let document {
                try vault.text(of: bytes, with: document.payload)
            } else { nil }
    }
}

extension GatewayStore {
    /// The course of the referral that a message belongs to.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is no such message, or it belongs to no referral.
    public func course(of name: String) throws -> CourseReport {
        let reports = try read { database in
            let known = try CourseRow.fetch(database, referral: name)
            let firsts = known.compactMap(\.first)
            let messages = try MessageRecord.find(database, name).map(\.id) + (firsts.isEmpty ? known.map(\.message) : firsts)
            return try messages.compactMap { try CourseReport(of: $0, in: database, vault: vault) }
        }
        guard let first = reports.first else {
            throw StoreError(
                .notFound,
                reason:
                    "'\(name.prefix(80))' is no referral of this node, nor a status of one; see 'msggw status' and 'msggw inbox list'"
            )
        }
        if let other = reports.first(where: { $0.steps.map(\.message) != first.steps.map(\.message) }) {
            throw StoreError(
                .ambiguous,
                reason: "'\(name.prefix(80))' names several referrals; say which by a number: "
                    + [first, other].compactMap { $0.steps.first.map { "#\($0.message)" } }.joined(separator: ", "))
        }
        return first
    }
}
