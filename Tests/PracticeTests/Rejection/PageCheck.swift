import Foundation

/// Reads a page as strictly as XML is read, and says what a letter's page may not have.
struct PageCheck {
    private(set) var faults: [String] = []
    private(set) var text = ""
    private(set) var language = ""
    private var counts: [String: Int] = [:]

    private static let allowed: [String: Set<String>] = [
        "html": ["lang"], "head": [], "meta": ["charset", "name", "content"], "title": [], "style": [], "body": [],
        "div": ["role"], "h1": [], "h2": [], "p": [], "br": [], "ul": [], "ol": [], "li": [], "dl": [], "dt": [], "dd": [],
        "a": ["href"],
    ]
    private static let parents: [String: Set<String>] = [
        "li": ["ul", "ol"], "dt": ["dl"], "dd": ["dl"], "h1": ["div"], "h2": ["div"], "p": ["div"], "title": ["head"],
        "style": ["head"], "meta": ["head"], "a": ["dd"], "br": ["p"],
    ]

    func count(of name: String) -> Int { counts[name] ?? 0 }

    init(_ page: String) throws {
        guard page.hasPrefix("<!DOCTYPE html>\n") else {
            faults = ["no doctype"]
            return
        }
        var (rest, stack, heading) = (page.dropFirst("<!DOCTYPE html>".count), [String](), 0)
        while let open = rest.firstIndex(of: "<") {
            addText(rest[..<open], in: stack.last)
            guard let close = rest[open...].firstIndex(of: ">") else {
                faults.append("a tag without an end")
                return
            }
            var tag = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            if tag.hasPrefix("/") {
                if stack.popLast() != String(tag.dropFirst()) { faults.append("\(tag) closes something else") }
                continue
            }
            let isEmpty = tag.hasSuffix("/")
            if isEmpty { tag = tag.dropLast() }
            let name = String(tag.prefix { $0 != " " })
            counts[name, default: 0] += 1
            check(tag.dropFirst(name.count), of: name, in: stack.last ?? "")
            if name == "h1" || name == "h2" {
                let level = name == "h1" ? 1 : 2
                if level > heading + 1 { faults.append("\(name) comes too early") }
                heading = level
            }
            if !isEmpty { stack.append(name) }
        }
        if !stack.isEmpty { faults.append("\(stack) not closed") }
        for name in ["h1", "title", "html", "head", "body"] where counts[name] != 1 { faults.append("not one \(name)") }
        if language.isEmpty { faults.append("no language") }
    }

    private mutating func check(_ attributes: Substring, of name: String, in parent: String) {
        guard let allowed = Self.allowed[name] else {
            faults.append("<\(name)> is not for letters")
            return
        }
        if let parents = Self.parents[name], !parents.contains(parent) { faults.append("<\(name)> in <\(parent)>") }
        let pairs = attributes.matches(of: /\ ([a-z]+)="([^"<>]*)"/)
        let left = pairs.reduce(into: String(attributes)) { $0 = $0.replacing(String($1.0), with: "") }
        if !left.allSatisfy({ $0 == " " }) { faults.append("attributes of <\(name)>: \(left)") }
        for pair in pairs {
            if !allowed.contains(String(pair.1)) { faults.append("\(pair.1) of <\(name)>") }
            if pair.1 == "lang" { language = String(pair.2) }
            if pair.1 == "href", pair.2.wholeMatch(of: /tel:\+?[0-9]+/) == nil { faults.append("a link to \(pair.2)") }
        }
    }

    private mutating func addText(_ content: Substring, in parent: String?) {
        if parent == "style" { return }
        let known = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
        for match in content.matches(of: /&[^;]{0,10};?/) where known[String(match.0)] == nil {
            faults.append("entity \(match.0)")
        }
        if ["html", "head", "body", "ul", "ol", "dl"].contains(parent ?? ""), !content.allSatisfy(\.isWhitespace) {
            faults.append("text in <\(parent ?? "")>")
        }
        var plain = String(content)
        for (entity, character) in known where entity != "&amp;" { plain = plain.replacing(entity, with: character) }
        text += plain.replacing("&amp;", with: "&")
    }

    /// What `xmllint --html` has against the page.
    static func xmllint(_ page: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("letter-\(UUID().uuidString).html")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(page.utf8).write(to: file)
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["xmllint", "--html", "--noout", "--nonet", file.path]
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let said = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0
            ? String(decoding: said, as: UTF8.self) : "xmllint ended with \(process.terminationStatus)"
    }
}
