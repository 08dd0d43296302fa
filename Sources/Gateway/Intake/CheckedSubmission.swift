import Foundation
import GRDB
import Practice

/// What was found out about a submission before it was taken, one part for each receiver.
struct CheckedSubmission: Sendable {
    struct Part: Sendable {
        var checklist: AnsweredChecklist?
        var sharing: CheckedSharing?
        /// What was agreed with the receiver of a discharge summary.
        var followUp: PlannedFollowUp?
        /// What the receiver will miss.
        var lacks: [String] = []
        /// Sealed with the document.
        private var sealedChecklist: [UInt8]?

        init(checklist: AnsweredChecklist? = nil, lacks: [String] = []) { (self.checklist, self.lacks) = (checklist, lacks) }

        /// For the sender, when the message was taken all the same.
        var remarks: [String] { lacks + (sharing?.remarks ?? []) }

        /// Before the commit: sealing takes time.
        mutating func seal(with payload: StoredPayload, in vault: PayloadVault) throws(StoreError) {
            try sharing?.seal(with: payload, in: vault)
            try followUp?.seal(with: payload, in: vault)
            guard let checklist else { return }
            sealedChecklist = try vault.sealed(String(decoding: checklist.bytes, as: UTF8.self), with: payload)
        }

        /// - Parameter lease: whether the commit also takes the lease of the first attempt.
        /// - Returns: what is settled about sharing as of this commit.
        func insert(message: Int64, withLease lease: Bool, in database: Database) throws -> SettledSharing? {
            if let sealedChecklist { try ChecklistRows.insert(sealedChecklist, message: message, in: database) }
            try followUp?.insert(message: message, in: database)
            return try sharing?.insert(message: message, withLease: lease, in: database)
        }
    }
}
