import Foundation
import Native

/// Which systems sent a message: the JSON text of `Description`. HITS 1210.
public struct SystemDescription: Sendable, Hashable {
    /// As it came, or as it will be written.
    public let text: String
    public let language: String

    init(text: String, language: String) { (self.text, self.language) = (text, language) }

    /// - Parameters:
    ///   - msh: name and version of the system that makes the envelope.
    ///   - system: name and version of the system whose document it is.
    public init(msh: (name: String, version: String), system: (name: String, version: String)? = nil) {
        var fields = [("MSH-system", msh.name), ("MSH-versjon", msh.version)]
        if let system { fields += [("fagsystem", system.name), ("fagsystem-versjon", system.version)] }
        text = "{" + fields.map { "\(Self.quoted($0)):\(Self.quoted($1))" }.joined(separator: ",") + "}"
        language = "NO"
    }

    public var mshSystem: String? { fields["MSH-system"] }
    public var mshVersion: String? { fields["MSH-versjon"] }
    public var system: String? { fields["fagsystem"] }
    public var systemVersion: String? { fields["fagsystem-versjon"] }

    /// Empty when the text is not the JSON object it should be. Read when asked for: no message hangs on it.
    public var fields: [String: String] {
        (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20: quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension SystemDescription {
    static let longest = 4096

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        let language = element.node.attribute("lang", EbXMLNamespace.xml)
        if language == nil { element.log.note("xml:lang is missing", at: element.place) }
        let text = element.node.deepText.trimmed
        guard text.utf8.count <= Self.longest else { throw element.malformed("the text is longer than \(Self.longest) bytes") }
        self.init(text: text, language: language ?? "NO")
    }
}
