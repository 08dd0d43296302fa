/// Finds dates of birth, as numbers and in words.
struct DateScanner {
    let text: SearchedText
    let today: OsloDay
    private(set) var findings: [IdentifyingFinding] = []
    private(set) var taken: [Range<Int>]

    private static let birthCues: Set<String> = [
        "født", "fødd", "fødselsdato", "fødselsdag", "fdato", "fødselsdatoen", "bursdag", "bursdagen", "f", "dob", "born",
        "fødselsår", "gebursdag", "fødselsdagen", "fødselsnummer", "fnr", "personnummer", "persnr", "personnr", "pnr",
    ]
    /// Words that tell that a date is of something else than a birth.
    private static let eventCues: Set<String> = [
        "henvist", "undersøkt", "time", "møte", "møtet", "innlagt", "utskrevet", "datert", "konsultasjon", "siden", "fra",
        "journal", "skrevet", "mottatt", "sendt", "epikrise", "brev", "notat", "vedtak", "kontroll", "samtale", "fredag",
        "mandag", "tirsdag", "onsdag", "torsdag", "lørdag", "søndag", "uke", "startet", "begynte", "oppstart", "utredet",
    ]

    init(_ text: SearchedText, today: OsloDay, taken: [Range<Int>]) {
        (self.text, self.today, self.taken) = (text, today, taken)
        for chain in NumberScanner.chains(in: text) { scan(chain) }
        scanMonths()
    }

    private mutating func scan(_ chain: [NumberScanner.Group]) {
        for position in chain.indices {
            let sizes = chain[position...].prefix(3).map(\.digits.count)
            let values = chain[position...].prefix(3).map(\.value)
            if sizes.count == 3, Self.isPlain(sizes), isTight(chain[position...].prefix(3)), !isInside(chain, position) {
                let range = chain[position].glyphs.lowerBound..<chain[position + 2].glyphs.upperBound
                if let day = day(values, sizes) { weigh(day, range, isWhole: true) }
            }
            // 15/4, 15.4.: a day without a year tells only beside a word about birth.
            if sizes.count >= 2, sizes[0] <= 2, sizes[1] <= 2, cue(chain[position].glyphs.lowerBound) == true,
                OsloDay(year: 2000, month: values[1], day: values[0]) != nil, isTight(chain[position...].prefix(2))
            {
                add(.likely, chain[position].glyphs.lowerBound..<chain[position + 1].glyphs.upperBound, nil)
            }
            if let day = solid(chain[position]) {
                weigh(day, chain[position].glyphs, isWhole: chain[position].digits.count == 8)
            }
            numberAfterCue(chain[position])
        }
    }

    private static func isPlain(_ sizes: [Int]) -> Bool {
        (sizes[0] <= 2 && sizes[1] <= 2 && (sizes[2] == 2 || sizes[2] == 4)) || (sizes[0] == 4 && sizes[1] <= 2 && sizes[2] <= 2)
    }

    /// Parts of a date stand close: a dot, slash or hyphen, with at most one space; or two spaces of nothing else.
    private func isTight(_ groups: ArraySlice<NumberScanner.Group>) -> Bool {
        zip(groups, groups.dropFirst()).allSatisfy { one, next in
            let gap = text.glyphs[one.glyphs.upperBound..<next.glyphs.lowerBound].map(\.scalar)
            // A year that comes first ends no sentence: `2024. 10-15` is two things.
            return gap.count <= (one.digits.count == 4 ? 1 : 2) && !gap.contains("\n") && !gap.contains(",")
        }
    }

    /// Whether a number stands right before, as the hours in `09.30-11.00` or a chapter's number: then it is no date.
    private func isInside(_ chain: [NumberScanner.Group], _ position: Int) -> Bool {
        guard position > 0, cue(chain[position].glyphs.lowerBound) != true else { return false }
        return chain[position].glyphs.lowerBound - chain[position - 1].glyphs.upperBound == 1
            && text.scalar(chain[position - 1].glyphs.upperBound) != " "
    }

    private func day(_ values: [Int], _ sizes: [Int]) -> OsloDay? {
        if sizes[0] == 4 { return OsloDay(year: values[0], month: values[1], day: values[2]) }
        return OsloDay(year: sizes[2] == 4 ? values[2] : century(values[2]), month: values[1], day: values[0])
    }

    /// `DDMMYY`, `DDMMYYYY` or `YYYYMMDD` in one row.
    private func solid(_ group: NumberScanner.Group) -> OsloDay? {
        let pairs = stride(from: 0, to: group.digits.count - 1, by: 2).map { group.digits[$0] * 10 + group.digits[$0 + 1] }
        switch group.digits.count {
        case 6: return OsloDay(year: century(pairs[2]), month: pairs[1], day: pairs[0])
        case 8:
            if [19, 20].contains(pairs[2]) { return OsloDay(year: pairs[2] * 100 + pairs[3], month: pairs[1], day: pairs[0]) }
            return [19, 20].contains(pairs[0]) ? OsloDay(year: pairs[0] * 100 + pairs[1], month: pairs[2], day: pairs[3]) : nil
        default: return nil
        }
    }

    private func century(_ year: Int) -> Int { year <= today.year % 100 ? 2000 + year : 1900 + year }

    /// `personnummer 12345`: the five digits alone.
    private mutating func numberAfterCue(_ group: NumberScanner.Group) {
        guard group.digits.count == 5, !isTaken(group.glyphs),
            let word = text.wordsBefore(group.glyphs.lowerBound, within: 12, most: 2).first?.folded,
            ["personnummer", "persnr", "personnr", "pnr", "fnr", "fødselsnummer"].contains(word)
        else { return }
        taken.append(group.glyphs)
        let kind = IdentifyingFinding.Kind.identityNumber
        findings.append(IdentifyingFinding(kind, .certain, range: text.bytes(group.glyphs), suggestion: kind.suggestion))
    }

    private mutating func scanMonths() {
        for word in text.words {
            guard let month = Self.month(word.folded) else { continue }
            guard let (start, day) = numberBefore(word.glyphs.lowerBound), (1...31).contains(day) else { continue }
            guard let (end, year) = yearAfter(word.glyphs.upperBound) else {
                if cue(start) == true { add(.likely, start..<word.glyphs.upperBound, nil) }
                continue
            }
            if let date = OsloDay(year: year, month: month, day: day) { weigh(date, start..<end, isWhole: true) }
        }
    }

    private static func month(_ word: String) -> Int? {
        if let full = OsloDay.monthNames.firstIndex(of: word) { return full + 1 }
        let short = ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"]
        if let found = short.firstIndex(of: word) { return found + 1 }
        return word == "sept" ? 9 : nil
    }

    /// The number that ends right before a position, over spaces and a dot.
    private func numberBefore(_ position: Int) -> (Int, Int)? {
        var end = position
        while end > 0, let scalar = text.scalar(end - 1), scalar == " " || scalar == "." { end -= 1 }
        var start = end
        while start > 0, text.isDigit(start - 1) { start -= 1 }
        guard start < end, end - start <= 2 else { return nil }
        return (start, (start..<end).reduce(0) { $0 * 10 + (text.digit($1) ?? 0) })
    }

    private func yearAfter(_ position: Int) -> (Int, Int)? {
        var start = position
        while let scalar = text.scalar(start), [" ", ".", ",", "'", "’", "-"].contains(scalar), start - position < 3 {
            start += 1
        }
        var end = start
        while text.isDigit(end) { end += 1 }
        let value = (start..<min(end, start + 4)).reduce(0) { $0 * 10 + (text.digit($1) ?? 0) }
        switch end - start {
        case 2: return (end, century(value))
        case 4: return (1900...2099).contains(value) ? (end, value) : nil
        default: return nil
        }
    }

    /// True beside a word about birth, false beside one about something else, nil otherwise.
    private func cue(_ position: Int) -> Bool? {
        let near = text.wordsBefore(position, within: 24, most: 3)
        if near.contains(where: { Self.birthCues.contains($0.folded) }) { return true }
        return near.contains { Self.eventCues.contains($0.folded) } ? false : nil
    }

    private mutating func weigh(_ day: OsloDay, _ range: Range<Int>, isWhole: Bool) {
        guard day <= today, day.year >= today.year - 110 else { return }
        let isOld = day.adding(days: 730) <= today
        switch (cue(range.lowerBound), isWhole) {
        case (true?, _): add(.certain, range, day)
        case (false?, true) where isOld: add(.possible, range, day)
        case (false?, _): break
        case (nil, true): if isOld { add(.likely, range, day) }
        // Six digits in a row may be anything; of a child's age they may be a date of birth.
        case (nil, false): if isOld, day.year >= today.year - 25 { add(.possible, range, day) }
        }
    }

    private mutating func add(_ sureness: IdentifyingFinding.Sureness, _ range: Range<Int>, _ day: OsloDay?) {
        guard findings.count < SearchedText.mostFindings, !isTaken(range) else { return }
        taken.append(range)
        let suggestion = day.map(self.suggestion) ?? IdentifyingFinding.Kind.birthDate.suggestion
        findings.append(IdentifyingFinding(.birthDate, sureness, range: text.bytes(range), suggestion: suggestion))
    }

    private func isTaken(_ range: Range<Int>) -> Bool { taken.contains { $0.overlaps(range) } }

    /// «14 år gammel gutt», when the text says which.
    private func suggestion(_ day: OsloDay) -> String {
        let age = AgeRules.standard.age(born: day, on: today)
        guard age >= 0 else { return IdentifyingFinding.Kind.birthDate.suggestion }
        let folded = Set(text.words.map(\.folded))
        let isBoy = !folded.isDisjoint(with: ["gutt", "gutten", "sønn", "sønnen"])
        let isGirl = !folded.isDisjoint(with: ["jente", "jenta", "jenten", "datter", "datteren"])
        let who = age >= 18 || isBoy == isGirl ? "" : isBoy ? " gutt" : " jente"
        return "Skriv alderen i stedet for datoen, for eksempel «\(age) år gammel\(who)»."
    }
}
