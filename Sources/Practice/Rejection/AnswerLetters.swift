/// An answer to a referral that can be told to the family as a letter and to the referrer as a status.
public protocol ReferralAnswer: Sendable {
    var base: LetterCase { get }
    /// The letter to one reader.
    func letter(_ language: WrittenLanguage, to reader: LetterReader) -> Letter
    /// The status message to the referrer.
    var status: StatusText { get }
    /// What is kept, without letters and status.
    var kept: RecordJSON { get }
    /// The texts that a clinician wrote for the family, by the name of the field.
    var authored: [(field: String, text: String)] { get }
}

extension Rejection: ReferralAnswer {
    public func letter(_ language: WrittenLanguage, to reader: LetterReader) -> Letter {
        let people = assessors.map { $0.role.isEmpty ? $0.name : "\($0.name) (\($0.role))" }.joined(separator: " og ")
        var layout = LetterLayout(
            base, contact, received: receivedOn, language, reader,
            [
                "assessors": people, "assessed": assessedOn.written(in: language), "holder": nextHolder.name,
                "holderPhone": nextHolder.phone?.unbroken ?? "",
            ])
        layout.say(.greeting, .rejectionAnswer)
        layout.heading(.rejectionWhyHeading)
        if let phrase = ground.phrase { layout.say(phrase) }
        layout.written(reason)
        layout.heading(.rejectionConsideredHeading)
        layout.say(.received, .rejectionConsidered)
        layout.list(considered)
        layout.say(.assessed)
        if !familySteps.isEmpty {
            layout.heading(.nowHeading)
            layout.list(familySteps)
        }
        layout.services(services, in: bydel)
        layout.heading(.nextHeading)
        layout.say(.next)
        layout.written(nextHolder.does)
        if nextHolder.phone != nil { layout.say(.nextPhone) }
        if complaint.rule.hasNewAssessment {
            layout.heading(.againHeading)
            layout.say(.again, .againWorse)
        }
        layout.complaint(complaint)
        layout.ending(complaint.laws)
        return layout.letter(.rejection)
    }

    public var authored: [(field: String, text: String)] {
        let steps = familySteps.map { "- \($0)" }.joined(separator: "\n")
        return [("reason", reason), ("familySteps", steps), ("nextHolder", nextHolder.does)]
    }
}

extension RejectionGround {
    var phrase: LetterPhrase? {
        switch self {
        case .helpWhereYouLive: .groundHelpWhereYouLive
        case .notSevereEnough: .groundNotSevereEnough
        case .littleBenefit: .groundLittleBenefit
        case .helpedAlready: .groundHelpedAlready
        case .notWished: .groundNotWished
        case .wrongAddressee, .tooLittleInformation: nil
        }
    }
}

extension Acceptance: ReferralAnswer {
    public func letter(_ language: WrittenLanguage, to reader: LetterReader) -> Letter {
        var values = [
            "responsible": responsible.name, "weeks": course.written(in: language), "rhythm": course.rhythm,
            "assessed": assessedOn.written(in: language), "deadline": deadline?.written(in: language) ?? "",
        ]
        if case .noLaterThan(let day) = first { values["latest"] = day.written(in: language) }
        var layout = LetterLayout(base, contact, received: receivedOn, language, reader, values)
        layout.say(.greeting, .acceptanceAnswer)
        layout.heading(.firstHeading)
        switch first {
        case .appointment(let day, let clock, let place):
            let written = day.written(in: language, withWeekday: true)
            layout.facts([(.factWhen, "\(written), klokka \(clock)"), (.factWhere, place.cleanedLine)])
        case .noLaterThan: layout.say(.firstLater)
        }
        if deadline != nil { layout.say(.deadline) }
        layout.heading(.responsibleHeading)
        layout.say(.responsible)
        layout.person(responsible)
        layout.heading(.courseHeading)
        layout.written(course.what)
        layout.say(.course)
        layout.say(.received)
        if let complaint { layout.complaint(complaint) }
        layout.ending(complaint?.laws ?? .lawsRight)
        return layout.letter(.acceptance)
    }

    public var authored: [(field: String, text: String)] { [("course", course.what)] }
}

extension Forwarding: ReferralAnswer {
    public func letter(_ language: WrittenLanguage, to reader: LetterReader) -> Letter {
        var layout = LetterLayout(
            base, contact, received: receivedOn, language, reader,
            [
                "receiver": receiver.name, "receiverFirst": receiver.introduced, "receiverPhone": receiverPhone.unbroken,
                "forwarded": forwardedOn.written(in: language),
            ])
        layout.say(.greeting, .forwardingAnswer)
        layout.heading(.forwardingWhyHeading)
        layout.written(reason)
        layout.heading(.forwardingHeading)
        layout.say(.forwardingContact, .forwardingTime)
        // The unit is named nowhere else here: what its abbreviation stands for is said at its name, unless the receiver's said it.
        layout.ending(nil, signedBy: receiver.explanation == base.unit.explanation ? nil : base.unit.introduced)
        return layout.letter(.forwarding)
    }

    public var authored: [(field: String, text: String)] { [("reason", reason)] }
}
