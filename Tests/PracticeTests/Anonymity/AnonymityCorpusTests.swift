import Foundation
import Practice
import Testing

/// Identity numbers with control digits that hold, of people who do not exist.
enum MadeNumber {
    /// The first eleven-digit number from a date on whose control digits hold.
    static func make(_ date: String, from start: Int = 300, first remainders: ClosedRange<Int> = 0...0) -> String {
        for individual in start..<999 {
            for one in 0...9 {
                for two in 0...9 {
                    let text = date + String(individual) + "\(one)\(two)"
                    let digits = text.utf8.map { Int($0) - 48 }
                    let first = zip(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).reduce(0) { $0 + $1.0 * $1.1 } % 11
                    let second = zip(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).reduce(0) { $0 + $1.0 * $1.1 } % 11
                    if remainders.contains(first), second == 0 { return text }
                }
            }
        }
        return ""
    }

    static let all: [String: String] = [
        "fnr": make("150412"), "dnr": make("550412"), "syn": make("158412"), "fnr2032": make("150432", first: 1...3),
        "hnr": make("154412"), "nhn": make("157712"), "dsyn": make("558412"),
    ]

    /// `<fnr:6 5>` becomes the number with a space after six digits.
    static func filled(_ text: String) -> String {
        var out = text
        for (name, number) in all {
            out = out.replacingOccurrences(of: "<\(name)>", with: number)
            while let start = out.range(of: "<\(name):"), let end = out[start.upperBound...].firstIndex(of: ">") {
                out.replaceSubrange(start.lowerBound...end, with: broken(number, String(out[start.upperBound..<end])))
            }
        }
        return out
    }

    static func broken(_ number: String, _ form: String) -> String {
        var rest = Substring(number)
        var out = ""
        for character in form {
            if let count = character.wholeNumberValue {
                out += rest.prefix(count)
                rest = rest.dropFirst(count)
            } else {
                out.append(character)
            }
        }
        return out + rest
    }
}

@Suite("How much the anonymity check finds")
struct AnonymityCorpusTests {
    struct Score: CustomStringConvertible {
        var marked = 0
        var found = 0
        var foundAsKind = 0
        var falseAlarms = 0
        var sureFalseAlarms = 0
        var cleanTexts = 0
        var cleanTextsStopped = 0
        var missed: [String] = []
        var alarms: [String] = []
        var description: String {
            "marked \(marked), found \(found) (\(foundAsKind) as what they are), missed \(marked - found); false alarms \(falseAlarms)"
                + " (\(sureFalseAlarms) likely or certain); texts that name nobody: \(cleanTexts), with an alarm \(cleanTextsStopped)"
        }
    }

    private func score(_ texts: [String]) -> Score {
        let check = AnonymityCheck(today: OsloDay("2026-11-22") ?? OsloDay(daysSince1970: 0))
        var score = Score()
        for marked in texts {
            let (text, spans) = Self.unmarked(MadeNumber.filled(marked))
            let findings = check.findings(in: text)
            score.marked += spans.count
            for span in spans {
                let hits = findings.filter { $0.range.overlaps(span.range) }
                score.found += hits.isEmpty ? 0 : 1
                score.foundAsKind += hits.contains { $0.kind.rawValue == span.kind } ? 1 : 0
                if hits.isEmpty { score.missed.append(span.words) }
            }
            let alarms = findings.filter { finding in !spans.contains { $0.range.overlaps(finding.range) } }
            score.falseAlarms += alarms.count
            score.sureFalseAlarms += alarms.filter { $0.sureness > .possible }.count
            score.alarms += alarms.map { "\($0.words(in: text)) \($0)" }
            if spans.isEmpty {
                score.cleanTexts += 1
                score.cleanTextsStopped += alarms.isEmpty ? 0 : 1
            }
        }
        return score
    }

    private static func unmarked(_ marked: String) -> (String, [(kind: String, range: Range<Int>, words: String)]) {
        var text = ""
        var spans: [(kind: String, range: Range<Int>, words: String)] = []
        var rest = Substring(marked)
        while let open = rest.firstIndex(of: "⟦"), let bar = rest[open...].firstIndex(of: "|"),
            let close = rest[bar...].firstIndex(of: "⟧")
        {
            text += rest[..<open]
            let words = String(rest[rest.index(after: bar)..<close])
            let start = text.utf8.count
            text += words
            spans.append((String(rest[rest.index(after: open)..<bar]), start..<text.utf8.count, words))
            rest = rest[rest.index(after: close)...]
        }
        return (text + rest, spans)
    }

    @Test("on texts written beside it, nothing that is marked is missed")
    func development() {
        let score = score(AnonymityCorpus.development)
        print("anonymity, development: \(score)\n  missed: \(score.missed)\n  false alarms: \(score.alarms)")
        #expect(score.missed == [])
        #expect(score.sureFalseAlarms == 0)
    }

    /// The floor is what the first run on these texts gave. What it misses is listed in the room's documentation.
    @Test("on texts it was not written for, it finds no less than it once did")
    func heldOut() {
        let score = score(AnonymityCorpus.heldOut)
        print("anonymity, held out: \(score)\n  missed: \(score.missed)\n  false alarms: \(score.alarms)")
        #expect(score.found >= 34 && score.sureFalseAlarms == 0 && score.cleanTextsStopped <= 1)
    }

    @Test("on texts meant to be hard, it finds no less than it once did, and alarms no more")
    func hard() {
        let score = score(AnonymityCorpus.hard)
        print("anonymity, hard: \(score)\n  missed: \(score.missed)\n  false alarms: \(score.alarms)")
        #expect(score.found >= 31 && score.sureFalseAlarms <= 1 && score.cleanTextsStopped <= 5)
    }

    @Test("on texts written last, it finds no less than it once did")
    func last() {
        let score = score(AnonymityCorpus.last)
        print("anonymity, last: \(score)\n  missed: \(score.missed)\n  false alarms: \(score.alarms)")
        #expect(score.found >= 33 && score.sureFalseAlarms == 0 && score.cleanTextsStopped <= 3)
    }
}
