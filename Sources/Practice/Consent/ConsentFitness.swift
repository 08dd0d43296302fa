import Foundation

/// How well one consent fits a question: whose word it is, whether it holds today, and whether it reaches far enough.
struct ConsentFitness {
    enum Outcome: Hashable {
        case fits(VerifiedConsent)
        case needs(ConsentDecision.Need.Kind)
        case refused(ConsentDecision.Refusal.Kind)
    }

    let question: SharingQuestion
    let kind: InformationKind
    let ages: AgeRules
    let rules: SharingRules
    let withdrawals: [ConsentWithdrawal]

    /// The best of several: one that fits; else that the parents disagree; else the nearest miss; else that it was withdrawn.
    /// Nil when there is none at all, or none that is about this receiver.
    func best(of consents: [VerifiedConsent]) -> Outcome? {
        let outcomes = consents.map(judge)
        if outcomes.contains(.refused(.guardiansDisagree)) { return .refused(.guardiansDisagree) }
        for outcome in outcomes {
            if case .fits = outcome { return outcome }
        }
        for need in Self.order where outcomes.contains(.needs(need)) { return .needs(need) }
        return outcomes.contains(.refused(.withdrawn)) ? .refused(.withdrawn) : nil
    }

    /// From the nearest miss to the farthest.
    private static let order: [ConsentDecision.Need.Kind] = [
        .sameBirthDate, .checkOfRepresentation, .otherGuardian, .youngPerson, .childWelfareService, .guardian, .renewal,
        .wideInformation, .widePurpose, .wideReceiver,
    ]

    func judge(_ consent: VerifiedConsent) -> Outcome {
        let record = consent.record
        guard record.status == .active, record.givenAt <= question.at else { return .refused(.withdrawn) }
        guard record.child.birthDate == question.child.birthDate else { return .needs(.sameBirthDate) }
        if record.scope == .share, let missing = reach(record) { return .needs(missing) }
        if withdrawals.contains(where: { $0.consentID == record.id && $0.reaches(question.receiver) }) {
            return .refused(.withdrawn)
        }
        let today = OsloDay(at: question.at)
        guard record.validFrom <= today, today <= record.validUntil else { return .needs(.renewal) }
        if question.situation.hasProtectedAddress, !question.situation.representationChecked,
            !record.givers.contains(where: { $0.role == .youngPerson || $0.role == .childWelfare })
        {
            return .needs(.checkOfRepresentation)
        }
        if let missing = givers(record) { return missing }
        return .fits(consent)
    }

    func duties(of consents: [VerifiedConsent]) -> [ConsentDecision.Duty] {
        guard ages.capacity(born: question.child.birthDate, at: question.at) == .guardiansDecideChildHeard else { return [] }
        let views = Set(consents.map(\.record.childsView))
        if views.contains(.disagrees) { return [.childDisagrees] }
        return views.contains(.notHeard) ? [.hearTheChild] : []
    }

    private func reach(_ record: ConsentRecord) -> ConsentDecision.Need.Kind? {
        let forward =
            record.from.contains { $0.covers(question.sender) } && record.to.contains { $0.covers(question.receiver) }
        let back =
            record.isMutual && record.to.contains { $0.covers(question.sender) }
            && record.from.contains { $0.covers(question.receiver) }
        guard forward || back else { return .wideReceiver }
        guard record.information.contains(kind) else { return .wideInformation }
        return record.purposes.contains(question.purpose) ? nil : .widePurpose
    }

    /// Nil when those who gave it decide for the child today.
    private func givers(_ record: ConsentRecord) -> Outcome? {
        let roles = Set(record.givers.map(\.role))
        if ages.capacity(born: question.child.birthDate, at: question.at).ownDecision {
            let isOwn = roles.contains(.youngPerson)
            let wasOldEnough = record.givenAt >= ages.reaches(ages.decidesFrom, born: question.child.birthDate)
            return isOwn && wasOldEnough ? nil : .needs(.youngPerson)
        }
        if question.situation.responsibility == .childWelfareHasCare {
            return roles.contains(.childWelfare) ? nil : .needs(.childWelfareService)
        }
        if roles.contains(.appointedGuardian) { return nil }
        let guardians = record.givers.filter { $0.role == .guardian }.count
        // Said by one that the other disagrees: it stands, also when two are listed.
        if record.otherGuardian == .disagrees { return .refused(.guardiansDisagree) }
        switch guardians {
        case 0: return .needs(.guardian)
        case 1: return alone(record)
        default: return nil
        }
    }

    private func alone(_ record: ConsentRecord) -> Outcome? {
        if question.situation.responsibility == .one { return nil }
        switch record.otherGuardian {
        // «No other» is the recorder's word; a register that says both have responsibility outdoes it.
        case .noOther: return question.situation.responsibility == .both ? .needs(.otherGuardian) : nil
        case .agrees: return nil
        case .notReached: return rules.oneGuardianWhenOtherNotReached ? nil : .needs(.otherGuardian)
        case .notAsked, nil: return .needs(.otherGuardian)
        case .disagrees: return .refused(.guardiansDisagree)
        }
    }
}

extension ConsentDecision.Need {
    init(_ kind: Kind, reason: String, action: String) { (self.kind, self.reason, self.action) = (kind, reason, action) }
}
