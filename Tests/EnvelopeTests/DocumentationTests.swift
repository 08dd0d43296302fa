import Foundation
import TestSupport
import Testing

/// What the documents name exists, as far as that can be seen without reading them.
@Suite struct DocumentationTests {
    static let root = Repository.root

    static let documents: [String] = {
        let folders = ["", "docs/", "samples/", "certs-test/"]
        return folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
            return names.filter { $0.hasSuffix(".md") }.map { folder + $0 }.sorted()
        }
    }()

    static func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

    /// All that `pattern`'s first group matches.
    static func matches(_ pattern: String, in text: String) throws -> [String] {
        let expression = try Regex(pattern, as: (Substring, Substring).self).anchorsMatchLineEndings()
        return text.matches(of: expression).map { String($0.output.1) }
    }

    @Test func `the documents are there`() {
        for name in [
            "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/ARCHITECTURE.md", "docs/SPECIFICATIONS.md",
            "docs/STATES.md", "docs/CONFIGURATION.md", "docs/COMMANDS.md", "docs/INSPECT.md",
            "docs/DEADLINES.md", "docs/ALERTS.md", "docs/OPERATIONS.md", "docs/FAULTS.md",
        ] { #expect(Self.documents.contains(name), "\(name)") }
    }

    @Test(arguments: documents)
    func `every file and folder that a document names exists`(_ document: String) throws {
        let text = try Self.text(document)
        let paths = try Self.matches(
            #"((?:Sources|Tests|Benchmarks|docs|scripts|certs-test|samples)/[A-Za-z0-9+._/-]*[A-Za-z0-9])(?![A-Za-z0-9*…<-])"#,
            in: text)
        for path in Set(paths) where !path.hasPrefix("samples/README") {
            #expect(Self.exists(path), "\(document) names \(path)")
        }
    }

    @Test(arguments: documents)
    func `every link of a document leads to a file`(_ document: String) throws {
        let text = try Self.text(document)
        let folder = document.lastIndex(of: "/").map { String(document[...$0]) } ?? ""
        for link in try Self.matches(#"\]\(([^)#:]+)(?:#[^)]*)?\)"#, in: text) {
            #expect(Self.exists(folder + link), "\(document) links to \(link)")
        }
    }

    @Test func `every state of a message is in docs/STATES.md, and every state there is one`() throws {
        let source = try Self.text("Sources/Gateway/Ledger/MessageState.swift")
        let states = Set(try Self.matches(#"^    case ([a-z]+)$"#, in: source))
        let described = Set(try Self.matches(#"^### `([a-z]+)`$"#, in: try Self.text("docs/STATES.md")))
        #expect(!states.isEmpty)
        #expect(states == described)
    }

    @Test func `every make target that README and CONTRIBUTING name is in the Makefile`() throws {
        let targets = Set(try Self.matches(#"^([a-z-]+):"#, in: try Self.text("Makefile")))
        for document in ["README.md", "CONTRIBUTING.md"] {
            for target in try Self.matches(#"(?:`|^ +)make ([a-z-]+)"#, in: try Self.text(document)) {
                #expect(targets.contains(target), "\(document) names make \(target)")
            }
        }
    }

    @Test func `every command that README names is one`() throws {
        let folder = Self.root.appending(path: "Sources/msggw").path
        let sources = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        let source = try sources.map { try Self.text("Sources/msggw/\($0)") }.joined(separator: "\n")
        let named = try Self.matches(#"commandName: "([a-z][a-z-]*)""#, in: source)
        let types = try Self.matches(#"struct ([A-Za-z]+): [A-Za-z]*ParsableCommand"#, in: source)
        let commands = Set(named + types.map { $0.lowercased() })
        let readme = try Self.text("README.md")
        for command in try Self.matches(#"(?:`|^ *)msggw ([a-z][a-z-]*)\b"#, in: readme) {
            #expect(commands.contains(command), "README.md names msggw \(command)")
        }
        for command in try Self.matches(#"inbox (list|show|save|[a-z]+) (?:ID|--node|FOLDER)"#, in: readme) {
            #expect(commands.contains(command), "README.md names msggw inbox \(command)")
        }
    }

    @Test(arguments: ["docs/ARCHITECTURE.md", "docs/FAULTS.md", "docs/FLOWS.md"])
    func `every test that a document quotes is in the file it names`(_ document: String) throws {
        let text = try Self.text(document)
        for line in text.split(separator: "\n") {
            let places = String(line).components(separatedBy: "`Tests/").dropFirst()
            for place in places {
                guard let end = place.firstIndex(of: "`"), place.contains("\"") else { continue }
                let source = try Self.text("Tests/" + place[..<end])
                for name in try Self.matches(#""([^"]+)""#, in: String(place[end...])) {
                    #expect(source.contains(name), "Tests/\(place[..<end]) has no test \(name)")
                }
            }
        }
    }

    @Test(arguments: ["docs/ARCHITECTURE.md", "docs/SPECIFICATIONS.md"])
    func `every type that a document names is declared`(_ document: String) throws {
        var declared: Set<String> = []
        let files = FileManager.default.enumerator(atPath: Self.root.appending(path: "Sources").path)
        while let file = files?.nextObject() as? String {
            guard file.hasSuffix(".swift") else {
                // A room.
                declared.insert(String(file.split(separator: "/").last ?? ""))
                continue
            }
            let source = try Self.text("Sources/" + file)
            declared.formUnion(
                try Self.matches(#"(?:struct|class|enum|protocol|extension|typealias) ([A-Z][A-Za-z0-9]*)"#, in: source))
        }
        for name in Set(
            try Self.matches(#"`([A-Z][a-zA-Z0-9]*[a-z][a-zA-Z0-9]*)(?:\.[a-z][A-Za-z]*)?`"#, in: try Self.text(document)))
        {
            let isDeclared = declared.contains(name)
            #expect(isDeclared, "\(document) names \(name)")
        }
    }
}
