import Envelope
import Foundation
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("Received messages as files")
struct FilingTests {
    private let scratch: ScratchFolder
    private let vault: PayloadVault
    private var parent: String { scratch.path + "/filed" }

    init() throws {
        scratch = try ScratchFolder()
        try scratch.write(StoreKey.newFile(), to: "store.key")
        try FileManager.default.createDirectory(atPath: scratch.path + "/vault", withIntermediateDirectories: true)
        vault = PayloadVault(folder: scratch.path + "/vault", key: try StoreKey(file: scratch.path + "/store.key").aead)
    }

    private func message(kind: String = "HENVISNING_BUP") -> MessageRecord {
        MessageRecord(
            id: 17, direction: .in, state: .opened, kind: kind, messageID: "m", conversationID: "c", documentID: "d",
            documentGenerated: "", cpaID: "", sender: "1", receiver: "2", protection: .strong, created: TestPKI.now,
            updated: TestPKI.now, due: nil, attempts: 0, failure: nil, answers: nil)
    }

    private func parts(_ titles: [String?], mediaType: String = "application/pdf") throws -> [PartRecord] {
        [
            PartRecord(
                position: 0, contentID: "document", mediaType: "text/xml", title: nil,
                payload: try vault.store(Referral.document()))
        ]
            + (try titles.enumerated().map { number, title in
                let payload = try vault.store(Array("part \(number)".utf8))
                return PartRecord(
                    position: number + 1, contentID: "part\(number)", mediaType: mediaType,
                    title: try title.map { try vault.sealed($0, with: payload) }, payload: payload)
            })
    }

    private func file(_ titles: [String?], mediaType: String = "application/pdf", kind: String = "HENVISNING_BUP") throws
        -> FiledMessage
    {
        try Filing(vault: vault).write(message(kind: kind), parts(titles, mediaType: mediaType), below: parent)
    }

    static let titles: [(String?, String)] = [
        ("Pedagogisk rapport", "Pedagogisk rapport.pdf"), ("skjønn æå 3", "skjønn æå 3.pdf"),
        ("../../x", "x.pdf"), ("..", "vedlegg 1.pdf"), (".hidden", "hidden.pdf"), ("/etc/passwd", "etc-passwd.pdf"),
        ("C:\\windows\\system32", "C--windows-system32.pdf"), ("a\u{0}b", "a-b.pdf"), ("a\nb", "a-b.pdf"),
        ("🎈", "vedlegg 1.pdf"), ("ballong 🎈 fin", "ballong - fin.pdf"), ("", "vedlegg 1.pdf"), (nil, "vedlegg 1.pdf"),
        ("   ", "vedlegg 1.pdf"), ("document.xml", "document-xml.pdf"), ("\u{202E}fdp.exe", "fdp-exe.pdf"),
        ("$(rm -rf ~)", "rm -rf.pdf"), ("-rf", "rf.pdf"), ("x.part", "x-part.pdf"),
        (String(repeating: "a", count: 300), String(repeating: "a", count: 80) + ".pdf"),
        // Four bytes each, so that 80 of them would be more than a file system takes.
        (String(repeating: "𐌰", count: 300), String(repeating: "𐌰", count: 50) + ".pdf"),
    ]

    @Test("a title becomes a name that is safe and stays in the folder", arguments: titles)
    func title(title: String?, name: String) throws {
        let filed = try file([title])
        #expect(filed.files == ["document.xml", name])
        #expect(filed.folder == parent + "/17-HENVISNING_BUP")
        #expect(try FileManager.default.contentsOfDirectory(atPath: filed.folder).sorted() == filed.files.sorted())
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["17-HENVISNING_BUP"])
        #expect(FileManager.default.contents(atPath: filed.folder + "/" + name) == Data("part 0".utf8))
    }

    @Test("titles that are alike give as many files, each with its own content")
    func alike() throws {
        let filed = try file(["Rapport", "Rapport", "rapport", "Rap/port", "Rap?port", nil, nil])
        #expect(Set(filed.files.map { $0.lowercased() }).count == 8)
        for (number, name) in filed.files.dropFirst().enumerated() {
            #expect(FileManager.default.contents(atPath: filed.folder + "/" + name) == Data("part \(number)".utf8))
        }
    }

    @Test("a media type that nobody knows gets no ending that a program would open", arguments: ["text/html", "../x", ""])
    func ending(mediaType: String) throws {
        #expect(try file(["Rapport"], mediaType: mediaType).files == ["document.xml", "Rapport.bin"])
    }

    @Test(
        "a kind of message makes no path",
        arguments: [("../../x", "17-x"), ("", "17-message"), ("/", "17-message"), ("A.B", "17-AB")])
    func kind(kind: String, name: String) throws {
        #expect(try file([], kind: kind).folder == parent + "/" + name)
    }

    @Test("a folder appears only when it is whole: a payload that is damaged leaves none")
    func damaged() throws {
        var parts = try parts(["Rapport", "Skjema"])
        let last = parts[2].payload
        guard case .row(var sealed) = last.place else { return }
        sealed[sealed.count - 1] ^= 1
        parts[2] = PartRecord(
            position: 2, contentID: "part1", mediaType: "application/pdf", title: nil,
            payload: StoredPayload(name: last.name, length: last.length, place: .row(sealed), wrappedKey: last.wrappedKey))
        #expect(throws: StoreError(.damaged, reason: "")) { try Filing(vault: vault).write(message(), parts, below: parent) }
        let left = try FileManager.default.contentsOfDirectory(atPath: parent)
        #expect(!left.contains("17-HENVISNING_BUP"))
        // What is half is replaced by the next try.
        #expect(try file(["Rapport"]).files.count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["17-HENVISNING_BUP"])
    }

    @Test("files and folder belong to their owner alone")
    func permissions() throws {
        let filed = try file(["Rapport"])
        for name in [""] + filed.files {
            let facts = try FileManager.default.attributesOfItem(atPath: filed.folder + "/" + name)
            #expect(try #require(facts[.posixPermissions] as? NSNumber).intValue & 0o077 == 0)
        }
    }

    @Test("attachments inside the document become files too")
    func embedded() throws {
        let document = try ClinicalDocument.attach(
            [
                Attachment(mimeType: "application/pdf", description: "../Rapport", content: .embedded(Array("%PDF-1".utf8))),
                Attachment(mimeType: "image/png", description: nil, content: .embedded([0x89, 0x50])),
            ], to: Referral.document())
        let part = PartRecord(
            position: 0, contentID: "document", mediaType: "text/xml", title: nil, payload: try vault.store(document))
        let filed = try Filing(vault: vault).write(message(), [part], below: parent)
        #expect(filed.files == ["document.xml", "Rapport.pdf", "vedlegg 2.png"])
        #expect(FileManager.default.contents(atPath: filed.folder + "/Rapport.pdf") == Data("%PDF-1".utf8))
    }

    @Test("a folder of that name which holds another document, or none, stays; one that holds this document is replaced")
    func otherFolder() throws {
        let first = try file(["Rapport"])
        try FileManager.default.removeItem(atPath: first.folder + "/Rapport.pdf")
        #expect(try file(["Rapport"]) == first)
        #expect(FileManager.default.contents(atPath: first.folder + "/Rapport.pdf") == Data("part 0".utf8))
        // As a new store would, whose numbers begin anew.
        let other = Data("<another/>".utf8)
        try other.write(to: URL(filePath: first.folder + "/document.xml"))
        let second = try file(["Rapport"])
        #expect(second.folder == first.folder + "-2")
        #expect(FileManager.default.contents(atPath: first.folder + "/document.xml") == other)
        #expect(try file(["Rapport"]) == second)
        try FileManager.default.removeItem(atPath: first.folder + "/document.xml")
        #expect(try file(["Rapport"]) == second)
        #expect(try FileManager.default.contentsOfDirectory(atPath: first.folder) == ["Rapport.pdf"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent).count == 2)
    }

    @Test("saves of one message at the same time all leave it whole")
    func together() async throws {
        let parts = try parts((0..<20).map { "Vedlegg \($0)" })
        let (vault, parent, message) = (vault, parent, message())
        for _ in 0..<5 {
            let filed = try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await withCheckedThrowingContinuation { continuation in
                            Thread.detachNewThread {
                                continuation.resume(
                                    with: Result { try Filing(vault: vault).write(message, parts, below: parent) })
                            }
                        }
                    }
                }
                return try await group.reduce(into: [FiledMessage]()) { $0.append($1) }
            }
            #expect(filed.count == 6 && Set(filed).count == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: filed[0].folder).count == 21)
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["17-HENVISNING_BUP"])
        }
    }
}
