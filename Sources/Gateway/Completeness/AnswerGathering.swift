import Envelope
import Practice

/// Puts together what a document answers: fields first, then words in its text.
struct AnswerGathering {
    private(set) var answers = DocumentAnswers()
    var text = WrittenText()

    /// A field. What is empty answers nothing, and the first answer stands.
    mutating func set(_ key: AnswerKey, _ value: String?, _ place: String) {
        guard let value, value.contains(where: { !$0.isWhitespace }), answers.answers[key] == nil else { return }
        answers.answers[key] = .given(value, place: place)
    }

    mutating func set(_ key: AnswerKey, _ answer: DocumentAnswer?) {
        if answers.answers[key] == nil, let answer { answers.answers[key] = answer }
    }

    mutating func search(_ table: [AnswerKey: [String]], in places: [String]? = nil) {
        for (key, stems) in table { set(key, text.answer(mentioning: stems, in: places)) }
    }

    /// A piece of text that stands for itself: «Ingen faste legemidler» is an answer too.
    mutating func set(_ key: AnswerKey, under places: [String], none stems: [String] = []) {
        guard let piece = text.under(places) else { return }
        if !stems.isEmpty, case .askedAndNone(let place)? = text.answer(mentioning: stems, in: places) {
            return set(key, .askedAndNone(place: place))
        }
        set(key, piece.text, piece.place)
    }

    /// Which of the papers that a list asks for are among the attachments, by what these are called.
    mutating func attached(_ names: [String]) {
        for (key, stems) in Mentions.attachments {
            for name in names where WrittenText.mentions(name, stems) { set(key, name, "vedlegget «\(name)»") }
        }
        if let first = names.first { set(.reportFile, first, "vedlegget «\(first)»") }
    }

    mutating func patient(
        name: String?, number: String?, born: DocumentTime?, address: (street: String?, phones: [String]), place: String
    ) {
        set(.childName, name, place)
        set(.childNumber, number, place)
        set(.childBirthDate, born?.day, place)
        set(.childAddress, address.street, place)
        set(.childPhone, address.phones.first, place)
    }
}

extension WrittenText {
    static func mentions(_ name: String, _ stems: [String]) -> Bool {
        let folded = name.lowercased()
        return stems.contains { folded.contains($0) }
    }
}
