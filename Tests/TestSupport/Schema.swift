import Foundation
import Native

/// The official schemas as judges of what we write.
public enum Schema {
    /// The driver that loads every message schema at once; nil when the folder of standards is not there.
    public static var all: URL? {
        guard let file = Repository.shared("standards/xsd/own/all.xsd"), FileManager.default.fileExists(atPath: file.path) else {
            return nil
        }
        return file
    }

    /// What `xmllint` has against the document; nil when it is valid.
    public static func complaint(about document: [UInt8]) throws -> String? {
        guard let all else { return "the schemas are not there" }
        let outcome = try Tool.run("xmllint", ["--nonet", "--noout", "--schema", all.path, "-"], input: document)
        if outcome.status == 0 { return nil }
        return String(decoding: outcome.err, as: UTF8.self).split(separator: "\n").filter { !$0.contains("Skipping import") }
            .prefix(3).joined(separator: "\n")
    }
}

/// A document as one line for each element, so that two of them can be compared for all that carries meaning: names,
/// namespaces, attributes and text; not prefixes, `xsi:` hints, comments, or white space between elements.
public enum Meaning {
    public static func lines(_ document: [UInt8]) throws -> [String] {
        var lines: [String] = []
        collect(try XMLDocument(parsing: document).root, path: "", into: &lines)
        return lines
    }

    private static func collect(_ node: XMLNode, path: String, into lines: inout [String]) {
        let path = "\(path)/\(node.name)"
        let attributes = node.attributes.filter { $0.namespace != "http://www.w3.org/2001/XMLSchema-instance" }
            .map { "\($0.name)=\($0.value)" }.sorted().joined(separator: " ")
        var text = node.text
        if text.allSatisfy(\.isWhitespace), !node.children.isEmpty { text = "" }
        if node.name == "Base64Container" { text = text.filter { !$0.isWhitespace } }
        lines.append("\(path) {\(node.namespace ?? "")} [\(attributes)] \(text)")
        for child in node.children { collect(child, path: path, into: &lines) }
    }
}
