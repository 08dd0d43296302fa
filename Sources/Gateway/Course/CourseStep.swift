import Envelope
import Foundation

/// What a document is in a referral's course: the referral, a later one with the same `ServReq/Id`, or a status that answers it.
struct CourseStep: Sendable {
    enum What: String, Sendable {
        case new = "N"
        case change = "M"
        case addition = "A"
        case cancellation = "C"
        case history = "H"
        /// List 9148.
        case status = "S"

        /// Whether it is the referral as a whole, so that what came before no longer holds.
        var isWhole: Bool { self == .new || self == .change }
    }

    let what: What
    /// `ServReq/Id`; nil of a status.
    let referral: String?
    /// MsgIds that a status refers to.
    let about: [String]
    /// List 9148.
    let code: String?
    let generated: Date
    /// HER-id of the first referrer, as whoever handed the referral over states it.
    let referrer: String?
    /// Sealed with the document: whom to call.
    let contact: [UInt8]?

    /// nil for documents of other kinds.
    ///
    /// - Parameter seal: seals a text with the document.
    init?(_ summary: DocumentSummary, seal: (String) throws -> [UInt8]) rethrows {
        let kind = MessageType(rawValue: summary.type.code ?? "")
        generated = summary.generated.date
        if kind == .dialogStatusHenvisning {
            guard let reference = summary.conversation, let note = summary.note, let status = note.theme.code else { return nil }
            (what, referral, referrer, code) = (.status, nil, nil, status)
            about = Set([reference.parent, reference.conversation].filter { !$0.isEmpty }).sorted()
            contact = try note.contact.map { try seal(String($0.prefix(200))) }
            return
        }
        guard DeadlineTable.referrals.contains(kind), let id = summary.documentID, !id.isEmpty else { return nil }
        let stated = What(rawValue: summary.serviceType?.rawValue ?? "") ?? .new
        // At a new door it is the first, whatever it was before.
        what = summary.firstReferrer != nil && stated == .change ? .new : stated == .status ? .new : stated
        (referral, referrer) = (String(id.prefix(200)), summary.firstReferrer)
        (about, code, contact) = ([], nil, nil)
    }
}
