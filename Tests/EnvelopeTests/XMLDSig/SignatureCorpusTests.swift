import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite(
    "A corpus of XML signatures", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct SignatureCorpusTests {
    struct Corpus: Decodable {
        struct Case: Decodable { let id, file, expect: String }
        let cases: [Case]
    }

    /// Every `ds:Signature` of the document, however deep.
    static func signatures(in node: XMLNode) -> [XMLNode] {
        let own = node.is("Signature", "http://www.w3.org/2000/09/xmldsig#") ? [node] : []
        return own + node.children.flatMap { signatures(in: $0) }
    }

    /// What the most lenient reader of ours says: the legacy policy, trusting whatever certificate the signature brings.
    static func verify(_ signature: XMLNode) throws {
        let key = try XMLSignature.keyInfoCertificate(of: signature) ?? SignatureFixture.identity().certificate
        _ = try XMLSignature.verify(signature.document, signature: signature, parts: [:], key: key, policy: .legacy)
    }

    /// Refusals by policy: right whether or not the mathematics hold.
    static let policies: Set<EnvelopeError.Code> = [
        .xmlRefused, .signatureProfile, .signatureAlgorithm, .certificateKeyTooShort, .certificateAlgorithm,
        .certificateMalformed,
    ]

    @Test("nothing known to be bad is accepted, and what others accept is refused by policy, never as a bad signature")
    func corpus() throws {
        let folder = try #require(Repository.shared("security-corpora/xmldsig"))
        let corpus = try JSONDecoder().decode(Corpus.self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        var tally = CorpusTally("xmldsig")
        for item in corpus.cases {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: item.file)))
            let outcomes = Self.outcomes(bytes)
            let isAccepted = outcomes.contains { $0 == nil }
            if item.expect == "reject" {
                if isAccepted { tally.fail("\(item.id) was accepted") } else { tally.pass() }
            } else if isAccepted || outcomes.allSatisfy({ $0.map(Self.policies.contains) ?? true }) {
                tally.pass()
            } else {
                tally.pass(weakly: "\(item.id): \(outcomes.map { $0?.rawValue ?? "accepted" })")
            }
        }
        tally.report()
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }

    /// The code of each signature's refusal, nil where it is accepted. A document that is refused whole has one outcome.
    static func outcomes(_ bytes: [UInt8]) -> [EnvelopeError.Code?] {
        guard let tree = try? XMLDocument(parsing: bytes) else { return [.xmlRefused] }
        let signatures = Self.signatures(in: tree.root)
        guard !signatures.isEmpty else { return [.signatureMissing] }
        return signatures.map { signature in
            do {
                try verify(signature)
                return nil
            } catch {
                return (error as? EnvelopeError)?.code ?? .signatureInvalid
            }
        }
    }
}
