public import Foundation

/// An answer to a referral as a system or a person hands it over: JSON in which anything may be missing, so that what is missing is
/// said by ``LetterRefusal`` and all at once. Days are `2026-11-22`, telephones as people write them. Unknown members are passed over.
public struct AnswerFile: Sendable, Decodable {
    public enum Kind: String, Sendable, Decodable { case rejection, acceptance, forwarding }

    public struct Unit: Sendable, Decodable {
        public var name: String?
        public var explanation: String?
    }

    public struct Person: Sendable, Decodable {
        public var name: String?
        public var role: String?
        public var phone: PhoneNumber?
        public var hours: String?
        public var hpr: String?
    }

    public struct Service: Sendable, Decodable {
        public var name: String?
        public var what: String?
        public var phone: PhoneNumber?
        public var address: String?
    }

    public struct Holder: Sendable, Decodable {
        public var name: String?
        public var does: String?
        public var phone: PhoneNumber?
    }

    public struct Complaint: Sendable, Decodable {
        public var rule: ComplaintRule?
        public var madeKnown: LetterDay?
        public var sendTo: [String]?
        public var appealBody: String?
        public var ombud: PhoneNumber?
    }

    public struct Course: Sendable, Decodable {
        public var weeksFrom: Int?
        public var weeksTo: Int?
        public var rhythm: String?
        public var what: String?
    }

    public struct First: Sendable, Decodable {
        public var day: LetterDay?
        public var clock: String?
        public var place: String?
        public var latest: LetterDay?
    }

    public var kind: Kind
    public var unit: Unit?
    public var child: String?
    public var referrer: String?
    public var referral: String?
    public var receivedOn: LetterDay?
    public var contact: Person?
    public var assessedOn: LetterDay?
    public var complaint: Complaint?
    // A rejection.
    public var ground: RejectionGround?
    public var reason: String?
    public var considered: [String]?
    public var assessors: [Person]?
    public var adviceToReferrer: String?
    public var familySteps: [String]?
    public var bydel: String?
    public var services: [Service]?
    public var nextHolder: Holder?
    public var decidedUnder: ComplaintRule?
    // An acceptance.
    public var responsible: Person?
    public var course: Course?
    public var first: First?
    public var deadline: LetterDay?
    // A hand-over; `reason` is said above.
    public var receiver: Unit?
    public var receiverPhone: PhoneNumber?
    public var forwardedOn: LetterDay?

    /// The most that is read: an answer is some pages, never a book.
    public static let largest = 1 << 20

    /// - Throws: ``AnswerFileError`` with the place, never with what stood there.
    public init(parsing json: Data) throws(AnswerFileError) {
        guard json.count <= Self.largest else { throw AnswerFileError(place: "", reason: "is larger than \(Self.largest) bytes") }
        do {
            self = try JSONDecoder().decode(AnswerFile.self, from: json)
        } catch let error as DecodingError {
            throw AnswerFileError(error)
        } catch {
            throw AnswerFileError(place: "", reason: "is not JSON")
        }
    }

    /// The answer, checked. What the right to complain lacks is said together with all else that is missing.
    public func answer(_ calendar: ComplaintCalendar) throws(LetterRefusal) -> any ReferralAnswer {
        var (right, faults, lacks): (ComplaintRight?, [LetterLack], [LetterLack]) = (nil, [], [])
        do { right = try self.right(calendar) } catch { faults = error.lacks }
        do {
            let answer = try answer(with: right)
            if faults.isEmpty { return answer }
        } catch {
            lacks = error.lacks.filter { $0 != .complaintRight || faults.isEmpty }
        }
        throw LetterRefusal(lacks + faults)
    }

    private func answer(with right: ComplaintRight?) throws(LetterRefusal) -> any ReferralAnswer {
        switch kind {
        case .rejection: try Rejection(rejection(right))
        case .acceptance: try Acceptance(acceptance(right))
        case .forwarding:
            try Forwarding(
                base, to: receiver.map { LetterUnit($0.name ?? "", explanation: $0.explanation) }, phone: receiverPhone,
                on: forwardedOn, reason: reason ?? "")
        }
    }

    private var base: LetterCase {
        LetterCase(
            unit: LetterUnit(unit?.name ?? "", explanation: unit?.explanation), child: child ?? "", referrer: referrer ?? "",
            receivedOn: receivedOn, referral: referral ?? "", contact: contact?.value)
    }

    private func rejection(_ right: ComplaintRight?) -> RejectionDraft {
        var draft = RejectionDraft(base)
        (draft.ground, draft.reason, draft.considered) = (ground, reason ?? "", considered ?? [])
        (draft.assessors, draft.assessedOn) = ((assessors ?? []).map(\.value), assessedOn)
        (draft.adviceToReferrer, draft.familySteps) = (adviceToReferrer ?? "", familySteps ?? [])
        draft.bydel = bydel ?? ""
        draft.services = (services ?? []).map {
            LetterService($0.name ?? "", what: $0.what ?? "", phone: $0.phone, address: $0.address)
        }
        draft.nextHolder = nextHolder.map { NextHolder($0.name ?? "", does: $0.does ?? "", phone: $0.phone) }
        draft.decidedUnder = decidedUnder ?? .specialistHealth
        draft.complaint = right
        return draft
    }

    private func acceptance(_ right: ComplaintRight?) -> AcceptanceDraft {
        var draft = AcceptanceDraft(base)
        (draft.responsible, draft.deadline, draft.assessedOn) = (responsible?.value, deadline, assessedOn)
        if let course, let from = course.weeksFrom, let to = course.weeksTo, from <= to {
            draft.course = ExpectedCourse(weeks: from...to, rhythm: course.rhythm ?? "", what: course.what ?? "")
        }
        if let day = first?.day {
            draft.first = .appointment(day, clock: first?.clock ?? "", place: first?.place ?? "")
        } else {
            draft.first = first?.latest.map { .noLaterThan($0) }
        }
        draft.complaint = right
        return draft
    }

    private func right(_ calendar: ComplaintCalendar) throws(LetterRefusal) -> ComplaintRight? {
        guard let complaint, let rule = complaint.rule, let day = complaint.madeKnown else { return nil }
        return try ComplaintRight(
            rule: rule, madeKnown: day, calendar: calendar, sendTo: complaint.sendTo ?? [],
            appealBody: complaint.appealBody ?? "",
            ombud: complaint.ombud)
    }
}

extension AnswerFile.Person {
    var value: LetterPerson { LetterPerson(name ?? "", role: role ?? "", phone: phone, hours: hours, hpr: hpr) }
}

/// A file that cannot be read as an answer.
public struct AnswerFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `assessors.0.phone`; empty for the file itself.
    public let place: String
    public let reason: String

    init(place: String, reason: String) { (self.place, self.reason) = (place, reason) }

    init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(_, let context): self.init(context, "is of the wrong type")
        case .valueNotFound(_, let context): self.init(context, "has no value")
        case .keyNotFound(let key, let context): self.init(context, "is missing", key)
        case .dataCorrupted(let context): self.init(context, context.codingPath.isEmpty ? "is not JSON" : "cannot be read")
        @unknown default: self.init(place: "", reason: "cannot be read")
        }
    }

    private init(_ context: DecodingError.Context, _ reason: String, _ last: (any CodingKey)? = nil) {
        let path = context.codingPath + (last.map { [$0] } ?? [])
        self.init(place: path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "."), reason: reason)
    }

    public var description: String { "the answer: \(place.isEmpty ? "the file" : place) \(reason)" }
}

extension LetterDay: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = LetterDay(iso: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no day")
        }
        self = day
    }
}

extension PhoneNumber: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let phone = PhoneNumber(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no telephone")
        }
        self = phone
    }
}
