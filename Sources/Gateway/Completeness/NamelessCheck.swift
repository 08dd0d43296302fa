import Envelope
import Foundation
import Practice

/// What in a message that should name nobody tells all the same who the child is: for the author, with places.
public struct NamelessCheck: Sendable {
    public struct Finding: Sendable {
        /// The piece of text, or the attachment.
        public let place: String
        /// From 1, in that piece.
        public let line: Int
        public let column: Int
        public let finding: IdentifyingFinding
        /// The words themselves: for the author's eyes alone.
        public let words: String
    }

    public let findings: [Finding]

    /// - Parameter attachments: of these, only text can be looked through; whatever else goes along stops it.
    public init(_ document: DocumentCheck, attachments: [SubmittedAttachment] = [], today: OsloDay) {
        var found = Self.look(document.text.pieces, today)
        if document.namesPatient {
            let named = IdentifyingFinding(
                .name, .certain, range: 0..<0, suggestion: "Ta bort pasienten fra meldingen, eller be om samtykke.")
            found.insert(Finding(place: "Pasient", line: 1, column: 1, finding: named, words: ""), at: 0)
        }
        findings = found + Self.look(attachments, today)
    }

    /// A text by itself, before it becomes a message.
    public init(text: String, attachments: [SubmittedAttachment] = [], today: OsloDay) {
        findings = Self.look([WrittenText.Piece(place: "teksten", text: text)], today) + Self.look(attachments, today)
    }

    private static func look(_ pieces: [WrittenText.Piece], _ today: OsloDay) -> [Finding] {
        let check = AnonymityCheck(today: today)
        return pieces.flatMap { piece in
            check.findings(in: piece.text).map { finding in
                let (line, column) = finding.position(in: piece.text)
                return Finding(
                    place: piece.place, line: line, column: column, finding: finding, words: finding.words(in: piece.text))
            }
        }
    }

    private static func look(_ attachments: [SubmittedAttachment], _ today: OsloDay) -> [Finding] {
        let read = attachments.map { attachment in
            let name = attachment.path.split(separator: "/").last.map(String.init) ?? attachment.path
            return AnonymityCheck.Attachment(fileName: name, text: Self.text(of: attachment))
        }
        let titles = attachments.map(\.title)
        let report = AnonymityCheck(today: today).report(text: "", attachments: read)
        return report.items.map { item in
            let (place, searched): (String, String) =
                switch item.place {
                case .text: ("teksten", "")
                case .attachment(let number): ("vedlegg \(number + 1)", read[number].text ?? "")
                case .fileName(let number): ("navnet på vedlegg \(number + 1)", read[number].fileName)
                case .property(let number, _): ("egenskapene til vedlegg \(number + 1)", "")
                }
            let (line, column) = item.finding.position(in: searched)
            return Finding(
                place: place, line: line, column: column, finding: item.finding, words: item.finding.words(in: searched))
        } + look(titles.enumerated().map { WrittenText.Piece(place: "tittelen på vedlegg \($0 + 1)", text: $1) }, today)
    }

    /// Nil for what is no text, or longer than any text that a person looks through.
    private static func text(of attachment: SubmittedAttachment) -> String? {
        guard let file = try? AttachmentFile(attachment, number: 0, limit: AnonymityCheck.longest),
            file.mediaType == "text/plain",
            let bytes = FileManager.default.contents(atPath: attachment.path)
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    public enum Outcome: Sendable, Hashable { case cleared, asksAuthor, stopped }

    /// - Parameter isLookedThrough: the author has looked at each finding and says that it points to nobody. What is certain stays.
    public func outcome(isLookedThrough: Bool = false) -> Outcome {
        if findings.contains(where: { $0.finding.sureness == .certain }) { return .stopped }
        return findings.isEmpty || isLookedThrough ? .cleared : .asksAuthor
    }
}
