/// The phrases of the letters. The raw value is the phrase's name in the book of each language.
enum LetterPhrase: String, Sendable, CaseIterable {
    case title, greeting, received, assessed, signature
    case rejectionAnswer, rejectionWhyHeading, rejectionConsideredHeading, rejectionConsidered
    case groundHelpWhereYouLive, groundNotSevereEnough, groundLittleBenefit, groundHelpedAlready, groundNotWished
    case nowHeading, servicesHeading, services, nextHeading, next, nextPhone
    case againHeading, again, againWorse
    case complaintHeading, complaintWho, complaintHow, complaintWrite, complaintSign, complaintSend, complaintDeadline
    case complaintLater, complaintOmbud, complaintRecord
    case contactHeading, contact, factName, factRole, factPhone, factHours, factWhen, factWhere
    case urgentHeading, urgent, lawsHeading, lawsSpecialist, lawsMunicipal, lawsEducation, lawsRight
    case acceptanceAnswer, firstHeading, firstLater, responsibleHeading, responsible, courseHeading, course, deadline
    case forwardingAnswer, forwardingWhyHeading, forwardingTime, forwardingHeading, forwardingContact
}

/// What a letter says to one reader in one language.
struct LetterWords: Sendable {
    let language: WrittenLanguage
    let reader: LetterReader
    let values: [String: String]

    static func book(_ language: WrittenLanguage) -> PhraseBook {
        switch language {
        case .bokmal: bokmal
        case .nynorsk: nynorsk
        }
    }

    private static let bokmal = PhraseBook(lettersInBokmal)
    private static let nynorsk = PhraseBook(lettersInNynorsk)

    func say(_ phrase: LetterPhrase, _ more: [String: String] = [:]) -> String {
        let text = Self.book(language).phrase(phrase.rawValue, reader.variants)
        // A section and its sign, and a number to ring, stay on one line.
        let bound = text.replacing("§ ", with: "§\u{A0}").replacing("116 117", with: "116\u{A0}117")
        return PhraseBook.filled(bound, values.merging(more) { _, new in new })
    }
}
