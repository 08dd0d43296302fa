import Envelope
import Foundation

/// What goes along with a document, as its receivers can open it: the files in their order, and behind each that one of them cannot
/// open the same as PDF.
struct AttachmentDesk: Sendable {
    struct Carried: Sendable {
        var files: [AttachmentFile]
        /// What the sender should know, bokmål.
        var remarks: [String]
    }

    let converter: AttachmentConverter
    let limit: Int
    let hasCoverList: Bool
    let vault: PayloadVault

    init(_ settings: NodeSettings, _ vault: PayloadVault) {
        converter = AttachmentConverter(settings: settings.attachments)
        (limit, hasCoverList, self.vault) = (settings.intake.attachmentBytes, settings.attachments.hasCoverList, vault)
    }

    /// - Throws: ``SubmissionError``, which names the file, who cannot open it, and what to do.
    func carried(
        _ attachments: [SubmittedAttachment], to receivers: [PreparedSubmission.Receiver]
    ) throws -> Carried {
        var carried = Carried(files: [], remarks: [])
        for (index, attachment) in attachments.enumerated() {
            let file = try AttachmentFile(attachment, number: index + 1, limit: limit)
            carried.files.append(file)
            carried.remarks += file.remarks
            let unable = receivers.filter { !$0.opens(file.mediaType) && !Self.isNotice(file, to: $0) }
            guard let first = unable.first else { continue }
            carried.files.append(try converted(file, for: unable))
            carried.remarks.append(
                "\(file.path): \(first.party.name) (\(first.party.herID)) åpner ikke \(AttachmentFormat(mediaType: file.mediaType)?.name ?? file.mediaType). Filen er lagt ved også som PDF."
            )
        }
        if hasCoverList, attachments.count > 1, receivers.allSatisfy(\.opensText) {
            carried.files.insert(try coverList(carried.files), at: 0)
        }
        return carried
    }

    /// What a node of our kind tells another is read by the node.
    private static func isNotice(_ file: AttachmentFile, to receiver: PreparedSubmission.Receiver) -> Bool {
        file.held != nil && file.mediaType == NodeNotice.mediaType && receiver.agreement.protection == .strong
    }

    /// The same as PDF, for those who cannot open it.
    private func converted(
        _ file: AttachmentFile, for unable: [PreparedSubmission.Receiver]
    ) throws -> AttachmentFile {
        let pdf = AttachmentFormat.pdf.mediaType
        for receiver in unable {
            let format = AttachmentFormat(mediaType: file.mediaType)
            guard let format, receiver.opens(pdf), converter.converts(format) else {
                throw refusal(file, receiver, "save it in one of these, and send that")
            }
        }
        guard let format = AttachmentFormat(mediaType: file.mediaType), let receiver = unable.first else { return file }
        do {
            let bytes = try converter.pdf(of: format) { sink in try read(file, sink) }
            return try AttachmentFile(
                SubmittedAttachment(HeldContent(source: .bytes(bytes), mediaType: pdf), title: file.title + " (PDF)"), number: 0,
                limit: limit)
        } catch let error as AttachmentConverter.Failure {
            throw refusal(file, receiver, "it could not be made into PDF here: \(error); make one, and send that")
        }
    }

    private func refusal(_ file: AttachmentFile, _ receiver: PreparedSubmission.Receiver, _ remedy: String) -> SubmissionError {
        SubmissionError(
            .attachmentFormat,
            "\(receiver.party.name) (\(receiver.party.herID)) cannot open \(file.path) (\(file.mediaType)); it opens \(receiver.party.capabilities.attachmentFormats.joined(separator: ", ")); \(remedy)"
        )
    }

    private func read(_ file: AttachmentFile, _ sink: ([UInt8]) throws -> Void) throws {
        switch file.held?.source {
        case .bytes(let bytes): try sink(bytes)
        case .stored(let payload): try vault.read(payload, into: sink)
        case nil:
            let reader = try FileReader(file.path, followsLinks: true)
            while case let piece = try reader.read(PayloadVault.pieceLength), !piece.isEmpty { try sink(piece) }
        }
    }

    /// What there is, in the order in which it is read, so that a missing file is missed.
    private func coverList(_ files: [AttachmentFile]) throws -> AttachmentFile {
        let lines = files.enumerated().map { index, file in
            let format = AttachmentFormat(mediaType: file.mediaType)?.name ?? file.mediaType
            return "Vedlegg \(index + 1) av \(files.count): \(file.title), \(format), \(Self.size(file.length))"
        }
        let text = (["Vedlegg til meldingen, i den rekkefølgen de skal leses:", ""] + lines).joined(separator: "\n") + "\n"
        let content = HeldContent(source: .bytes(Array(text.utf8)), mediaType: AttachmentFormat.text.mediaType)
        return try AttachmentFile(SubmittedAttachment(content, title: "Vedleggsliste"), number: 0, limit: limit)
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1_000_000 ? "\(max(1, (bytes + 500) / 1000)) kB" : "\((bytes + 50_000) / 1_000_000) MB"
    }
}

extension PreparedSubmission.Receiver {
    /// A registry that says nothing of formats leaves it to the receiver.
    fileprivate func opens(_ mediaType: String) -> Bool {
        party.capabilities.attachmentFormats.isEmpty || party.capabilities.attachmentFormats.contains(mediaType)
    }
}
