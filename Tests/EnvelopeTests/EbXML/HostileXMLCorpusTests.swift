import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("A corpus of hostile XML", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct HostileXMLCorpusTests {
    struct Corpus: Decodable {
        struct Case: Decodable {
            struct Generated: Decodable {
                let template, `repeat`: String
                let times: Int
            }
            let id, file, expect: String
            let generate: Generated?
        }
        let cases: [Case]
    }

    /// Well-formed, and refused by our limits: no document of the profile is nested a hundred deep.
    static let beyondLimits: Set = ["own/depth-255"]

    static func bytes(_ item: Corpus.Case, in folder: URL) throws -> [UInt8] {
        guard let generate = item.generate else { return [UInt8](try Data(contentsOf: folder.appending(path: item.file))) }
        let halves = generate.template.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var repeated = Array(generate.repeat.utf8)
        let total = repeated.count * generate.times
        while repeated.count < total { repeated += repeated.prefix(total - repeated.count) }
        return Array(halves[0].utf8) + repeated + Array(halves[1].utf8)
    }

    @Test("what must be refused is, at the entry for documents and at the entry for messages") func corpus() throws {
        let folder = try #require(Repository.shared("security-corpora/xml-hostile"))
        let corpus = try JSONDecoder().decode(Corpus.self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        var tally = CorpusTally("xml-hostile")
        for item in corpus.cases {
            let bytes = try Self.bytes(item, in: folder)
            let document = try? XMLDocument(parsing: bytes)
            let text = item.generate == nil ? document?.root.text : nil
            if (try? UnverifiedMessage(soap: bytes, parts: [])) != nil {
                tally.fail("\(item.id) was read as a message")
            } else if item.expect == "reject" {
                // The entry for messages has refused it. The one for documents takes more bytes than these cases allow.
                if document == nil { tally.pass() } else { tally.pass(weakly: "\(item.id) is a document, and no message") }
            } else if item.expect.hasPrefix("well-formed"), document == nil {
                if Self.beyondLimits.contains(item.id) { tally.pass() } else { tally.fail("\(item.id) was refused") }
            } else if item.expect == "whole-text" || (item.expect == "reject-or-whole-text" && document != nil) {
                if text == "80001019" { tally.pass() } else { tally.fail("\(item.id) was read in part") }
            } else if item.expect == "well-formed-not-equal-8000101", text == "8000101" {
                tally.fail("\(item.id) was read as another number")
            } else {
                tally.pass()
            }
        }
        tally.report()
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }
}
