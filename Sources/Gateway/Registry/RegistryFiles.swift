import Foundation
import Practice

/// Reads a registry that lies in files.
public enum RegistryFiles {
    /// The doors of the files and what decides between them, with every certificate in it.
    ///
    /// - Throws: ``RegistryError`` that names the file and what is wrong with it.
    public static func book(_ files: [String]) throws(RegistryError) -> DoorBook {
        var contents: [[UInt8]] = []
        for file in files {
            guard let content = FileManager.default.contents(atPath: file), content.count <= Registry.largestFile else {
                throw RegistryError(
                    .fileUnreadable, file: file, reason: "cannot be read; name a registry that this user may read")
            }
            contents.append([UInt8](content))
        }
        let folders = files.map { URL(filePath: $0).deletingLastPathComponent().path }
        return try book(contents, names: files, folders: folders)
    }

    /// - Parameters:
    ///   - names: what errors call them.
    ///   - folders: where paths of certificates start.
    static func book(_ contents: [[UInt8]], names: [String], folders: [String]) throws(RegistryError) -> DoorBook {
        let certificates = StatedCertificates(folders: folders)
        do {
            var book = try DoorFile.read(contents, certificates: certificates.reading)
            book.doors = book.doors.map { certificates.selfContained($0) }
            return book
        } catch {
            // "file 1.parties[3]": the number says which of several.
            let number = error.place.hasPrefix("file ") ? Int(error.place.dropFirst(5).prefix { $0.isNumber }) : nil
            let name = number.flatMap { names.indices.contains($0) ? names[$0] : nil } ?? names.joined(separator: ", ")
            let place = number == nil ? error.place : String(error.place.drop { $0 != "." && $0 != "," }.dropFirst())
            throw RegistryError(
                Self.code(error.code), file: name, party: error.door.map { HERID($0) }, field: place, reason: error.reason)
        }
    }

    private static func code(_ code: DoorError.Code) -> RegistryError.Code {
        switch code {
        case .duplicate, .duplicateKey: .duplicate
        case .unknownParent: .unknownParent
        case .parentLoop: .parentLoop
        case .certificate: .certificate
        case .invalidValue, .unknownArea, .areaLoop, .reformGap, .reformOverlap, .unknownTerm: .invalidValue
        case .notJSON, .truncated, .tooDeep, .notElements, .malformed, .unknownField, .notFound, .fault: .malformed
        }
    }
}
