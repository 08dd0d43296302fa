import Foundation
import Native
import Practice

/// By which a child's consents are found without a number or name in the clear: the store key's mark over what tells the child.
///
/// The nonce follows from the text, so that one child has one mark: the same nonce then covers the same text, and the mark is
/// never opened again. Without the store key, trying all numbers tells nothing.
struct ChildMark: Sendable, Hashable {
    let bytes: [UInt8]

    /// Those of a number, and of a date of birth with a full name: whichever of them a record has.
    static func all(of child: ConsentRecord.Child, under key: AEADKey) throws -> [ChildMark] {
        try texts(child).map { try ChildMark($0, under: key) }
    }

    /// The first of them alone: what is looked for by all of them is found by it.
    static func best(of child: ConsentRecord.Child, under key: AEADKey) throws -> ChildMark? {
        try texts(child).first.map { try ChildMark($0, under: key) }
    }

    private static func texts(_ child: ConsentRecord.Child) -> [String] {
        var texts: [String] = []
        if let identity = child.identity { texts.append("number\n\(identity.scheme.rawValue)\n\(identity.value)") }
        if let name = child.name { texts.append("born\n\(child.birthDate)\n\(name)") }
        return texts
    }

    /// That of a number, of whatever kind a document says that it is.
    init(number: String, under key: AEADKey) throws { try self.init("any number\n\(number)", under: key) }

    /// That of a date of birth with a full name.
    init(born day: OsloDay, _ name: String, under key: AEADKey) throws { try self.init("born\n\(day)\n\(name)", under: key) }

    private init(_ text: String, under key: AEADKey) throws {
        let label = Array("msggw child mark 1\n\(text)".utf8)
        let nonce = Array(Digest.of(label, .sha256).prefix(AEADKey.nonceLength))
        bytes = try key.seal([UInt8](repeating: 0, count: 16), nonce: nonce, additionalData: label)
    }

    var data: Data { Data(bytes) }
}
