/// The directory and the doors by what they do, where, and by the words of their names. Made once for each version of the data.
struct ServiceIndex: Sendable {
    /// Offers come first, doors after them.
    let offerCount: Int
    private(set) var areaOf: [Int32] = []
    /// Days on which each may be shown, its organisation's included; never, for what takes no messages.
    private(set) var firstDay: [Int32] = []
    private(set) var lastDay: [Int32] = []
    private(set) var areas: [AreaID] = []
    /// Term by the stems of what is written for it, joined by a space.
    private(set) var termsByPhrase: [String: [Int32]] = [:]
    private(set) var longestPhrase = 1
    /// What does it itself, and what does something wider or narrower.
    private(set) var byTerm: [[Int32]] = []
    private(set) var byName: [String: [Int32]] = [:]
    /// Terms that hold the term, and those that it holds, all the way.
    private(set) var broader: [[Int32]] = []
    private(set) var narrower: [[Int32]] = []
    /// How much a term says: rare ones more.
    private(set) var weight: [Float] = []
    private var areaNumbers: [AreaID: Int32] = [:]

    init(_ registry: DoorRegistry) {
        let book = registry.book
        offerCount = book.offers.count
        areaOf.reserveCapacity(offerCount + registry.doors.count)
        let terms = book.vocabulary.terms
        let numbers = Dictionary(terms.enumerated().map { ($1.id, Int32($0)) }) { first, _ in first }
        byTerm = Array(repeating: [], count: terms.count)
        var byCode: [DoorCode: [Int32]] = [:]
        for (number, term) in terms.enumerated() {
            for code in term.serviceTypes { byCode[code, default: []].append(Int32(number)) }
            for phrase in Set(([term.label] + term.words).map(Self.phrase)) where !phrase.isEmpty {
                termsByPhrase[phrase, default: []].append(Int32(number))
                longestPhrase = max(longestPhrase, phrase.split(separator: " ").count)
            }
        }
        for (number, offer) in book.offers.enumerated() {
            note(offer.period, isActive: true)
            add(Int32(number), name: offer.name, area: offer.area, terms: offer.terms.compactMap { numbers[$0] })
        }
        let described = Set(book.offers.compactMap(\.door))
        for (number, door) in registry.doors.enumerated() {
            let parent = door.parent.flatMap { registry.positions[$0] }.map { registry.doors[Int($0)] }
            note(
                parent.map { door.period.intersection($0.period) } ?? door.period,
                isActive: door.isActive && parent?.isActive ?? true)
            // A door that an offer describes is found as the offer.
            let terms = described.contains(door.id) ? [] : door.serviceType.flatMap { byCode[$0] } ?? []
            let name = described.contains(door.id) ? "" : door.shownName
            add(Int32(offerCount + number), name: name, area: registry.area(of: door.id), terms: terms)
        }
        relate(terms, numbers: numbers)
        let all = Float(max(1, areaOf.count))
        weight = byTerm.map { 1 + (all / Float($0.count + 1)).squareRoot().squareRoot() / 4 }
    }

    func isShown(_ document: Int32, on day: DoorDay) -> Bool {
        firstDay[Int(document)] <= day.number && day.number <= lastDay[Int(document)]
    }

    private mutating func note(_ period: DoorPeriod, isActive: Bool) {
        firstDay.append(isActive ? period.from?.number ?? .min : .max)
        lastDay.append(isActive ? period.to?.number ?? .max : .min)
    }

    /// The stems of a phrase, without words that carry nothing.
    static func phrase(_ text: String) -> String {
        WordForms.words(of: text).filter { !ServiceQuery.filler.contains($0) }.map(WordForms.stem).joined(separator: " ")
    }

    private mutating func add(_ document: Int32, name: String, area: AreaID?, terms: [Int32]) {
        areaOf.append(area.map { number(adding: $0) } ?? -1)
        for term in Set(terms) { byTerm[Int(term)].append(document) }
        for word in Set(WordForms.words(of: name).map(WordForms.stem)) where word.count > 1 {
            byName[word, default: []].append(document)
        }
    }

    private mutating func number(adding area: AreaID) -> Int32 {
        if let known = areaNumbers[area] { return known }
        areas.append(area)
        areaNumbers[area] = Int32(areas.count - 1)
        return Int32(areas.count - 1)
    }

    private mutating func relate(_ terms: [Vocabulary.Term], numbers: [String: Int32]) {
        broader = terms.indices.map { start in
            var (found, next) = (Set<Int32>(), terms[start].broader.compactMap { numbers[$0] })
            while let term = next.popLast() {
                if term != Int32(start), found.insert(term).inserted {
                    next += terms[Int(term)].broader.compactMap { numbers[$0] }
                }
            }
            return found.sorted()
        }
        narrower = Array(repeating: [], count: terms.count)
        for (number, above) in broader.enumerated() { for term in above { narrower[Int(term)].append(Int32(number)) } }
    }
}
