/// Finds identity numbers and other numbers that point to one person, however they are broken up.
struct NumberScanner {
    /// A chain of digit groups with short gaps between: spaces, dots, hyphens, slashes, or a line break.
    struct Group {
        let glyphs: Range<Int>
        let digits: [Int]
        /// As a number; of a longer row only the first ten digits, which is no date and no code.
        var value: Int { digits.prefix(10).reduce(0) { $0 * 10 + $1 } }
    }

    let text: SearchedText
    private(set) var findings: [IdentifyingFinding] = []
    /// Glyphs that belong to an identity number; other scanners leave them alone.
    private(set) var taken: [Range<Int>] = []

    init(_ text: SearchedText) {
        self.text = text
        for chain in Self.chains(in: text) { scan(chain) }
    }

    static func chains(in text: SearchedText) -> [[Group]] {
        var chains: [[Group]] = []
        var position = 0
        while position < text.glyphs.count {
            guard text.isDigit(position) else {
                position += 1
                continue
            }
            let start = position
            var digits: [Int] = []
            while let digit = text.digit(position) {
                digits.append(digit)
                position += 1
            }
            let group = Group(glyphs: start..<position, digits: digits)
            if let last = chains.last?.last, joins(text, last.glyphs.upperBound, start) {
                chains[chains.count - 1].append(group)
            } else {
                chains.append([group])
            }
        }
        return chains
    }

    private static func joins(_ text: SearchedText, _ end: Int, _ start: Int) -> Bool {
        let gap = text.glyphs[end..<start].map(\.scalar)
        return gap.count <= 4 && gap.allSatisfy { " .-/\n*_,".unicodeScalars.contains($0) }
    }

    private mutating func scan(_ chain: [Group]) {
        var first = 0
        while first < chain.count {
            if let (last, sureness) = number(chain, from: first) {
                let range = chain[first].glyphs.lowerBound..<chain[last].glyphs.upperBound
                add(.identityNumber, sureness, range)
                first = last + 1
            } else {
                if chain[first].digits.count > 11 { scanInside(chain[first]) }
                first += 1
            }
        }
    }

    /// Groups from `first` that together are a number: eleven digits, or thirteen when the year has four.
    private func number(_ chain: [Group], from first: Int) -> (Int, IdentifyingFinding.Sureness)? {
        var digits: [Int] = []
        for last in first..<chain.count {
            digits += chain[last].digits
            if digits.count > 13 { return nil }
            let sizes = chain[first...last].map(\.digits.count)
            if digits.count == 13, let short = Self.shortYear(digits, sizes), Self.sureness(short, sizes) != nil {
                return (last, .certain)
            }
            if digits.count == 11, let sureness = Self.sureness(digits, sizes) { return (last, sureness) }
        }
        return nil
    }

    /// `DDMMYYYY` and five digits, as the number itself has it.
    private static func shortYear(_ digits: [Int], _ sizes: [Int]) -> [Int]? {
        guard sizes.count > 1, sizes.last == 5, digits[4] * 10 + digits[5] == 19 || digits[4] * 10 + digits[5] == 20 else {
            return nil
        }
        return Array(digits[0..<4] + digits[6...])
    }

    /// How sure it is that eleven digits are somebody's number; nil when they are not.
    static func sureness(_ digits: [Int], _ sizes: [Int]) -> IdentifyingFinding.Sureness? {
        let first = zip(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).reduce(0) { $0 + $1.0 * $1.1 } % 11
        let second = zip(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).reduce(0) { $0 + $1.0 * $1.1 } % 11
        // Felles hjelpenummer: begins with 8 or 9, holds no date.
        if digits[0] >= 8 { return first == 0 && second == 0 ? .certain : nil }
        guard hasDay(digits) else { return nil }
        if second == 0 {
            if first == 0 { return .certain }
            // From 2032 the first control digit may leave 1, 2 or 3.
            if first <= 3 { return .likely }
        }
        // Written as people write such a number, and the control digits do not hold: a misprint tells as much.
        return sizes == [11] || sizes == [6, 5] || sizes == [2, 2, 2, 5] ? .possible : nil
    }

    /// Day and month after the marks are taken off: D + 40 on the day; 40, 65 or 80 on the month.
    private static func hasDay(_ digits: [Int]) -> Bool {
        let day = (digits[0] * 10 + digits[1]) % 40
        let month = digits[2] * 10 + digits[3]
        let bare = [0, 40, 65, 80].map { month - $0 }.first { (1...12).contains($0) }
        guard let bare, digits[0] * 10 + digits[1] != 40, digits[0] * 10 + digits[1] != 80 else { return false }
        return OsloDay(year: 2000, month: bare, day: day) != nil
    }

    /// Eleven good digits inside a longer row, as when two numbers are glued together.
    private mutating func scanInside(_ group: Group) {
        var start = 0
        while start + 11 <= group.digits.count {
            let window = Array(group.digits[start..<start + 11])
            if Self.sureness(window, [11]) == .certain, window[0] < 8 {
                let low = group.glyphs.lowerBound + start
                add(.identityNumber, .likely, low..<low + 11)
                start += 11
            } else {
                start += 1
            }
        }
        // DUF number: twelve digits that begin with the year.
        if group.digits.count == 12, [19, 20].contains(group.digits[0] * 10 + group.digits[1]) {
            add(.otherNumber, .likely, group.glyphs)
        }
    }

    private mutating func add(_ kind: IdentifyingFinding.Kind, _ sureness: IdentifyingFinding.Sureness, _ range: Range<Int>) {
        guard findings.count < SearchedText.mostFindings, !taken.contains(where: { $0.overlaps(range) }) else { return }
        taken.append(range)
        findings.append(IdentifyingFinding(kind, sureness, range: text.bytes(range), suggestion: kind.suggestion))
    }
}
