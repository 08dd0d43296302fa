extension PlainCheck {
    mutating func readability() {
        let all = 0..<text.words.count
        if all.isEmpty {
            find(
                .empty, .must, all, what: "Teksten er tom.", why: "Den som får brevet, får ikke noe svar.",
                suggestion: "Skriv teksten.")
        } else if text.lixTenths >= profile.heavyLixTenths, text.words.count >= 10 {
            let isHard = text.lixTenths >= profile.hardLixTenths && text.words.count >= ReadingProfile.wordsForIndex
            find(
                .readability, isHard ? .must : .should, all,
                what: "Lesbarheten (LIX) er \(text.lixTenths / 10). Målet er under \(profile.heavyLixTenths / 10).",
                why: "Mange foreldre og unge vil ikke forstå teksten første gang de leser den.",
                suggestion: "Del lange setninger, og bytt lange ord med korte.")
        }
    }

    mutating func sentences() {
        for sentence in text.sentences where sentence.words.count > profile.longSentence {
            let isHard = sentence.words.count > profile.hardSentence
            find(
                .longSentence, isHard ? .must : .should, sentence.words,
                what: "Setningen har \(sentence.words.count) ord. Målet er høyst \(profile.longSentence).",
                why: "I en lang setning mister leseren tråden.", suggestion: "Del den. Én tanke i hver setning.")
        }
        for block in text.blocks where block.sentences.count > 6 {
            find(
                .longParagraph, .hint, words(of: block), what: "Avsnittet har \(block.sentences.count) setninger.",
                why: "Lange avsnitt er tunge å finne fram i.", suggestion: "Del avsnittet, eller lag en liste.")
        }
    }

    mutating func headings() {
        var headings = 0
        for block in text.blocks where block.kind == .heading {
            headings += 1
            let words = words(of: block)
            if words.count > 10 {
                find(
                    .headingTooLong, .hint, words, what: "Overskriften har \(words.count) ord.",
                    why: "En overskrift skal kunne leses i et blikk.", suggestion: "Skriv det viktigste med høyst åtte ord.")
            }
            if words.count <= 2, let first = words.first, Self.emptyHeadings.contains(text.words[first].key) {
                find(
                    .headingSaysNothing, .hint, words, what: "Overskriften sier ikke hva avsnittet handler om.",
                    why: "Mange leser bare overskriftene.", suggestion: "Skriv hva leseren får vite, for eksempel «Du kan klage»."
                )
            }
        }
        if headings == 0, text.words.count > profile.wordsWithoutHeading {
            find(
                .headingsMissing, .should, 0..<1, what: "Teksten er lang og har ingen overskrifter.",
                why: "Leseren finner ikke det viktigste.", suggestion: "Sett en overskrift over hver del.")
        }
    }

    private static let emptyHeadings: Set<String> = [
        "vedrørende", "vedrørande", "informasjon", "generelt", "diverse", "bakgrunn", "innledning", "innleiing", "annet", "anna",
        "konklusjon", "vurdering", "angående", "angåande", "orientering",
    ]
}
