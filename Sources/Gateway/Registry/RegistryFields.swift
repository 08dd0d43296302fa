import Foundation

/// One object of the registry's JSON, read field by field. A field that nobody knows is refused.
struct RegistryFields {
    /// The party that the object belongs to, once known; for errors.
    let party: HERID?
    private let path: String
    private let values: [String: JSONValue]

    /// - Parameter path: the object's own place, such as `capabilities`; empty for a party.
    init(_ value: JSONValue, path: String, party: HERID?, known: [String]) throws(RegistryError) {
        guard case .object(let values) = value else {
            throw RegistryError(.malformed, party: party, field: path, reason: "is not an object")
        }
        (self.party, self.path, self.values) = (party, path, values)
        for name in values.keys.sorted() where !known.contains(name) {
            let hint = Spelling.nearest(to: name, in: known).map { "; did you mean \($0)?" } ?? ""
            throw error(.malformed, name, "is not known\(hint)")
        }
    }

    func error(_ code: RegistryError.Code, _ name: String, _ reason: String) -> RegistryError {
        RegistryError(code, party: party, field: place(name), reason: reason)
    }

    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func value(_ name: String) -> JSONValue? { values[name] }

    func string(_ name: String) throws(RegistryError) -> String? {
        guard let value = values[name] else { return nil }
        guard case .string(let text) = value, !text.isEmpty else {
            throw error(.malformed, name, "is not a text with something in it")
        }
        return text
    }

    func required(_ name: String) throws(RegistryError) -> String {
        guard let text = try string(name) else { throw error(.malformed, name, "is missing") }
        return text
    }

    func flag(_ name: String) throws(RegistryError) -> Bool {
        guard let value = values[name] else { return false }
        guard case .flag(let flag) = value else { throw error(.malformed, name, "is not true or false") }
        return flag
    }

    func integer(_ name: String) throws(RegistryError) -> Int? {
        guard let value = values[name] else { return nil }
        guard case .integer(let number) = value, number > 0 else {
            throw error(.malformed, name, "is not a whole number above 0")
        }
        return number
    }

    func strings(_ name: String) throws(RegistryError) -> [String] {
        guard let value = values[name] else { return [] }
        guard case .list(let entries) = value else { throw error(.malformed, name, "is not a list") }
        var texts: [String] = []
        for entry in entries {
            guard case .string(let text) = entry, !text.isEmpty else {
                throw error(.malformed, name, "holds something that is not a text")
            }
            texts.append(text)
        }
        return texts
    }

    func party(_ name: String) throws(RegistryError) -> HERID? {
        guard let text = try string(name) else { return nil }
        guard let party = HERID(text) else { throw error(.invalidValue, name, "is no HER-id: 1 to 10 digits") }
        return party
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(RegistryError) -> Choice? {
        guard let text = try string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw error(.invalidValue, name, "is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func code(_ name: String) throws(RegistryError) -> RegistryCode? {
        guard let value = values[name] else { return nil }
        let fields = try RegistryFields(value, path: place(name), party: party, known: ["code", "oid"])
        return RegistryCode(code: try fields.required("code"), oid: try fields.required("oid"))
    }

    /// A day, `YYYY-MM-DD`, as its first instant in UTC.
    func day(_ name: String) throws(RegistryError) -> Date? {
        guard let text = try string(name) else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2], let year = UInt16(parts[0]),
            let month = UInt8(parts[1]),
            let day = UInt8(parts[2]), let date = RegistryFields.date(Int(year), Int(month), Int(day))
        else { throw error(.invalidValue, name, "is not a day written as YYYY-MM-DD") }
        return date
    }

    private static func date(_ year: Int, _ month: Int, _ day: Int) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(year: year, month: month, day: day)
        guard components.isValidDate(in: calendar) else { return nil }
        return calendar.date(from: components)
    }
}
