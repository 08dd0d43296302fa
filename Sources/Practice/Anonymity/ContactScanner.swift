/// Finds phone numbers, e-mail addresses, user names, street addresses and postal codes.
struct ContactScanner {
    let text: SearchedText
    private(set) var findings: [IdentifyingFinding] = []
    private(set) var taken: [Range<Int>]

    init(_ text: SearchedText, taken: [Range<Int>]) {
        (self.text, self.taken) = (text, taken)
        scanMail()
        scanStreets()
        let chains = NumberScanner.chains(in: text)
        for chain in chains { scanPostalCodes(chain) }
        for chain in chains { scanPhones(chain) }
        scanPlates()
    }

    private mutating func add(_ kind: IdentifyingFinding.Kind, _ sureness: IdentifyingFinding.Sureness, _ range: Range<Int>) {
        guard findings.count < SearchedText.mostFindings, !taken.contains(where: { $0.overlaps(range) }) else { return }
        taken.append(range)
        findings.append(IdentifyingFinding(kind, sureness, range: text.bytes(range), suggestion: kind.suggestion))
    }

    // MARK: E-mail and user names

    private mutating func scanMail() {
        for position in text.glyphs.indices where text.scalar(position) == "@" {
            let start = run(before: position)
            let end = run(after: position + 1)
            if start < position, end > position + 1, (position..<end).contains(where: { text.scalar($0) == "." }) {
                add(.email, .certain, start..<end)
            } else if start == position, end > position + 2 {
                add(.webHandle, .likely, start..<end)
            } else if start < position || end > position + 1 {
                add(.email, .possible, start..<end)
            }
        }
        for (position, word) in text.words.enumerated() where ["at", "alfa", "krøllalfa"].contains(word.folded) {
            spelled(position)
        }
    }

    /// «ola (at) online.no»: the sign in words between brackets, and a dot with a short ending behind.
    private mutating func spelled(_ position: Int) {
        guard position > 0, position + 1 < text.words.count else { return }
        let word = text.words[position]
        let isBracketed = text.scalar(word.glyphs.lowerBound - 1).map { "([{<".unicodeScalars.contains($0) } ?? false
        guard isBracketed || word.folded == "krøllalfa" else { return }
        let before = text.words[position - 1].glyphs.lowerBound
        let next = text.words[position + 1].glyphs.lowerBound
        add(.email, .likely, run(before: before)..<run(after: next))
    }

    private func run(before position: Int) -> Int {
        var start = position
        while start > 0, let scalar = text.scalar(start - 1), Self.isAddressCharacter(scalar) { start -= 1 }
        return start
    }

    private func run(after position: Int) -> Int {
        var end = position
        while let scalar = text.scalar(end), Self.isAddressCharacter(scalar) { end += 1 }
        while end > position, text.scalar(end - 1) == "." { end -= 1 }
        return end
    }

    private static func isAddressCharacter(_ scalar: Unicode.Scalar) -> Bool {
        SearchedText.isLetter(scalar) || (0x30...0x39).contains(scalar.value) || "._-+".unicodeScalars.contains(scalar)
    }

    // MARK: Phones

    private static let phoneCues: Set<String> = [
        "tlf", "telefon", "telefonnummer", "mobil", "mob", "mobilnummer", "tel", "ring", "ringe", "nummer", "sms", "nr", "nås",
    ]
    private static let otherCues: Set<String> = [
        "saksnr", "saksnummer", "sak", "orgnr", "organisasjonsnummer", "kr", "kroner", "referanse", "ref", "hpr", "journalnr",
    ]

    private mutating func scanPhones(_ chain: [NumberScanner.Group]) {
        var first = 0
        while first < chain.count {
            let (count, sureness) = phone(chain[first...])
            if let sureness {
                let start = chain[first].glyphs.lowerBound
                let hasPlus = text.scalar(start - 1) == "+"
                add(.phone, sureness, (hasPlus ? start - 1 : start)..<chain[first + count - 1].glyphs.upperBound)
            }
            first += max(1, count)
        }
    }

    /// How many groups from here are a phone number, and how sure it is.
    private func phone(_ groups: ArraySlice<NumberScanner.Group>) -> (Int, IdentifyingFinding.Sureness?) {
        guard let head = groups.first else { return (0, nil) }
        let start = head.glyphs.lowerBound
        let cues = text.wordsBefore(start, within: 20, most: 3).map(\.folded)
        let isCued = cues.contains { Self.phoneCues.contains($0) }
        let isOther = cues.contains { Self.otherCues.contains($0) }
        if text.scalar(start - 1) == "+" || (head.digits.starts(with: [0, 0]) && head.digits.count > 2) {
            let (count, total) = Self.together(groups, upTo: 15)
            return total >= 7 ? (count, .certain) : (1, nil)
        }
        for count in 1...min(4, groups.count) {
            let part = groups.prefix(count)
            let sizes = part.map(\.digits.count)
            guard sizes.reduce(0, +) == 8, isNational(head), hasPlainGaps(part) else { continue }
            let isUsual = [[2, 2, 2, 2], [3, 2, 3], [8], [4, 4]].contains(sizes)
            guard isUsual || isCued else { continue }
            if isCued { return (count, .certain) }
            if isOther { return (count, nil) }
            return (
                count,
                sizes == [2, 2, 2, 2] || sizes == [3, 2, 3] || "49".contains(String(head.digits[0])) ? .likely : .possible
            )
        }
        if isCued {
            let (count, total) = Self.together(groups, upTo: 12)
            if total >= 7 { return (count, .likely) }
        }
        return (1, nil)
    }

    private func isNational(_ head: NumberScanner.Group) -> Bool { (2...9).contains(head.digits[0]) }

    private func hasPlainGaps(_ groups: ArraySlice<NumberScanner.Group>) -> Bool {
        zip(groups, groups.dropFirst()).allSatisfy { one, next in
            let gap = text.glyphs[one.glyphs.upperBound..<next.glyphs.lowerBound].map(\.scalar)
            return gap.count <= 2 && !gap.contains(",") && !gap.contains("/")
        }
    }

    private static func together(_ groups: ArraySlice<NumberScanner.Group>, upTo most: Int) -> (Int, Int) {
        var (count, total) = (0, 0)
        for group in groups where total + group.digits.count <= most {
            count += 1
            total += group.digits.count
        }
        return (count, total)
    }

    // MARK: Addresses

    private static let streetEndings = [
        "veien", "vegen", "gata", "gaten", "alleen", "alléen", "svingen", "stien", "bakken", "kroken", "tunet", "ringen",
        "plassen", "terrassen", "haugen", "faret", "lia", "kleiva", "kollen", "jordet", "grenda", "brygga", "løkka", "toppen",
        "vei", "veg", "gate", "allé", "alle", "plass", "sti", "terrasse", "brygge", "vollen", "åsen", "slyngen", "låven",
    ]
    /// Endings that make a street without a house number, too.
    private static let strongEndings = ["veien", "vegen", "gata", "gaten", "alleen", "alléen", "svingen", "kroken", "faret"]
    private static let notStreets: Set<String> = [
        "veien", "gaten", "gata", "vegen", "underveis", "svingen", "bakken", "plassen", "ringen", "stien", "haugen", "åsen",
        "toppen", "kroken", "alle", "plass", "vei", "gate", "ventelisteplassen",
    ]

    private mutating func scanStreets() {
        for (position, word) in text.words.enumerated() {
            guard let ending = Self.streetEndings.first(where: { word.folded.hasSuffix($0) }) else { continue }
            let isCompound = word.folded != ending && word.isCapitalised && !Self.notStreets.contains(word.folded)
            let before = position > 0 ? text.words[position - 1] : nil
            let isSeparate = word.folded == ending && word.followsDirectly && before?.isCapitalised == true
            let number = houseNumber(word.glyphs.upperBound)
            guard isCompound || isSeparate else {
                // Lower case, but with a house number: «storgata 12».
                if word.folded != ending, word.folded.count > ending.count + 2, let number, Self.strongEndings.contains(ending) {
                    add(.streetAddress, .likely, word.glyphs.lowerBound..<number)
                }
                continue
            }
            let start = isSeparate ? streetStart(position) : word.glyphs.lowerBound
            if let number {
                add(.streetAddress, .certain, start..<number)
            } else if Self.strongEndings.contains(ending)
                || (isSeparate && ["gate", "vei", "veg", "allé", "plass"].contains(ending))
            {
                add(.streetAddress, word.beginsSentence && isCompound ? .possible : .likely, start..<word.glyphs.upperBound)
            }
        }
    }

    /// «Karl Johans gate»: the capitalised words in front belong to it.
    private func streetStart(_ position: Int) -> Int {
        var first = position
        while first > 0, position - first < 3, text.words[first].followsDirectly, text.words[first - 1].isCapitalised {
            first -= 1
        }
        return text.words[first].glyphs.lowerBound
    }

    /// The end of a house number right after a street's name: `12`, `12B`, `12 B`.
    private func houseNumber(_ position: Int) -> Int? {
        guard text.scalar(position) == " ", text.isDigit(position + 1) else { return nil }
        var end = position + 1
        while text.isDigit(end) { end += 1 }
        guard end - position <= 5 else { return nil }
        let letter = text.scalar(end) == " " ? end + 1 : end
        if let scalar = text.scalar(letter), scalar.properties.isUppercase || (letter == end && SearchedText.isLetter(scalar)),
            text.scalar(letter + 1).map({ !SearchedText.isLetter($0) }) ?? true
        {
            return letter + 1
        }
        return end
    }

    private mutating func scanPostalCodes(_ chain: [NumberScanner.Group]) {
        guard let group = chain.last, group.digits.count == 4, text.scalar(group.glyphs.upperBound) == " " else { return }
        let start = group.glyphs.lowerBound
        guard let word = text.word(at: group.glyphs.upperBound + 1), word.isCapitalised else { return }
        let value = group.value
        let isPlace = Places.all.contains(word.folded)
        let isYear = (1950...2050).contains(value)
        let before = text.scalar(start - 1)
        let stands = start == 0 || before == "\n" || text.scalar(start - 2) == "," || before == "-"
        if isPlace, !isYear || stands {
            add(.postalCode, .certain, start..<word.glyphs.upperBound)
        } else if stands, !isYear {
            add(.postalCode, .likely, start..<word.glyphs.upperBound)
        }
    }

    /// A number plate: two capitals and five digits.
    private mutating func scanPlates() {
        for word in text.words where word.text.count == 2 && word.isAllCapitals {
            let start = word.glyphs.upperBound + (text.scalar(word.glyphs.upperBound) == " " ? 1 : 0)
            let end = (start..<start + 6).first { !text.isDigit($0) } ?? start + 6
            if end - start == 5 { add(.otherNumber, .likely, word.glyphs.lowerBound..<end) }
        }
    }
}

/// Places that stand behind a postal code, around Oslo and the large ones elsewhere. A list of our own.
enum Places {
    static let all: Set<String> = Set(
        """
        oslo bærum sandvika bekkestua stabekk lysaker fornebu asker slependen billingstad høvik kolsås rykkinn nesbru vollen
        lillestrøm strømmen lørenskog fjellhamar rasta kolbotn oppegård ski ås drøbak nesodden nesoddtangen jessheim kløfta
        nittedal hakadal rotnes skedsmokorset kjeller fetsund sørumsand moss fredrikstad sarpsborg halden askim drammen
        lier kongsberg hønefoss hamar lillehammer gjøvik elverum tønsberg sandefjord larvik horten holmestrand skien
        porsgrunn kragerø arendal grimstad kristiansand mandal stavanger sandnes haugesund bergen voss førde ålesund molde
        kristiansund trondheim steinkjer levanger bodø narvik mo harstad tromsø alta hammerfest kirkenes vadsø
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
