import Foundation

extension Submission {
    /// A submission of a document that lies in a file. No more of it is read than the node takes.
    ///
    /// - Throws: ``SubmissionError`` `.documentUnreadable`, also for what is no XML at all, or `.tooLarge`; they name the file.
    public init(
        documentAt path: String, attachments: [SubmittedAttachment] = [], sender: HERID? = nil, receiver: HERID? = nil,
        limits: IntakeSettings
    ) throws(SubmissionError) {
        let document: [UInt8]
        do {
            let file = try FileReader(path, followsLinks: true)
            // Told by what is read, not by the length: a file may grow, and some files have none.
            document = try file.read(min(file.length, limits.documentBytes) + 1)
        } catch {
            throw SubmissionError(
                .documentUnreadable, "the document cannot be read: \(error.reason); check the path and try again")
        }
        guard document.count <= limits.documentBytes else {
            throw SubmissionError(
                .tooLarge,
                "the document \(path) is too large; this node takes at most \(limits.documentBytes) bytes (intake.documentBytes)")
        }
        try Self.checkBeginning(of: document, at: path)
        self.init(document: document, attachments: attachments, sender: sender, receiver: receiver)
        documentName = "the document \(path)"
    }

    /// A report in the document's place is the usual mistake, of which an XML parser knows nothing.
    private static func checkBeginning(of document: [UInt8], at path: String) throws(SubmissionError) {
        guard !document.isEmpty else {
            throw SubmissionError(.documentUnreadable, "the document \(path) is empty; check the file and try again")
        }
        // UTF-16 with its mark, of which the parser decides.
        if [[0xFF, 0xFE], [0xFE, 0xFF]].contains(Array(document.prefix(2))) { return }
        let text = document.starts(with: [0xEF, 0xBB, 0xBF]) ? document.dropFirst(3) : document[...]
        let start = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard start == UInt8(ascii: "<") else {
            throw SubmissionError(
                .documentUnreadable,
                "the document \(path) is not XML; give the document first and other files with --attach")
        }
    }
}

extension SubmittedAttachment {
    /// `FILE` or `FILE=Title`, as one writes it on a command line. A file whose name holds `=` is found all the same.
    public init(argument: String) {
        let marks = argument.indices.filter { argument[$0] == "=" }
        let isFile = FileManager.default.fileExists(atPath:)
        guard !isFile(argument),
            let mark = marks.last(where: { isFile(String(argument[..<$0])) }) ?? marks.first
        else {
            self.init(path: argument)
            return
        }
        let title = argument[argument.index(after: mark)...]
        self.init(path: String(argument[..<mark]), title: title.isEmpty ? nil : String(title))
    }
}
