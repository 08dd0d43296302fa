import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("What a file is, by its own bytes")
struct AttachmentFormatTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func format(_ bytes: [UInt8], named name: String = "fil") throws -> AttachmentFormat {
        let path = scratch.path + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        let file = try FileReader(path)
        return try AttachmentFormat.of(file, file.read(1024), named: path)
    }

    private static let pdf = Array("%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n".utf8)
    private static let word = [
        Archive.Entry("[Content_Types].xml", "<Types/>"), Archive.Entry("word/document.xml", "<w:document/>"),
    ]
    private static let odt = [
        Archive.Entry("mimetype", "application/vnd.oasis.opendocument.text"), Archive.Entry("content.xml", "<x/>"),
    ]

    @Test("each format that is taken is known whatever its name says")
    func known() throws {
        let files: [(AttachmentFormat, [UInt8])] = [
            (.pdf, Self.pdf), (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 0, count: 40)),
            (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]), (.tiff, [0x49, 0x49, 0x2A, 0x00, 8]),
            (.tiff, [0x4D, 0x4D, 0x00, 0x2A, 0]),
            (.heic, [0, 0, 0, 24] + Array("ftypheic".utf8) + Array(repeating: 0, count: 30)),
            (.docx, Archive.make(Self.word)), (.odt, Archive.make(Self.odt)),
        ]
        for (format, bytes) in files {
            #expect(try self.format(bytes) == format)
            #expect(try self.format(bytes, named: "noe.exe") == format)
        }
        #expect(try format(Array("Hei på deg\n".utf8), named: "brev.txt") == .text)
        #expect(AttachmentFormat.jpeg.claimedInstead(by: "/a/rapport.PDF") == .pdf)
        #expect(AttachmentFormat.pdf.claimedInstead(by: "rapport.pdf") == nil)
        #expect(AttachmentFormat.pdf.claimedInstead(by: "rapport") == nil)
    }

    @Test("what is two things at once is refused: a PDF that is an archive, an archive or a picture that is a PDF")
    func twofold() throws {
        let archive = Archive.make(Self.word)
        let stretched = Archive.make(Self.word, before: Self.pdf)
        var hidden = Self.word
        hidden.insert(Archive.Entry("a", "%PDF-1.7"), at: 0)
        let both =
            [Archive.Entry("mimetype", "application/vnd.oasis.opendocument.text")] + Self.word + [
                Archive.Entry("content.xml", "")
            ]
        for bytes in [
            Self.pdf + archive, stretched, Archive.make(hidden), [0xFF, 0xD8, 0xFF, 0xE0] + Self.pdf,
            [0xFF, 0xD8, 0xFF, 0xE0] + archive, Archive.make(both),
        ] {
            #expect(throws: AttachmentFormat.Refusal.twofold) { try format(bytes, named: "rapport.pdf") }
        }
        #expect(throws: AttachmentFormat.Refusal.twofold) {
            try format(Array(String(repeating: "Hei ", count: 500).utf8) + archive, named: "x.txt")
        }
    }

    @Test("an archive that would become more than anybody opens is refused before anything is unpacked")
    func bombs() throws {
        let sizes: [(packed: Int, unpacked: Int)] = [(600_000_000, 600_000_000), (1000, 20_000_000), (1, 0xFFFF_FFFF)]
        for size in sizes {
            let bomb = Self.word + [Archive.Entry("word/media/a.bmp", "x", stated: size)]
            #expect(throws: AttachmentFormat.Refusal.bomb) { try format(Archive.make(bomb)) }
        }
        let many = Self.word + (0..<10_000).map { Archive.Entry("\($0)", "") }
        #expect(throws: AttachmentFormat.Refusal.bomb) { try format(Archive.make(many)) }
        // A list that is cut, or leads out of the file.
        var cut = Archive.make(Self.word)
        cut[cut.count - 6] = 0xFF
        #expect(throws: AttachmentFormat.Refusal.bomb) { try format(cut) }
        // A large document that packs well is none.
        let large = Self.word + [Archive.Entry("word/a.xml", "x", stated: (200_000, 30_000_000))]
        #expect(try format(Archive.make(large)) == .docx)
    }

    @Test("a locked document, one with macros, an archive and a template are refused, and say why")
    func refused() throws {
        let cases: [(AttachmentFormat.Refusal, [Archive.Entry])] = [
            (.locked, Self.word + [Archive.Entry("x", "y", flags: 1)]),
            (.macros, Self.word + [Archive.Entry("word/vbaProject.bin", "y")]),
            (.macros, Self.odt + [Archive.Entry("Basic/Standard/a.xml", "y")]), (.unknown, [Archive.Entry("a.txt", "y")]),
            (.unknown, [Archive.Entry("mimetype", "application/vnd.oasis.opendocument.text-template"), Self.odt[1]]),
            (.unknown, [Archive.Entry("xl/workbook.xml", "y"), Self.word[0]]), (.unknown, []),
        ]
        for (refusal, entries) in cases {
            #expect(throws: refusal) { try format(Archive.make(entries), named: "rapport.docx") }
            #expect(!refusal.words.isEmpty)
        }
        for bytes in [
            Array("<html></html>".utf8), [0x4D, 0x5A, 0x90], Array("PK\u{3}\u{4}".utf8), [0, 0, 0, 24] + Array("ftypmp42".utf8),
        ] {
            #expect(throws: AttachmentFormat.Refusal.unknown) { try format(bytes, named: "rapport.pdf") }
        }
        #expect(throws: AttachmentFormat.Refusal.locked) {
            try format(Array("%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n%%EOF\n".utf8))
        }
    }

    @Test("a title becomes one line without a path, without what cannot be seen, and without identity numbers")
    func titles() {
        let titles = [
            "Pedagogisk rapport": "Pedagogisk rapport", "../../etc/passwd": "etc-passwd", "a\u{0}b\r\nc\u{7F}": "a b c",
            "rapport\u{202E}fdp.exe": "rapport fdp.exe", "  ": "Vedlegg 3", "...": "Vedlegg 3",
            "Rapport 17831490128": "Rapport", "178314 90128 rapport": "rapport", "Rapport 178314-90128, ny": "Rapport , ny",
            "Sak 17831490129": "Sak 17831490129", "Skjønn – år 2026": "Skjønn – år 2026", "C:\\mappe\\fil": "C:-mappe-fil",
            "1783149012811": "1783149012811",
        ]
        for (title, shown) in titles { #expect(ReadableTitle.of(title, number: 3).title == shown, "\(title)") }
        #expect(ReadableTitle.of("Rapport 17831490128", number: 1).hadNumber)
        #expect(!ReadableTitle.of("Rapport 17831490129", number: 1).hadNumber)
        #expect(ReadableTitle.of(String(repeating: "å", count: 500), number: 1).title.count == ReadableTitle.longest)
    }
}

/// ZIP archives of stored entries, as APPNOTE has them, also with sizes that are not theirs.
enum Archive {
    struct Entry {
        let name: String
        let content: String
        var flags = 0
        var stated: (packed: Int, unpacked: Int)?

        init(_ name: String, _ content: String, flags: Int = 0, stated: (packed: Int, unpacked: Int)? = nil) {
            (self.name, self.content, self.flags, self.stated) = (name, content, flags, stated)
        }
    }

    /// - Parameter before: what stands in the same file before the archive.
    static func make(_ entries: [Entry], before: [UInt8] = []) -> [UInt8] {
        var (bytes, list) = (before, [UInt8]())
        for entry in entries {
            let (name, content) = (Array(entry.name.utf8), Array(entry.content.utf8))
            let place = bytes.count
            bytes += [0x50, 0x4B, 3, 4] + two(20) + two(entry.flags) + two(0) + four(0) + four(0)
            bytes += four(content.count) + four(content.count) + two(name.count) + two(0) + name + content
            let size = entry.stated ?? (content.count, content.count)
            list += [0x50, 0x4B, 1, 2] + two(20) + two(20) + two(entry.flags) + two(0) + four(0) + four(0)
            list += four(size.packed) + four(size.unpacked) + two(name.count) + two(0) + two(0) + two(0) + two(0) + four(0)
            list += four(place) + name
        }
        let start = bytes.count
        bytes += list + [0x50, 0x4B, 5, 6] + two(0) + two(0) + two(entries.count) + two(entries.count)
        return bytes + four(list.count) + four(start) + two(0)
    }

    private static func two(_ number: Int) -> [UInt8] { [UInt8(number & 0xFF), UInt8(number >> 8 & 0xFF)] }
    private static func four(_ number: Int) -> [UInt8] { two(number & 0xFFFF) + two(number >> 16 & 0xFFFF) }
}
