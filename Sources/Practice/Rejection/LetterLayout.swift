/// Puts a letter together: which phrases stand in which order, and which values fill their places.
struct LetterLayout {
    private let words: LetterWords
    private let base: LetterCase
    private let contactPerson: LetterPerson
    private(set) var blocks: [Letter.Block] = []

    init(
        _ base: LetterCase, _ contact: LetterPerson, received: LetterDay, _ language: WrittenLanguage, _ reader: LetterReader,
        _ values: [String: String]
    ) {
        let common = [
            "child": base.child, "unit": base.unit.name, "unitFirst": base.unit.introduced, "referrer": base.referrer,
            "received": received.written(in: language), "contact": contact.name,
        ]
        words = LetterWords(language: language, reader: reader, values: common.merging(values) { _, new in new })
        (self.base, contactPerson) = (base, contact)
    }

    func letter(_ answer: ReadingProfile.Answer) -> Letter {
        Letter(language: words.language, reader: words.reader, answer: answer, title: words.say(.title), blocks: blocks)
    }

    mutating func say(_ phrases: LetterPhrase..., more: [String: String] = [:]) {
        for phrase in phrases { blocks.append(.paragraph(words.say(phrase, more))) }
    }

    mutating func heading(_ phrase: LetterPhrase) { blocks.append(.heading(words.say(phrase))) }
    mutating func list(_ items: [String]) { blocks.append(.list(items)) }
    mutating func written(_ text: String) { blocks += Letter.blocks(of: text) }

    /// A name, a role, a number and hours, each where there is one.
    mutating func person(_ person: LetterPerson) {
        var facts = [Letter.Fact(words.say(.factName), person.name)]
        if !person.role.isEmpty { facts.append(.init(words.say(.factRole), person.role)) }
        if let phone = person.phone { facts.append(.init(words.say(.factPhone), phone)) }
        if let hours = person.hours, !hours.isEmpty { facts.append(.init(words.say(.factHours), hours)) }
        blocks.append(.facts(facts))
    }

    mutating func facts(_ facts: [(LetterPhrase, String)]) {
        blocks.append(.facts(facts.map { Letter.Fact(words.say($0.0), $0.1) }))
    }

    mutating func services(_ services: [LetterService], in bydel: String) {
        guard !services.isEmpty else { return }
        heading(.servicesHeading)
        say(.services, more: ["place": bydel.isEmpty ? "her" : "i \(bydel)"])
        list(
            services.map { service in
                let reached = [service.phone.map { "\(words.say(.factPhone).lowercased()) \($0.unbroken)" }, service.address]
                let how = reached.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
                let what = service.what.isEmpty ? "" : ": \(service.what)"
                return how.isEmpty ? "\(service.name)\(what)." : "\(service.name)\(what) (\(how))."
            })
    }

    mutating func complaint(_ right: ComplaintRight) {
        let language = words.language
        let weeks = right.weeks(in: language)
        let values = [
            "appealBody": right.appealBody, "sendTo": right.sendTo.joined(separator: ", "), "weeks": weeks,
            "lastDay": right.lastDay.written(in: language, withWeekday: true),
            "madeKnown": right.madeKnown.written(in: language), "ombud": right.ombud?.unbroken ?? "",
        ]
        heading(.complaintHeading)
        say(.complaintWho, .complaintHow, more: values)
        blocks.append(.steps([LetterPhrase.complaintWrite, .complaintSign, .complaintSend].map { words.say($0, values) }))
        say(.complaintDeadline, .complaintLater, more: values)
        if right.ombud != nil { say(.complaintOmbud, more: values) }
        if right.rule.isHealth { say(.complaintRecord) }
    }

    /// Whom to ask, what to do when it cannot wait, the laws, and who signs.
    /// - Parameter unit: who signs; nil for the unit's name alone.
    mutating func ending(_ laws: LetterPhrase?, signedBy unit: String? = nil) {
        heading(.contactHeading)
        say(.contact)
        person(contactPerson)
        heading(.urgentHeading)
        say(.urgent)
        if let laws {
            heading(.lawsHeading)
            say(laws)
        }
        blocks.append(.lines([words.say(.signature), unit ?? base.unit.name]))
    }
}

extension ComplaintRight {
    func weeks(in language: WrittenLanguage) -> String {
        switch (rule.weeks, language) {
        case (3, _): "tre"
        case (4, _): "fire"
        default: "\(rule.weeks)"
        }
    }

    var laws: LetterPhrase {
        switch rule {
        case .specialistHealth: .lawsSpecialist
        case .municipalHealth: .lawsMunicipal
        case .education: .lawsEducation
        }
    }
}
