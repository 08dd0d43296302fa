/// Finds the door for a need. The same question, data and day give the same answer.
public struct Resolver: Sendable {
    public let registry: DoorRegistry
    public init(_ registry: DoorRegistry) { self.registry = registry }

    /// Who meets this need for somebody who lives there, on that day.
    ///
    /// A protected address is answered before anything is looked up: neither the outcome nor the reasons depend on a place.
    public func resolve(_ need: Need, for place: Place, on day: DoorDay, gp: AssignedGP = .unknown) -> Resolution {
        func answer(_ outcome: Resolution.Outcome, _ why: [Resolution.Reason] = []) -> Resolution {
            Resolution(need: need, day: day, outcome: outcome, why: why)
        }
        if case .protected = place { return answer(.protected) }
        guard let rule = registry.rules[need] else { return answer(.none(.unknownNeed)) }
        if rule.reach == [.assignment] { return resolve(gp, need: need, on: day) }
        let area: AreaID
        switch located(place, on: day) {
        case .one(let found): area = found
        case .several(let areas): return answer(.placeUnclear(areas))
        case .nowhere(let absence): return answer(.none(absence))
        }
        var why = describe(area, on: day)
        let atoms = registry.book.geography.atoms(of: area)
        for reach in rule.reach {
            let fits = candidates(rule, reach, atoms: atoms, on: day)
            guard !fits.isEmpty else { continue }
            return answer(choose(fits, atoms: atoms, on: day, why: &why), why)
        }
        return answer(.none(rule.reach.contains(.area) ? .noService : .noCatchment), why)
    }

    // MARK: The place

    enum Located { case one(AreaID), several([AreaID]), nowhere(Resolution.Absence) }

    /// The area that is meant, as it stands on that day; an area that has ended is still understood.
    func located(_ place: Place, on day: DoorDay) -> Located {
        let geography = registry.book.geography
        switch place {
        case .protected, .unknown: return .nowhere(.noPlace)
        case .area(let id): return .one(id)
        case .named(let name):
            let all = geography.areas(named: name)
            let holding = all.filter { $0.period.contains(day) }
            let meant = holding.isEmpty ? all : holding
            // A bydel and its part may share a name; the whole is meant.
            let wholes = meant.filter { area in !meant.contains { $0.id == area.parent } }
            if wholes.count > 1 { return .several(wholes.map(\.id).sorted()) }
            if let found = wholes.first { return .one(found.id) }
            // A registry without areas knows bydeler by the names in it.
            let stated = AreaID(name)
            return registry.doors(of: registry.rules.values.flatMap(\.serviceTypes), for: [stated]).isEmpty
                ? .nowhere(.unknownPlace) : .one(stated)
        }
    }

    private func describe(_ area: AreaID, on day: DoorDay) -> [Resolution.Reason] {
        let geography = registry.book.geography
        guard let known = geography.areas[area], let last = known.period.to, last < day else { return [.place(area)] }
        let now = geography.holders(of: geography.atoms(of: area), on: day).map(\.id)
        let reform = geography.reforms.last { $0.ends.contains(area) }?.id
        return [.place(area), .areaEnded(area, lastDay: last, now: now, reform: reform)]
    }

    // MARK: Who fits

    private struct Fit {
        let door: Door
        let atoms: [AreaID]
        /// How large the area is that it is for: the smaller, the nearer.
        let size: Int
        /// Whether the area that ties it here still exists.
        let standsOnEndedArea: Bool
        let period: DoorPeriod
        let reason: Resolution.Reason
    }

    private func candidates(
        _ rule: NeedRule, _ reach: NeedRule.Reach, atoms: [AreaID], on day: DoorDay
    ) -> [Fit] {
        switch reach {
        case .catchment: catchmentFits(rule, atoms: atoms)
        case .area: areaFits(rule, atoms: atoms, on: day)
        case .assignment: []
        }
    }

    private func catchmentFits(_ rule: NeedRule, atoms: [AreaID]) -> [Fit] {
        let geography = registry.book.geography
        return registry.catchments(for: rule.need, of: atoms).compactMap { catchment in
            guard let door = registry.complete(catchment.door) else { return nil }
            let pieces = Set(catchment.areas.flatMap { geography.atoms(of: $0) })
            let covering = catchment.areas.first { !Set(geography.atoms(of: $0)).isDisjoint(with: atoms) }
            return Fit(
                door: door, atoms: atoms.filter(pieces.contains), size: pieces.count, standsOnEndedArea: false,
                period: door.period.intersection(catchment.period),
                reason: .catchment(door.id, covers: covering ?? catchment.areas[0]))
        }
    }

    private func areaFits(_ rule: NeedRule, atoms: [AreaID], on day: DoorDay) -> [Fit] {
        let geography = registry.book.geography
        return registry.doors(of: rule.serviceTypes, for: atoms).compactMap { id in
            guard let door = registry.complete(id), let area = registry.area(of: id) else { return nil }
            guard isOfBusiness(door, rule) else { return nil }
            let pieces = geography.atoms(of: area)
            return Fit(
                door: door, atoms: atoms.filter(Set(pieces).contains), size: pieces.count,
                standsOnEndedArea: geography.areas[area]?.period.isOver(on: day) ?? false, period: door.period,
                reason: .ownArea(id, area))
        }
    }

    func isOfBusiness(_ door: Door, _ rule: NeedRule) -> Bool {
        let business = door.businessType ?? door.parent.flatMap { registry[$0]?.businessType }
        return rule.businessTypes.isEmpty || business.map(rule.businessTypes.contains) ?? false
    }

    // MARK: Which of them

    private func choose(
        _ fits: [Fit], atoms: [AreaID], on day: DoorDay, why: inout [Resolution.Reason]
    ) -> Resolution.Outcome {
        var valid: [Fit] = []
        for fit in fits {
            if !fit.door.isActive {
                why.append(.inactive(fit.door.id))
            } else if fit.period.contains(day) {
                valid.append(fit)
            } else {
                why.append(.leftOut(fit.door.id, fit.period))
            }
        }
        let standing = valid.filter { !$0.standsOnEndedArea }
        for old in valid where old.standsOnEndedArea {
            let successors = standing.filter { !Set($0.atoms).isDisjoint(with: old.atoms) }.map(\.door.id)
            // The old door is kept where any piece of it would otherwise be without one.
            let covered = Set(standing.flatMap(\.atoms))
            if old.atoms.allSatisfy(covered.contains) {
                why.append(.replaced(old.door.id, by: successors))
                valid.removeAll { $0.door.id == old.door.id }
            } else {
                why.append(.keptForLackOfSuccessor(old.door.id))
            }
        }
        guard let first = valid.first else { return nobodyNow(fits, on: day) }
        let doors = Set(valid.map(\.door.id))
        if doors.count == 1 { return only(first, among: valid, atoms: atoms, why: &why) }
        let whole = valid.filter { $0.atoms.count == atoms.count }
        if whole.count == valid.count, let smallest = whole.map(\.size).min() {
            let nearest = whole.filter { $0.size == smallest }
            if Set(nearest.map(\.door.id)).count == 1 {
                why += [nearest[0].reason, .narrower(nearest[0].door.id, than: doors.subtracting([nearest[0].door.id]).sorted())]
                return .found(nearest[0].door.id)
            }
        }
        why += valid.map(\.reason)
        return .several(
            doors.sorted().map { id in
                Resolution.Candidate(door: id, atoms: Set(valid.filter { $0.door.id == id }.flatMap(\.atoms)).sorted())
            })
    }

    private func only(
        _ first: Fit, among fits: [Fit], atoms: [AreaID], why: inout [Resolution.Reason]
    ) -> Resolution.Outcome {
        why.append(first.reason)
        if let type = first.door.serviceType { why.append(.serviceType(first.door.id, type)) }
        let covered = Set(fits.flatMap(\.atoms))
        let uncovered = atoms.filter { !covered.contains($0) }
        return uncovered.isEmpty ? .found(first.door.id) : .partly(first.door.id, uncovered: uncovered)
    }

    /// Something fits, but not on that day. The one that was valid last, or the one that is valid first, is named.
    private func nobodyNow(_ fits: [Fit], on day: DoorDay) -> Resolution.Outcome {
        let past = fits.filter { $0.period.isOver(on: day) || !$0.door.isActive }
        if let last = past.max(by: { ($0.period.to ?? day) < ($1.period.to ?? day) }) {
            return .expired(last.door.id, lastDay: last.period.to)
        }
        let next = fits.min { ($0.period.from ?? day) < ($1.period.from ?? day) } ?? fits[0]
        return .notYet(next.door.id, firstDay: next.period.from)
    }

    private func resolve(_ gp: AssignedGP, need: Need, on day: DoorDay) -> Resolution {
        func answer(_ outcome: Resolution.Outcome, _ why: [Resolution.Reason] = []) -> Resolution {
            Resolution(need: need, day: day, outcome: outcome, why: why)
        }
        switch gp {
        case .none: return answer(.none(.noGP))
        case .unknown: return answer(.none(.gpNotAsked))
        case .door(let id):
            guard let door = registry.complete(id) else { return answer(.none(.gpNotRegistered)) }
            guard door.kind == .person else { return answer(.none(.gpIsNoPerson)) }
            if !door.isActive { return answer(.expired(id, lastDay: door.period.to), [.assigned(id), .inactive(id)]) }
            if door.period.isOver(on: day) { return answer(.expired(id, lastDay: door.period.to), [.assigned(id)]) }
            if door.period.isAhead(on: day) { return answer(.notYet(id, firstDay: door.period.from), [.assigned(id)]) }
            return answer(.found(id), [.assigned(id)])
        }
    }
}
