import Foundation
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("Attachments as their receivers can open them", .serialized, .timeLimit(.minutes(5)))
struct AttachmentDeskTests {
    private static let canShutIn = LetterConverterTests.canShutIn
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// A GP whose node has a script for DOCX.
    ///
    /// - Parameter opens: what BUP opens; nil for whatever there is.
    private func site(
        _ script: String? = "printf '%%PDF-1.7\\n' > $2; cat $1 >> $2; printf '\\n%%%%EOF\\n' >> $2",
        opens: String? = "application/pdf", coverList: String = "off"
    ) throws -> Site {
        let converter = try script.map {
            try scratch.write("#!/bin/sh\n\($0)\n", to: "converter-\(UUID().uuidString)", mode: 0o755)
        }
        return try Site(
            settings: [
                "attachments.coverList": coverList,
                "attachments.converters": converter.map { "['docx=\($0) {input} {output}']" } ?? "[]",
            ]
        ) { text in
            text = text.replacing(/"attachmentFormats"\s*:\s*\[[^\]]*\]/) { _ in
                "\"attachmentFormats\": [\(opens.map { "\"\($0)\"" } ?? "")]"
            }
        }
    }

    private static func file(_ name: String, _ bytes: [UInt8], in site: Site) throws -> String {
        let path = site.scratch.path + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    private static let word = Archive.make([
        Archive.Entry("[Content_Types].xml", "<Types/>"), Archive.Entry("word/document.xml", "<w:document/>"),
    ])

    /// Titles and types of what goes, the document left out.
    private static func parts(_ node: Node) throws -> [String] {
        try node.store.read { try PartRecord.fetch($0, message: 1) }.dropFirst().map { part in
            "\(try part.title.map { try node.store.vault.text(of: $0, with: part.payload) } ?? "") \(part.mediaType)"
        }
    }

    @Test(
        "what a receiver cannot open goes as it is, and behind it as PDF; the order is kept and the sender told",
        .enabled(if: canShutIn))
    func converted() async throws {
        let site = try site()
        try await site.with(.gp) { node in
            let attachments = [
                SubmittedAttachment(path: Referral.attachments[0]),
                SubmittedAttachment(path: try Self.file("notat.docx", Self.word, in: site), title: "Notat 17831490128"),
                SubmittedAttachment(path: Referral.attachments[0], title: "Sist"),
            ]
            let taken = try await node.intake.submit(Submission(document: Referral.document(), attachments: attachments))
            let parts = try Self.parts(node)
            #expect(parts.count == 4 && parts[1].hasPrefix("Notat application/vnd.openxml") && parts[3].hasPrefix("Sist "))
            #expect(parts[2] == "Notat (PDF) application/pdf")
            let pdf = try node.store.vault.bytes(of: node.store.read { try PartRecord.fetch($0, message: 1)[3].payload })
            #expect(pdf.firstRange(of: Self.word) != nil)
            let remarks = taken[0].remarks.joined(separator: "\n")
            #expect(remarks.contains("åpner ikke Word-dokument (DOCX). Filen er lagt ved også som PDF."))
            #expect(remarks.contains("Vedlegg 2: fødselsnummeret ble tatt ut") && !remarks.contains("17831490128"))
        }
    }

    @Test(
        "without a converter, with one that fails, or when PDF is no help, all of it is refused, naming file, receiver and remedy"
    )
    func refused() async throws {
        for (script, opens, words) in [
            (nil, "application/pdf", "save it in one of these"), ("exit 1", "application/pdf", "could not be made into PDF here"),
            ("exit 0", "image/png", "save it in one of these"),
        ] as [(String?, String, String)] {
            let site = try site(script, opens: opens)
            try await site.with(.gp) { node in
                let path = try Self.file("notat.docx", Self.word, in: site)
                let submission = Submission(document: try Referral.document(), attachments: [SubmittedAttachment(path: path)])
                let error = await #expect(throws: SubmissionError.self) { try await node.intake.submit(submission) }
                #expect(error?.code == .attachmentFormat)
                for word in ["BUP Nord (80000401) cannot open", "notat.docx", opens, words] {
                    #expect(error?.reason.contains(word) == true, "\(word): \(error?.reason ?? "")")
                }
                #expect(try node.store.read { try PartRecord.fetch($0, message: 1) }.isEmpty)
            }
        }
    }

    @Test("a receiver that opens everything gets the file alone, and a name that lies is told")
    func asItIs() async throws {
        let site = try site(nil, opens: nil)
        try await site.with(.gp) { node in
            let path = try Self.file("rapport.pdf", Self.word, in: site)
            let taken = try await node.intake.submit(
                Submission(document: Referral.document(), attachments: [SubmittedAttachment(path: path)]))
            #expect(try Self.parts(node).count == 1)
            #expect(taken[0].remarks.contains { $0.contains("heter som PDF, men er Word-dokument (DOCX)") })
        }
    }

    @Test("several files get a list in their order, when that is set and the receivers open text; one alone gets none")
    func coverList() async throws {
        for (opens, count, first) in [(nil, 2, "Vedleggsliste text/plain"), (nil, 1, ""), ("application/pdf", 2, "")]
            as [(String?, Int, String)]
        {
            let site = try site(nil, opens: opens, coverList: "on")
            try await site.with(.gp) { node in
                let files = (1...count).map { SubmittedAttachment(path: Referral.attachments[0], title: "Rapport \($0)") }
                _ = try await node.intake.submit(Submission(document: Referral.document(), attachments: files))
                let parts = try Self.parts(node)
                #expect(parts.count == count + (first.isEmpty ? 0 : 1))
                guard !first.isEmpty else { return }
                #expect(parts[0] == first)
                let text = String(
                    decoding: try node.store.vault.bytes(of: node.store.read { try PartRecord.fetch($0, message: 1)[1].payload }),
                    as: UTF8.self)
                #expect(text.contains("Vedlegg 1 av 2: Rapport 1, PDF, ") && text.contains("Vedlegg 2 av 2: Rapport 2, PDF, "))
            }
        }
    }
}
