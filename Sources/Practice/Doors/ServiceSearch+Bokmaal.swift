extension ServiceSearch {
    /// Why this was found, for whoever asked; one clause each.
    public func bokmaal(_ hit: Hit) -> [String] { hit.why.map(bokmaal) }

    private func bokmaal(_ reason: Reason) -> String {
        switch reason {
        case .does(let term, let written, .exact):
            WordForms.words(of: label(term)) == WordForms.words(of: written)
                ? "hjelper med \(label(term))" : "hjelper med \(label(term)) («\(written)»)"
        case .does(let term, let written, .partOfWord): "hjelper med \(label(term)) (funnet i «\(written)»)"
        case .does(let term, let written, .misspelt): "hjelper med \(label(term)) («\(written)» er lest som det)"
        case .doesWider(let term, let asked): "hjelper med \(label(term)), som omfatter \(label(asked))"
        case .doesNarrower(let term, let asked): "hjelper med \(label(term)), som er en del av \(label(asked))"
        case .name(let word): "har «\(word)» i navnet"
        case .inArea(let id): "er for \(area(id))"
        case .forAllOf(let id): "er for hele \(area(id))"
        case .ages(let ages):
            ages.lowerBound == ages.upperBound
                ? "er for \(ages.lowerBound) år" : "er for \(ages.lowerBound)–\(ages.upperBound) år"
        case .audience(let audience): "er for \(audience.rawValue)"
        case .direct: "kan kontaktes uten henvisning"
        }
    }

    private func label(_ term: String) -> String { registry.book.vocabulary.terms.first { $0.id == term }?.label ?? term }
    private func area(_ id: AreaID) -> String { registry.book.geography.areas[id]?.name ?? id.value }
}
