import Foundation
public import Practice

/// What goes with a report that has no national document of its own: who sends it to whom, about which child, and which files it is.
/// PPT writes such reports and has no EPJ. JSON, `msggw-report/1`; docs/REPORTS.md has its members.
///
/// A file, and never options of a command: what is on a command line can be read by everybody on the machine.
public struct ReportSheet: Sendable, Hashable {
    public static let format = "msggw-report/1"
    /// Bytes of a sheet: some lines, never a book.
    public static let largest = 1 << 16

    public struct Child: Sendable, Hashable {
        /// Eleven digits: fødselsnummer, D-number or felles hjelpenummer.
        public var identityNumber: String
        public var givenName: String
        public var familyName: String
        /// As 2014-03-17; who must consent follows from it.
        public var birthDate: String?
    }

    /// Whom the receiver may telephone.
    public struct Contact: Sendable, Hashable {
        public var givenName: String
        public var familyName: String
        public var telephone: String?
    }

    public struct File: Sendable, Hashable {
        /// In the sheet's own folder.
        public var name: String
        /// What its reader sees; nil takes the file's name.
        public var title: String?
    }

    /// Whoever gets it: by number, or by what is needed where the child lives.
    public enum Receiver: Sendable, Hashable {
        case door(HERID)
        case need(String, Place)

        var door: HERID? { if case .door(let id) = self { id } else { nil } }
        var isByNeed: Bool { door == nil }
        /// For the document's id. Of a protected place it says nothing else.
        var text: String {
            switch self {
            case .door(let id): id.value
            case .need(let need, .named(let name)): "need \(need) in \(name)"
            case .need(let need, .area(let area)): "need \(need) in \(area)"
            case .need(let need, .protected): "need \(need), protected"
            case .need(let need, .unknown): "need \(need)"
            }
        }
    }

    public var sender: HERID
    /// The first is the receiver, each of the others gets a copy of its own.
    public var receivers: [Receiver]
    public var child: Child
    public var title: String
    /// What the sender says of it; nil for a sentence of ours.
    public var text: String?
    public var contact: Contact?
    public var files: [File]
}

extension ReportSheet {
    /// - Parameters:
    ///   - others: names of the other files in the folder, which are the report when the sheet names none.
    ///   - receiver: who gets it anyway; then the sheet may leave out the others.
    /// - Throws: ``SubmissionError`` `.documentUnreadable` with everything that is wrong, by place; never what stood there.
    init(
        parsing json: [UInt8], named name: String, others: [String], besides receiver: Receiver? = nil
    ) throws(SubmissionError) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(json)), case .object = value else {
            throw SubmissionError(
                .documentUnreadable, "the report sheet \(name) is not a JSON object; docs/REPORTS.md has an example")
        }
        var reader = ReportSheetReader(value, at: "")
        reader.allow(["format", "from", "to", "child", "title", "text", "contact", "files"])
        let format = reader.text("format", lacking: "is missing; write \(Self.format)")
        if !format.isEmpty, format != Self.format { reader.fault("format", "is not \(Self.format)") }
        let (sender, receivers) = (reader.party("from"), reader.receivers("to", isOptional: receiver != nil))
        let child = reader.object("child", ["identityNumber", "givenName", "familyName", "birthDate"]) { child in
            let born = child.optionalText("birthDate")
            if let born, OsloDay(born) == nil { child.fault("birthDate", "is no day, as 2014-03-17") }
            return Child(
                identityNumber: child.text(
                    "identityNumber",
                    lacking: "is missing; a child without one has a D-number or a felles hjelpenummer: ask the receiver for it"),
                givenName: child.text("givenName"), familyName: child.text("familyName"), birthDate: born)
        }
        if child == nil { reader.fault("child", "is missing; say whom the report is about") }
        let contact = reader.object("contact", ["givenName", "familyName", "telephone"]) { contact in
            Contact(
                givenName: contact.text("givenName"), familyName: contact.text("familyName"),
                telephone: contact.optionalText("telephone"))
        }
        let title = reader.text("title", lacking: "is missing; it is what the receiver sees first")
        let text = reader.optionalText("text")
        var files = reader.files("files") ?? others.map { File(name: $0) }
        files = files.isEmpty ? others.map { File(name: $0) } : files
        if files.isEmpty { reader.fault("files", "is missing, and there is no other file in the folder; put the report there") }
        guard reader.faults.isEmpty, let child, let sender else {
            throw SubmissionError(
                .documentUnreadable, "the report sheet \(name) cannot be used: \(reader.faults.joined(separator: "; "))")
        }
        self.init(
            sender: sender, receivers: receivers, child: child, title: title, text: text, contact: contact, files: files)
    }
}

/// Reads one object of a sheet and gathers what is wrong with it.
struct ReportSheetReader {
    private(set) var faults: [String] = []
    private let values: [String: JSONValue]
    private let place: String

    init(_ value: JSONValue, at place: String) {
        self.place = place
        guard case .object(let values) = value else {
            self.values = [:]
            faults = ["\(place) is not an object"]
            return
        }
        self.values = values
    }

    mutating func fault(_ name: String, _ reason: String) { faults.append("\(path(name)) \(reason)") }

    mutating func allow(_ known: [String]) {
        for name in values.keys.sorted() where !known.contains(name) {
            let hint = Spelling.nearest(to: name, in: known).map { "; did you mean \($0)?" } ?? ""
            // A name that nobody knows may be a value in the wrong place.
            fault(known.contains(name) ? name : "a member", "is not known\(hint)")
        }
    }

    /// "" when it is missing, which is a fault.
    mutating func text(_ name: String, lacking: String = "is missing") -> String {
        if let text = optionalText(name) { return text }
        if values[name] == nil { fault(name, lacking) }
        return ""
    }

    mutating func optionalText(_ name: String) -> String? {
        guard let value = values[name] else { return nil }
        guard case .string(let text) = value, !text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            fault(name, "is not a text with something in it")
            return nil
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    mutating func party(_ name: String) -> HERID? {
        let text = text(name, lacking: "is missing; it is a HER-id")
        if let party = HERID(text) { return party }
        if !text.isEmpty { fault(name, "is no HER-id: 1 to 10 digits") }
        return nil
    }

    mutating func receivers(_ name: String, isOptional: Bool) -> [ReportSheet.Receiver] {
        if values[name] == nil, isOptional { return [] }
        guard case .list(let entries)? = values[name], !entries.isEmpty else {
            fault(name, "is not a list of HER-ids or needs with at least one")
            return []
        }
        return entries.enumerated().compactMap { index, entry in
            switch entry {
            case .string(let text):
                if let party = HERID(text) { return .door(party) }
            case .object:
                var reader = ReportSheetReader(entry, at: path("\(name)[\(index)]"))
                let receiver = reader.need()
                faults += reader.faults
                return receiver
            default: break
            }
            fault("\(name)[\(index)]", "is no HER-id (a text of 1 to 10 digits), and no need")
            return nil
        }
    }

    /// `{"need": "bup", "area": "Bydel Sagene"}`, or with `"protected": true` in place of an area.
    private mutating func need() -> ReportSheet.Receiver? {
        allow(["need", "area", "protected"])
        let need = text("need", lacking: "is missing; see 'msggw registry resolve --help'")
        let area = optionalText("area")
        var isProtected = false
        if let value = values["protected"] {
            if case .flag(let said) = value { isProtected = said } else { fault("protected", "is neither true nor false") }
        }
        // Whoever says that an address is protected has not meant to say where it is.
        if isProtected, area != nil { fault("area", "must not be there when the address is protected: take it out of the sheet") }
        if !isProtected, area == nil { fault("area", "is missing; it is the bydel or municipality where the child lives") }
        return need.isEmpty || !faults.isEmpty ? nil : .need(need, isProtected ? .protected : area.map { .named($0) } ?? .unknown)
    }

    /// nil when there is none.
    mutating func object<Value>(
        _ name: String, _ known: [String], _ body: (inout ReportSheetReader) -> Value
    ) -> Value? {
        guard let value = values[name] else { return nil }
        var reader = ReportSheetReader(value, at: path(name))
        reader.allow(known)
        let result = body(&reader)
        faults += reader.faults
        return result
    }

    mutating func files(_ name: String) -> [ReportSheet.File]? {
        guard let value = values[name] else { return nil }
        guard case .list(let entries) = value, !entries.isEmpty else {
            fault(name, "is not a list of files; leave it out to send every other file in the folder")
            return []
        }
        return entries.enumerated().map { index, entry in
            var reader = ReportSheetReader(entry, at: "\(name)[\(index)]")
            reader.allow(["file", "title"])
            let file = reader.text("file", lacking: "is missing")
            if file.contains("/") || file == ".." { reader.fault("file", "is not the name of a file in the sheet's own folder") }
            let title = reader.optionalText("title")
            faults += reader.faults
            return ReportSheet.File(name: file, title: title)
        }
    }

    private func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }
}
