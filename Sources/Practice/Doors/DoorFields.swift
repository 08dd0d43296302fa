/// One object, read field by field. A field that nobody knows is refused where the format is ours.
struct DoorFields {
    let door: DoorID?
    let place: String
    let node: RegistryNode
    private let values: [String: RegistryNode]

    /// - Parameter known: nil when others decide what comes: unknown fields are then passed over.
    init(_ node: RegistryNode, at place: String, door: DoorID? = nil, known: [String]?) throws(DoorError) {
        guard case .object(let members) = node else { throw DoorError(.malformed, door: door, at: place, "is not an object") }
        (self.door, self.place, self.node) = (door, place, node)
        if let known, let stranger = members.first(where: { !known.contains($0.name) }) {
            throw DoorError(.unknownField, door: door, at: place, "the field \(stranger.name.prefix(40)) is not known")
        }
        values = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }

    func error(_ code: DoorError.Code, _ name: String, _ reason: String) -> DoorError {
        DoorError(code, door: door, at: place.isEmpty ? name : "\(place).\(name)", reason)
    }

    /// nil when it is missing or null.
    func value(_ name: String) -> RegistryNode? {
        guard let value = values[name], value != .null else { return nil }
        return value
    }

    func text(_ name: String) throws(DoorError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value, !text.isEmpty else {
            throw error(.malformed, name, "is not a text with something in it")
        }
        return text
    }

    func required(_ name: String) throws(DoorError) -> String {
        guard let text = try text(name) else { throw error(.malformed, name, "is missing") }
        return text
    }

    func flag(_ name: String) throws(DoorError) -> Bool? {
        switch value(name) {
        case nil: return nil
        case .flag(let flag): return flag
        default: throw error(.malformed, name, "is not true or false")
        }
    }

    func integer(_ name: String) throws(DoorError) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .number(let text) = value, let number = Int(text), number >= 0 else {
            throw error(.malformed, name, "is not a whole number")
        }
        return number
    }

    func texts(_ name: String) throws(DoorError) -> [String] {
        var texts: [String] = []
        for (number, entry) in try list(name).enumerated() {
            guard case .text(let text) = entry, !text.isEmpty else {
                throw error(.malformed, "\(name)[\(number)]", "is not a text")
            }
            texts.append(text)
        }
        return texts
    }

    func list(_ name: String) throws(DoorError) -> [RegistryNode] {
        guard let value = value(name) else { return [] }
        guard case .list(let list) = value else { throw error(.malformed, name, "is not a list") }
        return list
    }

    /// Each object of a list, read by `read`.
    func each<Value>(
        _ name: String, known: [String], _ read: (DoorFields) throws(DoorError) -> Value
    ) throws(DoorError) -> [Value] {
        var values: [Value] = []
        for (number, entry) in try list(name).enumerated() {
            let inner = place.isEmpty ? "\(name)[\(number)]" : "\(place).\(name)[\(number)]"
            values.append(try read(try DoorFields(entry, at: inner, door: door, known: known)))
        }
        return values
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _: Choice.Type) throws(DoorError) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw error(.invalidValue, name, "is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func door(_ name: String) throws(DoorError) -> DoorID? {
        guard let text = try text(name) else { return nil }
        guard let id = DoorID(text) else { throw error(.invalidValue, name, "is no HER-id: 1 to 10 digits") }
        return id
    }

    func doors(_ name: String) throws(DoorError) -> [DoorID] {
        var doors: [DoorID] = []
        for text in try texts(name) {
            guard let id = DoorID(text) else { throw error(.invalidValue, name, "holds something that is no HER-id") }
            doors.append(id)
        }
        return doors
    }

    func day(_ name: String) throws(DoorError) -> DoorDay? {
        guard let text = try text(name) else { return nil }
        guard let day = DoorDay(text) else { throw error(.invalidValue, name, "is not a day written as YYYY-MM-DD") }
        return day
    }

    func period() throws(DoorError) -> DoorPeriod {
        let period = DoorPeriod(from: try day("validFrom"), to: try day("validTo"))
        if period.isReversed { throw error(.invalidValue, "validTo", "is before validFrom") }
        return period
    }

    func code(_ name: String) throws(DoorError) -> DoorCode? {
        guard let value = value(name) else { return nil }
        let fields = try DoorFields(value, at: place.isEmpty ? name : "\(place).\(name)", door: door, known: ["code", "oid"])
        return DoorCode(try fields.required("code"), list: try fields.required("oid"))
    }
}
