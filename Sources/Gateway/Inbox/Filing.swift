import Envelope
import Foundation

/// A received message as files: `document.xml` and each attachment under a readable name.
public struct FiledMessage: Sendable, Hashable, Codable {
    public let folder: String
    /// File names inside the folder, the document first.
    public let files: [String]
}

/// Writes received messages into folders. A folder exists under its name only when all of it is on the disk.
struct Filing: Sendable {
    let vault: PayloadVault

    /// - Returns: the folder, named by the message's own number and kind. What is there under that name is replaced when it is this
    ///   message's; anything else stays, and the folder gets another number behind its name.
    /// - Throws: ``FilingError`` for what the folder is to blame for; ``StoreError`` for what cannot be read from the store.
    func write(_ message: MessageRecord, _ parts: [PartRecord], below parent: String) throws -> FiledMessage {
        let name = parent + "/" + Self.folderName(message)
        let partial = name + ".part"
        do {
            let claim = try PartialFolder(partial)
            defer { claim.letGo() }
            var names: [String] = []
            for part in parts { names.append(try write(part, into: partial, taken: names)) }
            try writeEmbedded(parts, into: partial, &names)
            let folder = Self.place(name, for: partial)
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: partial, toPath: folder)
            try PlacedFile.synchroniseFolder(of: folder)
            return FiledMessage(folder: folder, files: names)
        } catch let refusal as PlacedFile.Refusal {
            throw FilingError(folder: parent, refusal.error)
        } catch let error as CocoaError {
            throw FilingError(folder: parent, error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.cannotOpen, reason: "cannot file the message in \(parent): \(error.localizedDescription)")
        }
    }

    /// The first of these names that nobody has, or that holds the same document. A folder of that name may be another store's, whose
    /// numbers begin at 1 too: what its reader has not fetched is nowhere else.
    private static func place(_ name: String, for partial: String) -> String {
        func isFree(_ folder: String) -> Bool {
            var about = stat()
            return lstat(folder, &about) != 0
                || FileManager.default.contentsEqual(atPath: folder + "/document.xml", andPath: partial + "/document.xml")
        }
        var (folder, number) = (name, 1)
        while !isFree(folder) {
            number += 1
            folder = "\(name)-\(number)"
        }
        return folder
    }

    /// What lies inside the document itself, as in `national`: the reader gets files all the same.
    private func writeEmbedded(_ parts: [PartRecord], into folder: String, _ names: inout [String]) throws {
        guard let document = parts.first else { return }
        for attachment in try ClinicalDocument(parsing: vault.bytes(of: document.payload)).summary.attachments {
            guard case .embedded(let bytes) = attachment.content else { continue }
            let name = Self.fileName(attachment.description, attachment.mimeType ?? "", number: names.count, taken: names)
            let file = try PlacedFile(creating: folder + "/" + name)
            try file.write(bytes)
            try file.finish()
            names.append(name)
        }
    }

    private func write(_ part: PartRecord, into folder: String, taken: [String]) throws -> String {
        let title = try part.title.map { try vault.text(of: $0, with: part.payload) }
        let name =
            part.position == 0 ? "document.xml" : Self.fileName(title, part.mediaType, number: part.position, taken: taken)
        // Sealed pieces are authentic one by one; the file takes its name only when the last one was there.
        let file = try PlacedFile(creating: folder + "/" + name)
        try vault.read(part.payload) { try file.write($0) }
        try file.finish()
        return name
    }

    private static func folderName(_ message: MessageRecord) -> String {
        let kind = String(message.kind.unicodeScalars.filter { isPlain($0) || $0 == "_" }.map(Character.init).prefix(40))
        return "\(message.id)-\(kind.isEmpty ? "message" : kind)"
    }

    /// A name made of what the sender called the attachment and of what it is; never a path, never hidden, never twice.
    private static func fileName(_ title: String?, _ mediaType: String, number: Int, taken: [String]) -> String {
        let kept = (title ?? "").unicodeScalars.map { isPlain($0) || $0 == " " || $0 == "_" ? Character($0) : "-" }
        var stem = String(kept.prefix(80))
        // A file system counts bytes: 255 with the ending, and with `.part` while it is written.
        while stem.utf8.count > 200 { stem.removeLast() }
        stem = stem.trimmingCharacters(in: CharacterSet(charactersIn: " -_."))
        if stem.isEmpty { stem = "vedlegg \(number)" }
        let ending = endings[mediaType] ?? "bin"
        let name = "\(stem).\(ending)"
        // Some file systems do not tell capitals from small letters.
        let isTaken = taken.contains { $0.lowercased() == name.lowercased() }
        return isTaken ? "\(stem) (\(number)).\(ending)" : name
    }

    /// Letters and digits of any language, so that "skjønn" keeps its ø.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || (scalar.properties.numericType != nil && scalar.isASCII) || scalar == "-"
    }

    private static let endings = [
        "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tiff", "image/heic": "heic",
        "text/plain": "txt", NodeNotice.mediaType: "json", "application/vnd.oasis.opendocument.text": "odt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    ]
}

/// A file in the folder of a message. What goes wrong with it is told apart from what goes wrong with the store.
private struct PlacedFile: ~Copyable {
    struct Refusal: Error {
        let error: StoreError
    }

    private let file: DurableFile

    init(creating path: String) throws(Refusal) {
        do { file = try DurableFile(creating: path) } catch { throw Refusal(error: error) }
    }

    borrowing func write(_ bytes: [UInt8]) throws(Refusal) {
        do { try file.write(bytes) } catch { throw Refusal(error: error) }
    }

    consuming func finish() throws(Refusal) {
        do { try file.finish() } catch { throw Refusal(error: error) }
    }

    static func synchroniseFolder(of path: String) throws(Refusal) {
        do { try DurableFile.synchroniseFolder(of: path) } catch { throw Refusal(error: error) }
    }
}
