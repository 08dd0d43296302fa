/// Finds services by what they do: `angst 14 år Sagene`. Ranked, with the reasons; also the way onward after a rejection.
public struct ServiceSearch: Sendable {
    public let registry: DoorRegistry
    let index: ServiceIndex

    public init(_ registry: DoorRegistry) {
        self.registry = registry
        index = ServiceIndex(registry)
    }

    public struct Hit: Sendable, Hashable {
        public enum Found: Sendable, Hashable { case offer(ServiceOffer), door(DoorID) }
        public let found: Found
        public let score: Float
        public let why: [Reason]
    }

    public enum Reason: Sendable, Hashable {
        /// It does what was asked for. `written` is the word in the question.
        case does(term: String, written: String, match: ServiceQuery.Word.Match)
        /// It does something wider, or narrower, than what was asked for.
        case doesWider(term: String, asked: String)
        case doesNarrower(term: String, asked: String)
        case name(String)
        case inArea(AreaID)
        /// For all of the municipality that the area lies in.
        case forAllOf(AreaID)
        case ages(ClosedRange<Int>)
        case audience(ServiceOffer.Audience)
        case direct
    }

    public struct Answer: Sendable, Hashable {
        public let query: ServiceQuery
        public let hits: [Hit]
        /// Words that are neither a term nor in any name.
        public let notUnderstood: [String]
        /// Of the areas asked about: whom to ask when nothing, or not the right thing, was found.
        public let contactPoints: [DoorID]
    }

    /// - Parameters:
    ///   - area: where, when it is known from elsewhere; it goes before what the text says.
    ///   - age: likewise.
    public func search(
        _ text: String, area: AreaID? = nil, age: Int? = nil, on day: DoorDay, limit: Int = 10
    ) -> Answer {
        var query = understand(text, on: day)
        if let area { query.areas = [area] }
        if let age { query.ages = age...age }
        return search(query, on: day, limit: limit)
    }

    /// What the services of an area offer for these terms: the way onward that a rejection names. What the family can go to
    /// without a referral comes first.
    public func wayOnward(
        terms: [String], place: Place, age: Int?, on day: DoorDay, limit: Int = 5
    ) -> Answer {
        var query = ServiceQuery()
        query.words = terms.map { ServiceQuery.Word(written: $0, term: $0, match: .exact) }
        query.ages = age.map { $0...$0 }
        // Of a protected or unknown place nothing may be told, and a list of services would tell it: nothing is searched.
        guard case .one(let area) = Resolver(registry).located(place, on: day) else {
            return Answer(query: query, hits: [], notUnderstood: [], contactPoints: [])
        }
        query.areas = [area]
        return search(query, on: day, limit: limit)
    }

    // MARK: Finding

    /// By document; dense, since a common word is in very many.
    private struct Scores {
        var value: [Float]
        var groups: [UInt32]
        var touched: [Int32] = []
        let wanted: Wanted
        let areaOf: [Int32]

        init(_ index: ServiceIndex, _ wanted: Wanted) {
            (self.wanted, areaOf) = (wanted, index.areaOf)
            value = Array(repeating: 0, count: areaOf.count)
            groups = Array(repeating: 0, count: areaOf.count)
        }

        /// A word counts once, with the first that it found: the best.
        mutating func add(_ documents: some Sequence<Int32>, _ share: Float, group: Int) {
            let bit: UInt32 = 1 << UInt32(min(group, 31))
            for document in documents {
                let place = Int(document)
                guard groups[place] & bit == 0, wanted.level(of: areaOf[place]) != .outside else { continue }
                if groups[place] == 0 { touched.append(document) }
                groups[place] |= bit
                value[place] += share
            }
        }
    }

    private func search(_ query: ServiceQuery, on day: DoorDay, limit: Int) -> Answer {
        let wanted = Wanted(query.areas, registry: registry, index: index)
        var scores = Scores(index, wanted)
        var notUnderstood: [String] = []
        let terms = Dictionary(registry.book.vocabulary.terms.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var group = 0
        for word in query.words {
            guard let term = terms[word.term] else { continue }
            let share: Float = word.match == .exact ? 1 : word.match == .partOfWord ? 0.8 : 0.6
            let weight = index.weight[term] * share * 10
            scores.add(index.byTerm[term], weight, group: group)
            for below in index.narrower[term] { scores.add(index.byTerm[Int(below)], weight * 0.7, group: group) }
            for above in index.broader[term] { scores.add(index.byTerm[Int(above)], weight * 0.4, group: group) }
            group += 1
        }
        for name in query.names {
            let documents = index.byName[WordForms.stem(name)] ?? []
            if documents.isEmpty { notUnderstood.append(name) }
            scores.add(documents, 6, group: group)
            group += 1
        }
        if query.words.isEmpty, query.names.isEmpty, !query.areas.isEmpty {
            // Only a place was named: what the directory has there.
            scores.add((0..<Int32(index.offerCount)).filter { wanted.level(of: index.areaOf[Int($0)]) == .inside }, 1, group: 0)
        }
        let best = rank(scores, query, wanted, groups: group, on: day, limit: limit)
        return Answer(
            query: query, hits: best.map { hit($0.document, $0.score, query, wanted) }, notUnderstood: notUnderstood,
            contactPoints: contactPoints(query.areas, on: day))
    }

    private func rank(
        _ scores: Scores, _ query: ServiceQuery, _ wanted: Wanted, groups: Int, on day: DoorDay, limit: Int
    ) -> [(document: Int32, score: Float)] {
        var best: [(document: Int32, score: Float)] = []
        for document in scores.touched {
            guard let bonus = bonus(document, query, wanted, on: day) else { continue }
            // Every word that was asked for and not met costs: two half answers are not a whole one.
            let met = Float(scores.groups[Int(document)].nonzeroBitCount) / Float(max(1, groups))
            let total = scores.value[Int(document)] * (0.5 + met / 2) + bonus
            if best.count == limit, let last = best.last, (last.score, -last.document) >= (total, -document) { continue }
            let position = best.firstIndex { ($0.score, -$0.document) < (total, -document) } ?? best.count
            best.insert((document, total), at: position)
            if best.count > limit { best.removeLast() }
        }
        return best
    }

    /// nil when it is not for whoever asks: another age, not open on that day, not active.
    private func bonus(_ document: Int32, _ query: ServiceQuery, _ wanted: Wanted, on day: DoorDay) -> Float? {
        var bonus: Float = wanted.level(of: index.areaOf[Int(document)]) == .inside ? 4 : 0
        guard index.isShown(document, on: day) else { return nil }
        guard Int(document) < index.offerCount else { return bonus }
        let offer = registry.book.offers[Int(document)]
        if let asked = query.ages, let ages = offer.ages {
            guard asked.overlaps(ages) else { return nil }
            bonus += 2
        }
        if offer.access == .direct { bonus += 2 }
        if !query.audience.isDisjoint(with: offer.audience) { bonus += 1 }
        return bonus + 1
    }

    private func contactPoints(_ areas: [AreaID], on day: DoorDay) -> [DoorID] {
        var found: [DoorID] = []
        for area in areas {
            switch Resolver(registry).resolve(.contactPoint, for: .area(area), on: day).outcome {
            case .found(let door), .partly(let door, _): found.append(door)
            case .several(let candidates): found += candidates.map(\.door)
            default: break
            }
        }
        return Set(found).sorted()
    }

    // MARK: Saying why

    private func hit(_ document: Int32, _ score: Float, _ query: ServiceQuery, _ wanted: Wanted) -> Hit {
        let offer = Int(document) < index.offerCount ? registry.book.offers[Int(document)] : nil
        let door = offer == nil ? registry.doors[Int(document) - index.offerCount] : nil
        var why: [Reason] = []
        for word in query.words { if let reason = reason(word, offer, door) { why.append(reason) } }
        let names = Set(WordForms.words(of: offer?.name ?? door?.shownName ?? "").map(WordForms.stem))
        for name in query.names where names.contains(WordForms.stem(name)) { why.append(.name(name)) }
        if let area = offer?.area ?? door.flatMap({ registry.area(of: $0.id) }) {
            switch wanted.level(of: index.areaOf[Int(document)]) {
            case .inside: if !query.areas.isEmpty { why.append(.inArea(area)) }
            case .around: why.append(.forAllOf(area))
            case .outside: break
            }
        }
        if let offer {
            if query.ages != nil, let ages = offer.ages { why.append(.ages(ages)) }
            for audience in offer.audience where query.audience.contains(audience) { why.append(.audience(audience)) }
            if offer.access == .direct { why.append(.direct) }
        }
        let found: Hit.Found = offer.map { .offer($0) } ?? .door(registry.doors[Int(document) - index.offerCount].id)
        return Hit(found: found, score: score, why: why)
    }

    private func reason(_ word: ServiceQuery.Word, _ offer: ServiceOffer?, _ door: Door?) -> Reason? {
        let terms = registry.book.vocabulary.terms
        guard let asked = terms.firstIndex(where: { $0.id == word.term }) else { return nil }
        let has = { (number: Int) -> Bool in
            if let offer { return offer.terms.contains(terms[number].id) }
            return door?.serviceType.map { terms[number].serviceTypes.contains($0) } ?? false
        }
        if has(asked) { return .does(term: word.term, written: word.written, match: word.match) }
        if let below = index.narrower[asked].first(where: { has(Int($0)) }) {
            return .doesNarrower(term: terms[Int(below)].id, asked: word.term)
        }
        return index.broader[asked].first { has(Int($0)) }.map { .doesWider(term: terms[Int($0)].id, asked: word.term) }
    }
}

/// Which areas count: those asked about and what they are made of, and what lies around them.
private struct Wanted {
    enum Level: UInt8 { case outside, around, inside }
    private let levels: [Level]
    private let isEverywhere: Bool

    init(_ areas: [AreaID], registry: DoorRegistry, index: ServiceIndex) {
        isEverywhere = areas.isEmpty
        var levels = [Level](repeating: .outside, count: isEverywhere ? 0 : index.areas.count)
        let geography = registry.book.geography
        let atoms = Set(areas.flatMap { geography.atoms(of: $0) })
        for (number, area) in index.areas.enumerated() where !isEverywhere {
            guard !atoms.isDisjoint(with: geography.atoms(of: area)) else { continue }
            let isWhole = geography.areas[area]?.kind == .municipality && !areas.contains(area)
            levels[number] = isWhole ? .around : .inside
        }
        self.levels = levels
    }

    func level(of area: Int32) -> Level {
        if isEverywhere { return .inside }
        return area < 0 ? .outside : levels[Int(area)]
    }
}
