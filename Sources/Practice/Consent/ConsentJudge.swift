import Foundation

/// Decides whether something may be shared. A pure function of the question, the rules and what was consented to, objected to
/// and withdrawn: asked at submission and again at sending, it may answer otherwise the second time, and then nothing is sent.
public struct ConsentJudge: Sendable {
    public let rules: SharingRules
    public let ages: AgeRules

    public init(rules: SharingRules = .standard, ages: AgeRules = .standard) { (self.rules, self.ages) = (rules, ages) }

    /// - Parameters:
    ///   - consents: everything recorded for the child, objections and expired consents included.
    ///   - withdrawals: everything withdrawn, whatever is left of it.
    public func decide(
        _ question: SharingQuestion, consents: [VerifiedConsent], withdrawals: [ConsentWithdrawal]
    ) -> ConsentDecision {
        let own = Self.newest(consents, at: question.at).filter { $0.record.child.isSame(as: question.child) }
        let withdrawn = withdrawals.filter { $0.at <= question.at }
        let decision = withoutEmergency(question, own, withdrawn)
        guard !decision.isAllowed, question.message != .anonymousDiscussion, let why = question.emergency,
            why.trimmingCharacters(in: .whitespacesAndNewlines).count >= 10,
            rules.emergency.to.contains(question.receiver.service)
        else { return decision }
        let duties: [ConsentDecision.Duty] = [.reviewEmergency, .tellTheFamily] + common(question)
        return .allowed(
            ConsentDecision.Allowance(
                by: .emergency, basis: rules.emergency.basis, reason: rules.emergency.reason, duties: duties))
    }

    /// The newest version of each consent. Where two say to be the same version and differ, nobody knows what was consented to:
    /// of those only objections count.
    static func newest(_ consents: [VerifiedConsent], at instant: Date) -> [VerifiedConsent] {
        let known = Dictionary(grouping: consents.filter { $0.record.givenAt <= instant }, by: \.record.id)
        return known.values.flatMap { versions -> [VerifiedConsent] in
            let last = versions.map(\.record.version).max()
            let newest = versions.filter { $0.record.version == last }
            let isClear = Set(newest.map(\.digest)).count == 1
            return isClear ? Array(newest.prefix(1)) : newest.filter { $0.record.stance == .deny }
        }.sorted { $0.record.id < $1.record.id }
    }

    private func withoutEmergency(
        _ question: SharingQuestion, _ consents: [VerifiedConsent], _ withdrawals: [ConsentWithdrawal]
    ) -> ConsentDecision {
        if let family = toFamily(question, consents, withdrawals) { return family }
        let kinds = question.information.sorted { $0.rawValue < $1.rawValue }
        if kinds.isEmpty, question.message == .anonymousDiscussion {
            return strictest(question, [.dialogue], consents, withdrawals)
        }
        return strictest(question, kinds.isEmpty ? [.dialogue] : kinds, consents, withdrawals)
    }

    /// Every kind of information is judged by its own rule; what stands most in the way decides.
    private func strictest(
        _ question: SharingQuestion, _ kinds: [InformationKind], _ consents: [VerifiedConsent],
        _ withdrawals: [ConsentWithdrawal]
    ) -> ConsentDecision {
        var needs: [ConsentDecision.Need] = []
        var allowance: ConsentDecision.Allowance?
        for kind in kinds {
            switch decide(question, kind, consents, withdrawals) {
            case .refused(let refusal): return .refused(refusal)
            case .needs(let more): needs += more.filter { !needs.contains($0) }
            case .allowed(let found): allowance = allowance.map { Self.joined($0, found) } ?? found
            }
        }
        if !needs.isEmpty { return .needs(needs) }
        return allowance.map { .allowed($0) }
            ?? .needs([ConsentDecision.Need(.consentToShare, receiver: question.receiver.service)])
    }

    private static func joined(
        _ one: ConsentDecision.Allowance, _ other: ConsentDecision.Allowance
    ) -> ConsentDecision.Allowance {
        let duties = one.duties + other.duties.filter { !one.duties.contains($0) }
        switch (one.by, other.by) {
        case (.consent(let mine), .consent(let theirs)):
            return ConsentDecision.Allowance(
                by: .consent(mine + theirs.filter { !mine.contains($0) }), basis: one.basis, reason: one.reason, duties: duties)
        case (.law, .consent):
            return ConsentDecision.Allowance(by: other.by, basis: other.basis, reason: other.reason, duties: duties)
        default:
            return ConsentDecision.Allowance(by: one.by, basis: one.basis, reason: one.reason, duties: duties)
        }
    }

    private func decide(
        _ question: SharingQuestion, _ kind: InformationKind, _ consents: [VerifiedConsent],
        _ withdrawals: [ConsentWithdrawal]
    ) -> ConsentDecision {
        let rule = rules.rules.first { $0.fits(question, kind) }
        switch rule?.requirement {
        case .anonymous?:
            guard question.isClearedAsAnonymous else { return .refused(ConsentDecision.Refusal(.notAnonymous)) }
            return allowed(question, rule)
        case .never?: return .refused(ConsentDecision.Refusal(.neverAllowed, reason: rule?.reason, action: rule?.action))
        case .nothing?: return allowed(question, rule)
        case .noObjection?:
            if isObjected(question, kind, consents, withdrawals) { return .refused(ConsentDecision.Refusal(.objected)) }
            return allowed(question, rule)
        case .consent?, nil:
            if isObjected(question, kind, consents, withdrawals) { return .refused(ConsentDecision.Refusal(.objected)) }
            return byConsent(question, kind, rule, consents, withdrawals)
        }
    }

    private func byConsent(
        _ question: SharingQuestion, _ kind: InformationKind, _ rule: SharingRules.Rule?, _ consents: [VerifiedConsent],
        _ withdrawals: [ConsentWithdrawal]
    ) -> ConsentDecision {
        let check = ConsentFitness(question: question, kind: kind, ages: ages, rules: rules, withdrawals: withdrawals)
        let share = check.best(of: consents.filter { $0.record.scope == .share && $0.record.stance == .permit })
        var needs: [ConsentDecision.Need] = []
        switch share {
        case .refused(let kind)?: return .refused(ConsentDecision.Refusal(kind))
        case .needs(let kind)?: needs.append(ConsentDecision.Need(kind, receiver: question.receiver.service))
        case nil:
            let need = ConsentDecision.Need(.consentToShare, receiver: question.receiver.service)
            needs.append(
                ConsentDecision.Need(need.kind, reason: rule?.reason ?? need.reason, action: rule?.action ?? need.action))
        case .fits?: break
        }
        var used: [VerifiedConsent] = []
        if case .fits(let consent)? = share { used.append(consent) }
        if rule?.needsTreatmentConsent == true {
            let treatment = consents.filter { $0.record.scope == .treatment && $0.record.stance == .permit }
            switch check.best(of: treatment) {
            case .fits(let consent)?: used.append(consent)
            case .refused(let kind)?: return .refused(ConsentDecision.Refusal(kind))
            case .needs, nil: needs.append(ConsentDecision.Need(.consentToTreatment))
            }
        }
        guard needs.isEmpty else { return .needs(needs) }
        let basis = rule?.basis ?? SharingRules.LegalBasis(law: "samtykke", paragraph: nil, certainty: .recalled)
        return .allowed(
            ConsentDecision.Allowance(
                by: .consent(used.map(\.digest)), basis: basis, reason: "Det er samtykket til å dele dette.",
                duties: common(question, uncertain: basis.certainty == .uncertain) + check.duties(of: used)))
    }

    /// An objection counts whoever recorded it, when the one who objects has a say; it is not outdone by an older or newer
    /// consent, only by taking it back.
    private func isObjected(
        _ question: SharingQuestion, _ kind: InformationKind, _ consents: [VerifiedConsent], _ withdrawals: [ConsentWithdrawal]
    ) -> Bool {
        consents.contains { consent in
            let record = consent.record
            guard record.stance == .deny, record.scope == .share, record.status == .active, record.information.contains(kind),
                record.givenAt <= question.at, OsloDay(at: question.at) <= record.validUntil,
                OsloDay(at: question.at) >= record.validFrom,
                !withdrawals.contains(where: { $0.reaches(question.receiver) && $0.isValid(for: consent, ages) }),
                record.to.contains(where: { $0.covers(question.receiver) }),
                record.from.contains(where: { $0.covers(question.sender) })
            else { return false }
            return record.givers.contains { mayObject($0, question) }
        }
    }

    private func mayObject(_ giver: ConsentRecord.Giver, _ question: SharingQuestion) -> Bool {
        let capacity = ages.capacity(born: question.child.birthDate, at: question.at)
        switch giver.role {
        case .youngPerson: return capacity != .guardiansDecide
        case .guardian, .appointedGuardian, .childWelfare: return !capacity.ownDecision
        case .caretaker: return false
        }
    }

    private func allowed(_ question: SharingQuestion, _ rule: SharingRules.Rule?) -> ConsentDecision {
        guard let rule else { return .needs([ConsentDecision.Need(.consentToShare, receiver: question.receiver.service)]) }
        return .allowed(
            ConsentDecision.Allowance(
                by: .law(ruleID: rule.id), basis: rule.basis, reason: rule.reason,
                duties: common(question, uncertain: rule.basis.certainty == .uncertain)))
    }

    private func common(_ question: SharingQuestion, uncertain: Bool = false) -> [ConsentDecision.Duty] {
        var duties: [ConsentDecision.Duty] = []
        if question.situation.hasProtectedAddress { duties.append(.leaveOutAddressAndPhone) }
        if question.situation.keptFromGuardians { duties.append(.keepFromGuardians) }
        if uncertain { duties.append(.basisIsUncertain) }
        return duties
    }
}

extension ConsentJudge {
    private static let information = SharingRules.LegalBasis(
        law: "pasient- og brukerrettighetsloven", paragraph: "§ 3-4", certainty: .recalled)

    /// What goes to the guardians or to the young person. Nil when the receiver is neither.
    private func toFamily(
        _ question: SharingQuestion, _ consents: [VerifiedConsent], _ withdrawals: [ConsentWithdrawal]
    ) -> ConsentDecision? {
        let capacity = ages.capacity(born: question.child.birthDate, at: question.at)
        switch question.receiver.service {
        case .youngPerson:
            guard capacity != .guardiansDecide else { return .refused(ConsentDecision.Refusal(.tooYoungForOwnMail)) }
            return familyAllowed(question, "Ungdommen får vite det som gjelder en selv.")
        case .guardian:
            if question.situation.hasProtectedAddress, !question.situation.representationChecked {
                return .needs([ConsentDecision.Need(.checkOfRepresentation)])
            }
            if capacity.ownDecision {
                // A «no» that is recorded outdoes what somebody says of a power of attorney.
                for kind in question.information where isObjected(question, kind, consents, withdrawals) {
                    return .refused(ConsentDecision.Refusal(.objected))
                }
                if question.situation.guardiansHavePowerOfAttorney {
                    return familyAllowed(question, "Ungdommen har gitt foreldrene fullmakt, eller vil at de skal få dette.")
                }
                let given = question.information.map { byConsent(question, $0, nil, consents, withdrawals) }
                if let first = given.first, given.allSatisfy(\.isAllowed) { return first }
                return .refused(ConsentDecision.Refusal(.youngPersonDecides))
            }
            if question.situation.keptFromGuardians, capacity == .guardiansDecideChildHeard {
                return .refused(ConsentDecision.Refusal(.keptFromGuardians))
            }
            return familyAllowed(question, "De som har foreldreansvar, skal få vite dette.")
        default: return nil
        }
    }

    private func familyAllowed(_ question: SharingQuestion, _ reason: String) -> ConsentDecision {
        var duties = common(question)
        // Said to the one who asked for it, there is nobody to keep it from.
        if question.receiver.service == .guardian { duties.removeAll { $0 == .keepFromGuardians } }
        return .allowed(
            ConsentDecision.Allowance(by: .law(ruleID: "familien"), basis: Self.information, reason: reason, duties: duties))
    }
}
