/// Finds names of persons, schools, kindergartens and clubs.
struct NameScanner {
    /// Running text has sentences and capitals; in file names and properties every name counts, in whatever case.
    enum Manner { case runningText, fileName, property }

    let text: SearchedText
    let manner: Manner
    private(set) var findings: [IdentifyingFinding] = []
    private(set) var taken: [Range<Int>]

    init(_ text: SearchedText, manner: Manner, taken: [Range<Int>]) {
        (self.text, self.manner, self.taken) = (text, manner, taken)
        scanPlaces()
        for position in text.words.indices { scanName(position) }
        scanInitials()
    }

    private mutating func add(_ kind: IdentifyingFinding.Kind, _ sureness: IdentifyingFinding.Sureness, _ range: Range<Int>) {
        guard findings.count < SearchedText.mostFindings, !taken.contains(where: { $0.overlaps(range) }) else { return }
        taken.append(range)
        findings.append(IdentifyingFinding(kind, sureness, range: text.bytes(range), suggestion: kind.suggestion))
    }

    // MARK: Persons

    private struct Likeness {
        var given = false
        var family = false
        var isAmbiguous = false
        var isName: Bool { given || family }
    }

    private func likeness(_ word: SearchedText.Word) -> Likeness {
        let forms =
            [word.folded] + (word.folded.hasSuffix("s") ? [String(word.folded.dropLast())] : [])
            + (word.folded.hasSuffix("'s") || word.folded.hasSuffix("’s") ? [String(word.folded.dropLast(2))] : [])
        for form in forms {
            let found = Self.likeness(form)
            if found.isName { return found }
        }
        return Likeness()
    }

    private static func likeness(_ form: String) -> Likeness {
        let isAmbiguous = NameLists.ambiguous.contains(form)
        let whole = Likeness(
            given: NameLists.given.contains(form), family: NameLists.family.contains(form), isAmbiguous: isAmbiguous)
        if whole.isName { return whole }
        let parts = form.split(separator: "-").map(String.init)
        guard parts.count > 1 else { return whole }
        return Likeness(
            given: parts.allSatisfy(NameLists.given.contains), family: parts.contains(where: NameLists.family.contains),
            isAmbiguous: false)
    }

    private mutating func scanName(_ position: Int) {
        let word = text.words[position]
        guard word.text.unicodeScalars.count > 1, !taken.contains(where: { $0.overlaps(word.glyphs) }) else { return }
        let found = likeness(word)
        let cue = cueBefore(position)
        if manner != .runningText {
            if found.isName, !found.isAmbiguous || isPart(position) { add(.name, .likely, run(position)) }
            return
        }
        if cue == .name, !isKnown(word), !Self.stopWords.contains(word.folded) {
            add(.name, found.isName || word.isCapitalised ? .certain : .likely, word.isCapitalised ? run(position) : word.glyphs)
        } else if word.isCapitalised {
            capitalised(position, found, cue)
        } else if found.given, !found.isAmbiguous, let next = following(position), !next.isCapitalised {
            let family = likeness(next)
            if family.family, !family.isAmbiguous { add(.name, .likely, word.glyphs.lowerBound..<next.glyphs.upperBound) }
        }
    }

    private mutating func capitalised(_ position: Int, _ found: Likeness, _ cue: Cue?) {
        let word = text.words[position]
        guard !isKnown(word) else { return }
        let range = run(position)
        let isLong = range.upperBound > word.glyphs.upperBound
        if found.given, isLong {
            let next = following(position).map(likeness)
            if next?.isName == true { return add(.name, .certain, range) }
            // «Hans Asperger», «Dina Mor»: a name that is a word, before a word we do not know.
            return add(.name, found.isAmbiguous && word.beginsSentence ? .possible : .likely, range)
        }
        if cue == .title { return add(.name, found.isName ? .certain : .likely, range) }
        if cue == .initial { return add(.name, found.family ? .likely : .possible, range) }
        if found.isName {
            if word.isAllCapitals, word.text.unicodeScalars.count < 4 { return }
            if !found.isAmbiguous { return add(.name, .likely, range) }
            if !word.beginsSentence { add(.name, .possible, range) }
            return
        }
        guard !word.beginsSentence, !word.isAllCapitals else { return }
        // A capital inside a sentence that we cannot explain: the author can, at a glance.
        let isPlace = !isLong && Places.all.contains(word.folded)
        if isLong || word.text.unicodeScalars.count > 2, !isPlace { add(.name, .possible, range) }
    }

    /// A word of the list, with or without an s; an abbreviation, or a compound with one in front: «PPT-rapporten», «TikTok».
    private func isKnown(_ word: SearchedText.Word) -> Bool {
        if NameLists.known.contains(word.folded) { return true }
        if word.folded.hasSuffix("s"), NameLists.known.contains(String(word.folded.dropLast())) { return true }
        let parts = word.text.split(separator: "-")
        if parts.count > 1, let first = parts.first {
            return first.unicodeScalars.allSatisfy { !$0.properties.isLowercase } || NameLists.known.contains(first.lowercased())
        }
        return !word.isAllCapitals && word.text.unicodeScalars.filter(\.properties.isUppercase).count > 1
    }
    private static let stopWords: Set<String> = [
        "er", "det", "noe", "ikke", "og", "i", "på", "for", "ditt", "sitt", "hun", "han", "vi", "en", "et", "å", "som", "til",
        "det", "av", "med",
        "mannen", "kvinnen", "jenta", "gutten", "inn", "han", "bort", "hjem", "tilbake", "gutt", "jente", "mobbing",
        "skolevegring", "at", "skal", "var", "oppgis", "ukjent", "anonymt", "utelatt",
    ]

    private enum Cue { case name, title, initial }

    private func cueBefore(_ position: Int) -> Cue? {
        guard position > 0 else { return nil }
        let previous = text.words[position - 1]
        let word = text.words[position]
        let gap = text.glyphs[previous.glyphs.upperBound..<word.glyphs.lowerBound].map(\.scalar)
        guard gap.count <= 3, gap.allSatisfy({ " :.,-\n«\"".unicodeScalars.contains($0) }) else { return nil }
        let spaceOnly = gap.allSatisfy { $0 == " " || $0 == ":" || $0 == "«" || $0 == "\"" }
        if NameLists.nameCues.contains(previous.folded), spaceOnly { return .name }
        // «Hilsen» stands on a line of its own; «dr.» has its dot; after other titles a sentence may end.
        let isGreeting = previous.folded == "hilsen" || previous.folded == "mvh"
        if NameLists.titles.contains(previous.folded), spaceOnly || previous.folded == "dr" || isGreeting { return .title }
        let isInitial = previous.text.unicodeScalars.count == 1 && previous.isCapitalised && gap.first == "."
        return isInitial && word.isCapitalised && !["I", "Å"].contains(previous.text) ? .initial : nil
    }

    /// From a word over the capitalised words that follow at once; «von» and its like in between.
    private func run(_ position: Int) -> Range<Int> {
        var last = position
        var next = position + 1
        while next < text.words.count, next - position <= 3 {
            let word = text.words[next]
            let gap = text.glyphs[text.words[last].glyphs.upperBound..<word.glyphs.lowerBound].map(\.scalar)
            let joins = manner == .runningText ? [" ", "."] : [" ", ".", "_", "-"] as [Unicode.Scalar]
            guard gap.count <= 2, gap.allSatisfy(joins.contains), gap != ["."], gap.first != "." || isInitial(last) else { break }
            if ["von", "van", "de", "al", "el", "bin", "del", "da"].contains(word.folded), next + 1 < text.words.count {
                next += 1
                continue
            }
            let counts = manner == .runningText ? word.isCapitalised : likeness(word).isName
            guard counts, !isKnown(word), !isTaken(word), !endsWithSchool(word) else { break }
            last = next
            next += 1
        }
        return text.words[position].glyphs.lowerBound..<text.words[last].glyphs.upperBound
    }

    private func isInitial(_ position: Int) -> Bool { text.words[position].text.unicodeScalars.count == 1 }

    private func following(_ position: Int) -> SearchedText.Word? {
        guard position + 1 < text.words.count else { return nil }
        let next = text.words[position + 1]
        let gap = text.glyphs[text.words[position].glyphs.upperBound..<next.glyphs.lowerBound].map(\.scalar)
        return gap == [" "] ? next : nil
    }

    /// Whether a neighbour in a file name is a name too.
    private func isPart(_ position: Int) -> Bool {
        [position - 1, position + 1].contains { text.words.indices.contains($0) && likeness(text.words[$0]).isName }
    }

    private func isTaken(_ word: SearchedText.Word) -> Bool { taken.contains { $0.overlaps(word.glyphs) } }

    /// «A.B.», «O. N.»
    private mutating func scanInitials() {
        for (one, other) in zip(text.words, text.words.dropFirst())
        where one.isCapitalised && other.isCapitalised && one.text.count == 1 && other.text.count == 1 {
            let gap = text.glyphs[one.glyphs.upperBound..<other.glyphs.lowerBound].map(\.scalar)
            guard gap.first == ".", gap.count <= 2, text.scalar(other.glyphs.upperBound) == "." else { continue }
            add(.name, .possible, one.glyphs.lowerBound..<other.glyphs.upperBound + 1)
        }
    }

    // MARK: Schools, kindergartens, clubs

    private static let schools = [
        "skole", "skolen", "barneskole", "ungdomsskole", "barnehage", "barnehagen", "videregående", "friluftsbarnehage", "vgs",
        "familiebarnehage", "steinerskole", "oppvekstsenter",
    ]
    private static let schoolEndings = ["skole", "skolen", "skoles", "barnehage", "barnehagen", "barnehages"]
    private static let commonSchools = set(
        """
        skole skolen barneskole barneskolen ungdomsskole ungdomsskolen barnehage barnehagen videregående grunnskole grunnskolen
        privatskole privatskolen folkehøgskole steinerskole steinerskolen nærskole nærskolen førskole førskolen friskolen spesialskole
        spesialskolen sykehusskole sykehusskolen høyskole høgskole høyskolen høgskolen montessoriskole montessoriskolen
        friluftsbarnehage familiebarnehage
        """)
    private static let clubs: Set<String> = [
        "il", "fk", "if", "bk", "sk", "ifk", "ilk", "skolekorps", "idrettslag", "fotballklubb", "håndballklubb", "turnforening",
        "speidergruppe", "sportsklubb", "skolemusikkorps", "ballklubb",
    ]
    private static let notPlaces = set(
        "hans hennes deres min vår denne den ny nye egen vanlig offentlig privat i på ved fra til på og")

    private static func set(_ text: String) -> Set<String> { Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }

    private func endsWithSchool(_ word: SearchedText.Word) -> Bool { Self.schools.contains(word.folded) }

    private mutating func scanPlaces() {
        for (position, word) in text.words.enumerated() {
            if Self.schoolEndings.contains(where: { word.folded.hasSuffix($0) }), word.isCapitalised,
                !Self.commonSchools.contains(word.folded)
            {
                add(.schoolOrKindergarten, word.beginsSentence ? .possible : .likely, word.glyphs)
            }
            let isSchool = Self.schools.contains(word.folded)
            guard isSchool || (Self.clubs.contains(word.folded) && (word.isAllCapitals || word.text.count > 3)) else { continue }
            guard let start = nameStart(before: position) else { continue }
            let sureness: IdentifyingFinding.Sureness = isSchool ? .certain : .likely
            add(isSchool ? .schoolOrKindergarten : .club, sureness, start..<word.glyphs.upperBound)
        }
    }

    /// Where the capitalised words right before a word begin: «Bjerke», «Den norske», «St. Sunniva».
    private func nameStart(before position: Int) -> Int? {
        var first = position
        while first > 0, position - first < 3, text.words[first].followsDirectly {
            let previous = text.words[first - 1]
            guard previous.isCapitalised || (manner != .runningText && first == position),
                !Self.notPlaces.contains(previous.folded)
            else { break }
            first -= 1
        }
        return first == position ? nil : text.words[first].glyphs.lowerBound
    }
}
