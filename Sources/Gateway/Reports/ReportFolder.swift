import Envelope
import Foundation
import Native

/// A report with its sheet, as it lies on a disk: a folder with one JSON file and the files of the report.
public struct ReportFolder: Sendable {
    public let sheet: ReportSheet
    /// In the order in which the receiver gets them.
    let files: [SubmittedAttachment]
    /// What the sheet and the files hold, and nothing else: the same report is the same document whenever it is handed in.
    let documentID: String
    private let name: String

    /// - Parameter path: the folder, or the sheet in it.
    /// - Parameter need: who gets it besides those that the sheet names, before them.
    /// - Throws: ``SubmissionError``, with everything that is wrong with the sheet.
    public init(at path: String, to need: ReportSheet.Receiver? = nil) throws(SubmissionError) {
        let (sheetPath, folder) = try Self.sheetPath(path)
        let bytes: [UInt8]
        do { bytes = try FileReader(sheetPath, followsLinks: true).read(ReportSheet.largest + 1) } catch {
            throw SubmissionError(
                .documentUnreadable, "the report sheet cannot be read: \(error.reason); check the path and try again")
        }
        guard bytes.count <= ReportSheet.largest else {
            throw SubmissionError(.tooLarge, "\(sheetPath) has more than \(ReportSheet.largest) bytes and is no report sheet")
        }
        name = sheetPath
        var sheet = try ReportSheet(
            parsing: bytes, named: sheetPath, others: Self.names(in: folder).filter { !$0.lowercased().hasSuffix(".json") },
            besides: need)
        if let need, !sheet.receivers.contains(need) { sheet.receivers.insert(need, at: 0) }
        self.sheet = sheet
        files = sheet.files.map { SubmittedAttachment(path: "\(folder)/\($0.name)", title: $0.title) }
        documentID = try Self.documentID(of: bytes + Array((need?.text ?? "").utf8), files.map(\.path))
    }

    private static func sheetPath(_ path: String) throws(SubmissionError) -> (sheet: String, folder: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SubmissionError(.documentUnreadable, "there is no report at \(path); check the path and try again")
        }
        guard isFolder.boolValue else {
            guard path.lowercased().hasSuffix(".json") else {
                throw SubmissionError(
                    .documentUnreadable,
                    "\(path) is not a report sheet: write one (JSON, docs/REPORTS.md) beside the report, and give the sheet or the folder"
                )
            }
            let folder = (path as NSString).deletingLastPathComponent
            return (path, folder.isEmpty ? "." : folder)
        }
        let sheets = names(in: path).filter { $0.lowercased().hasSuffix(".json") }
        guard sheets.count == 1, let sheet = sheets.first else {
            let found = sheets.isEmpty ? "none" : "\(sheets.count)"
            throw SubmissionError(
                .documentUnreadable, "the folder \(path) must hold one JSON file, the report's sheet, and holds \(found)")
        }
        return ("\(path)/\(sheet)", path)
    }

    /// Ordinary files, by name as people sort them; not those that a system hides.
    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { name in
            var isFolder: ObjCBool = false
            return !name.hasPrefix(".") && FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }
    }

    private static func documentID(of sheet: [UInt8], _ files: [String]) throws(SubmissionError) -> String {
        var digests = Digest.of(sheet, .sha256)
        for path in files {
            do { digests += Array(try FileDigest.sha256(path).utf8) } catch {
                throw SubmissionError(
                    .attachmentMissing, "\(path) cannot be read; the sheet names it: put it there, or correct the sheet")
            }
        }
        return Self.documentID(of: digests)
    }

    /// The same content is the same document: version 8 of RFC 9562, a digest.
    static func documentID(of content: [UInt8]) -> String {
        var bytes = Digest.of(content, .sha256)
        (bytes[6], bytes[8]) = (bytes[6] & 0x0F | 0x80, bytes[8] & 0x3F | 0x80)
        let id = bytes.withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) }
        return UUID(uuid: id).uuidString.lowercased()
    }

    // MARK: - The message

    /// The report as a dialogue message (HIS 1077, "Henvendelse om pasient") with the files as attachments.
    ///
    /// - Parameter needs: for each receiver that is named by need, who it is.
    /// - Throws: ``SubmissionError``: a party that nobody knows, or a number that is nobody's.
    func submission(
        registry: Registry, environment: NodeEnvironment, needs: [NeedAddress?] = [], at now: Date
    ) throws(SubmissionError) -> Submission {
        let child = try patient(environment)
        let sender = try organisation(sheet.sender, registry, "from")
        var receivers: [Organisation] = []
        for (index, receiver) in sheet.receivers.enumerated() {
            let found = needs.indices.contains(index) ? needs[index]?.receiver : nil
            guard let id = found ?? receiver.door else {
                throw SubmissionError(
                    .receiverUnclear, "the report sheet \(name) names a receiver by need, and nobody was found (to[\(index)])")
            }
            receivers.append(try organisation(id, registry, "to[\(index)]"))
        }
        let heading = MsgHead.Heading(
            messageID: documentID, generated: DocumentTime(now), sender: sender, receiver: receivers[0],
            copyReceivers: Array(receivers.dropFirst()), patient: child)
        let contact = sheet.contact.map { contact in
            HealthcareProfessional(
                Person(
                    name: PersonName(family: contact.familyName, given: contact.givenName),
                    telecoms: contact.telephone.map { [.telephone($0)] } ?? []))
        }
        let document: [UInt8]
        do {
            document = try MsgHead.helsefagligDialog(
                heading, tema: .patient, emne: sheet.title, text: sheet.text ?? "Vedlagt er: \(sheet.title).",
                roller: contact.map {
                    [RollerRelatertNotat(.professional($0), roleToPatient: RoleToPatient.clinicalContact.coded)]
                } ?? []
            ).encoded()
        } catch {
            throw SubmissionError(.documentUnreadable, "the report sheet \(name) makes no message: \(error.reason)")
        }
        var submission = Submission(document: document, attachments: files, sender: sheet.sender)
        submission.documentName = "the report of \(name)"
        submission.needs = needs.compactMap(\.self)
        return submission
    }

    private func patient(_ environment: NodeEnvironment) throws(SubmissionError) -> Person {
        do {
            let number = try IdentityNumber(sheet.child.identityNumber)
            try number.check(allowedIn: environment == .test ? .test : .production)
            var child = Person(
                name: PersonName(family: sheet.child.familyName, given: sheet.child.givenName),
                identifiers: [Identifier(number.value, type: PersonIDType(rawValue: number.kind.rawValue).coded)])
            child.dateOfBirth = sheet.child.birthDate.flatMap { DocumentTime($0) }
            return child
        } catch {
            throw SubmissionError(
                .documentUnreadable, "the report sheet \(name) cannot be used: child.identityNumber: \(error.reason); correct it")
        }
    }

    private func organisation(_ id: HERID, _ registry: Registry, _ place: String) throws(SubmissionError) -> Organisation {
        do { return try registry.organisation(id) } catch {
            throw SubmissionError(
                .receiverUnknown, "the report sheet \(name) names a party that nobody knows (\(place)): \(error)")
        }
    }
}
