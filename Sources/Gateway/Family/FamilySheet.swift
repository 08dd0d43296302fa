import Foundation
import Practice

/// What somebody of a family writes to a service, as the mailbox hands it to its node. JSON, `msggw-family-message/1`; docs/FAMILY.md has
/// its members.
public struct FamilySheet: Sendable, Hashable {
    public static let format = "msggw-family-message/1"

    public struct Person: Sendable, Hashable {
        public var identityNumber: String
        public var givenName: String
        public var familyName: String

        var name: String { "\(givenName) \(familyName)" }
    }

    public var role: FamilyRights.Role
    public var writer: Person
    public var child: Person
    /// A value of its own; never taken from the number.
    public var born: OsloDay
    /// The child keeps it from the guardians.
    public var isKept: Bool
    /// nil when the command says by need who gets it.
    public var receiver: HERID?
    public var title: String
    public var text: String

    /// - Throws: ``SubmissionError`` `.documentUnreadable` with everything that is wrong, by place; never what stood there.
    public init(parsing json: [UInt8]) throws(SubmissionError) {
        guard json.count <= ReportSheet.largest, let value = try? JSONDecoder().decode(JSONValue.self, from: Data(json)),
            case .object(let members) = value
        else {
            throw SubmissionError(.documentUnreadable, "the family's message is not a JSON object; docs/FAMILY.md has an example")
        }
        var reader = ReportSheetReader(value, at: "")
        reader.allow(["format", "role", "writer", "child", "keptFromGuardians", "to", "title", "text"])
        let format = reader.text("format", lacking: "is missing; write \(Self.format)")
        if !format.isEmpty, format != Self.format { reader.fault("format", "is not \(Self.format)") }
        let roles = FamilyRights.Role.allCases.map(\.rawValue).joined(separator: ", ")
        let role = FamilyRights.Role(rawValue: reader.text("role"))
        if role == nil { reader.fault("role", "is none of \(roles)") }
        let names = ["identityNumber", "givenName", "familyName"]
        let person: (inout ReportSheetReader) -> Person = {
            Person(identityNumber: $0.text("identityNumber"), givenName: $0.text("givenName"), familyName: $0.text("familyName"))
        }
        let writer = reader.object("writer", names, person)
        if writer == nil { reader.fault("writer", "is missing; say who wrote it") }
        var born: OsloDay?
        let child = reader.object("child", names + ["birthDate"]) { child in
            born = OsloDay(child.text("birthDate"))
            if born == nil { child.fault("birthDate", "is no day, as 2014-03-17") }
            return person(&child)
        }
        if child == nil { reader.fault("child", "is missing; say whom it is about") }
        let receiver = members["to"] == nil ? nil : reader.party("to")
        var isKept = false
        switch members["keptFromGuardians"] {
        case nil: break
        case .flag(let kept)?: isKept = kept
        default: reader.fault("keptFromGuardians", "is not true or false")
        }
        let (title, text) = (reader.text("title", lacking: "is missing; it is what the reader sees first"), reader.text("text"))
        guard reader.faults.isEmpty, let role, let writer, let child, let born else {
            throw SubmissionError(
                .documentUnreadable, "the family's message cannot be used: \(reader.faults.joined(separator: "; "))")
        }
        (self.role, self.writer, self.child, self.born, self.isKept) = (role, writer, child, born, isKept)
        (self.receiver, self.title, self.text) = (receiver, title, text)
    }
}
