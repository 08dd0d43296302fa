/// Why a registry, a file or an answer cannot be used. Says where and what, never the name of a person.
public struct DoorError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        // What was read
        case notJSON, truncated, tooDeep, duplicateKey, notElements
        // What it says
        case malformed, unknownField, invalidValue, duplicate, unknownParent, parentLoop, certificate
        // Areas and reforms
        case unknownArea, areaLoop, reformGap, reformOverlap
        // Services and words
        case unknownTerm
        // The registry said no
        case notFound, fault
    }

    public let code: Code
    /// The door concerned, when known.
    public let door: DoorID?
    /// The element or field, such as `catchments[3].areas`; for broken JSON `byte 120`.
    public let place: String
    public let reason: String

    public init(_ code: Code, door: DoorID? = nil, at place: String, _ reason: String) {
        (self.code, self.door, self.place, self.reason) = (code, door, place, reason)
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    public var description: String {
        [door.map { "party \($0)" }, place.isEmpty ? nil : place].compactMap(\.self).joined(separator: ", ") + ": \(reason)"
    }
}
