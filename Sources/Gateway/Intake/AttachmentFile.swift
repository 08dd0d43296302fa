/// A file that someone wants to send, looked at before anything is taken.
///
/// What it is its own bytes tell (``AttachmentFormat``), never its name.
struct AttachmentFile: Sendable {
    let path: String
    let title: String
    let mediaType: String
    let length: Int
    /// In place of the file.
    let held: HeldContent?
    /// What its sender should know of it, bokmål.
    let remarks: [String]

    /// - Parameter number: among the attachments, for one whose title says nothing.
    /// - Throws: ``SubmissionError`` `.attachmentMissing`, `.attachmentUnreadable`, `.attachmentFormat`, `.tooLarge`.
    init(_ attachment: SubmittedAttachment, number: Int, limit: Int) throws(SubmissionError) {
        let path = attachment.path
        let (title, hadNumber) = ReadableTitle.of(attachment.title, number: number)
        (self.path, self.title) = (path, title)
        var remarks = hadNumber ? ["\(Self.place(number)): fødselsnummeret ble tatt ut av navnet på vedlegget."] : []
        if let held = attachment.held {
            (mediaType, length, self.held, self.remarks) = (held.mediaType, held.length, held, remarks)
            return
        }
        let file: FileReader
        do { file = try FileReader(path, followsLinks: true) } catch {
            throw SubmissionError(
                .attachmentMissing, "the attachment cannot be read: \(error.reason); check the path and try again")
        }
        guard file.length <= limit else {
            throw SubmissionError(
                .tooLarge,
                "the attachment \(path) has \(file.length) bytes; this node takes at most \(limit) (intake.attachmentBytes)")
        }
        guard file.length > 0 else { throw SubmissionError(.attachmentUnreadable, "the attachment \(path) is empty") }
        let format = try Self.format(of: file, path)
        if let claimed = format.claimedInstead(by: path) {
            remarks.append("\(path) heter som \(claimed.name), men er \(format.name). Den er sendt som det den er.")
        }
        (mediaType, length, held, self.remarks) = (format.mediaType, file.length, nil, remarks)
    }

    private static func place(_ number: Int) -> String { number > 0 ? "Vedlegg \(number)" : "Et vedlegg" }

    private static func format(of file: borrowing FileReader, _ path: String) throws(SubmissionError) -> AttachmentFormat {
        do {
            return try AttachmentFormat.of(file, file.read(1024), named: path)
        } catch let refusal as AttachmentFormat.Refusal {
            throw SubmissionError(
                refusal == .unknown ? .attachmentFormat : .attachmentUnreadable, "the attachment \(path) \(refusal.words)")
        } catch let error as StoreError {
            throw SubmissionError(.attachmentUnreadable, "the attachment cannot be read: \(error.reason)")
        } catch {
            throw SubmissionError(.attachmentUnreadable, "the attachment cannot be read")
        }
    }
}
