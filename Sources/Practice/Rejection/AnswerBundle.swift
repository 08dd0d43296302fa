public import Foundation

/// What comes of one answer: the letters, the status to the referrer, and the record that holds them together. All three are made
/// here from the same value, so none can say something else than the others.
public struct AnswerBundle: Sendable {
    /// One letter and how readable it was.
    public struct Page: Sendable {
        public let letter: Letter
        public let html: String
        public let plainText: String
        public let reading: PlainScore
    }

    /// Changed whenever a text of the letters or their order changes. Part of the record.
    public static let texts = "letters-2"

    public let pages: [Page]
    public let status: StatusText
    /// Canonical JSON.
    public let record: Data
    /// SHA-256 of ``record``.
    public let digest: Data

    /// - Parameters:
    ///   - readers: who gets a letter, and in which language.
    ///   - anyway: why it is sent although a finding must be put right; kept in the record.
    ///   - sha256: the digest, which lives in another room.
    /// - Throws: ``LetterLack/reader`` when nobody would get a letter, ``LetterLack/tooHardToRead`` when it must be put right first.
    public init(
        _ answer: some ReferralAnswer, to readers: [(reader: LetterReader, language: WrittenLanguage)], anyway: String? = nil,
        sha256: (Data) -> Data
    ) throws(LetterRefusal) {
        try LetterRefusal.check(readers.isEmpty ? [.reader] : [])
        let reason = anyway?.cleanedText ?? ""
        let letters = readers.map { answer.letter($0.language, to: $0.reader) }
        let readings = letters.map { $0.reading() }
        let languages = Set(readers.map(\.language))
        let isHard =
            readings.contains { !$0.musts.isEmpty }
            || languages.contains { language in Self.findings(answer, language).contains { !$0.report.musts.isEmpty } }
        try LetterRefusal.check(isHard && reason.isEmpty ? [.tooHardToRead] : [])
        pages = zip(letters, readings).map { letter, reading in
            Page(letter: letter, html: letter.html, plainText: letter.plainText, reading: reading.stored)
        }
        status = answer.status
        let kept: [String: RecordJSON] = [
            "version": .number(1), "texts": .text(Self.texts), "answer": answer.kept, "status": answer.status.json,
            "letters": .list(pages.map { $0.json(sha256) }), "sentAnyway": isHard ? .text(reason) : .nothing,
        ]
        record = RecordJSON.object(kept).canonical
        digest = sha256(record)
    }

    /// What the author sees beside each field while writing.
    public static func findings(
        _ answer: some ReferralAnswer, _ language: WrittenLanguage
    ) -> [(field: String, report: PlainReport)] {
        answer.authored.filter { !$0.text.isEmpty }.map { ($0.field, PlainLanguage(language, .part).check($0.text)) }
    }
}

extension AnswerBundle.Page {
    func json(_ sha256: (Data) -> Data) -> RecordJSON {
        .object([
            "reader": .text(letter.reader.rawValue), "language": .text(letter.language.rawValue),
            "html": .text(Self.hexadecimal(sha256(Data(html.utf8)))),
            "text": .text(Self.hexadecimal(sha256(Data(plainText.utf8)))),
            "reading": .object([
                "rules": .text(reading.rules), "score": .number(reading.score), "lixTenths": .number(reading.lixTenths),
                "words": .number(reading.words), "sentences": .number(reading.sentences),
            ]),
        ])
    }

    private static func hexadecimal(_ bytes: Data) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
