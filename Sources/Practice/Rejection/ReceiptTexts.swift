import Foundation

/// What has happened to something that was sent, as people are told. The raw value is the name in the books of words.
public enum ReceiptEvent: String, Sendable, Hashable, CaseIterable, Codable {
    case taken, delivered, accepted, opened, late, notOpened, refusedTechnically, attachmentRefused, attachmentConverted
    case answered, forwarded, cancelled
    case consentMissing, consentWithdrawn, withdrawalStopped, withdrawalDeleted, withdrawalKept
    case reportSent, dischargeSent, followUpTaken, followUpNotTaken
    case copyFailed
}

/// A receipt in plain words: what happened, and what it means for the one who reads it.
public struct ReceiptText: Sendable, Hashable {
    public enum Audience: String, Sendable, Hashable, CaseIterable { case family, clinician }

    /// What the text names. What is not given is left out of no sentence: give what ``places(of:_:_:)`` asks for.
    public struct Values: Sendable, Hashable {
        /// The one it was sent to, or who acted.
        public var receiver: String
        /// What was sent, in a few words: `rapporten fra PPT`.
        public var what: String
        /// When, as written for people.
        public var when: String
        public var phone: PhoneNumber?

        public init(receiver: String, what: String, when: String, phone: PhoneNumber? = nil) {
            (self.receiver, self.what, self.when, self.phone) = (receiver, what, when, phone)
        }
    }

    public let event: ReceiptEvent
    public let language: WrittenLanguage
    public let heading: String
    public let text: String

    /// - Returns: nil when the audience is not told of such an event, or when a value that the text names is missing.
    public init?(_ event: ReceiptEvent, to audience: Audience, _ language: WrittenLanguage, _ values: Values) {
        let phrase = Self.phrase(event, audience, language)
        guard let bar = phrase.range(of: " | ") else { return nil }
        let given = [
            "receiver": values.receiver.cleanedLine, "what": values.what.cleanedLine, "when": values.when.cleanedLine,
            "phone": values.phone?.written ?? "",
        ]
        guard PhraseBook.places(in: phrase).allSatisfy({ given[$0]?.isEmpty == false }) else { return nil }
        (self.event, self.language) = (event, language)
        heading = PhraseBook.filled(String(phrase[..<bar.lowerBound]), given)
        text = PhraseBook.filled(String(phrase[bar.upperBound...]), given)
    }

    /// The values that the text names.
    public static func places(of event: ReceiptEvent, _ audience: Audience, _ language: WrittenLanguage) -> Set<String> {
        Set(PhraseBook.places(in: phrase(event, audience, language)))
    }

    static func phrase(_ event: ReceiptEvent, _ audience: Audience, _ language: WrittenLanguage) -> String {
        let book = language == .bokmal ? bokmal : nynorsk
        return book.phrase(event.rawValue, [audience.rawValue])
    }

    private static let bokmal = PhraseBook(receiptsInBokmal)
    private static let nynorsk = PhraseBook(receiptsInNynorsk)
}
