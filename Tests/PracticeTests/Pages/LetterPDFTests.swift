import Foundation
import TestSupport
import Testing

@testable import Practice

/// The fonts of Debian's `fonts-dejavu-core`.
enum LetterFontFiles {
    static let folder = "/usr/share/fonts/truetype/dejavu/"
    static var areThere: Bool { bytes("DejaVuSans.ttf") != nil && bytes("DejaVuSans-Bold.ttf") != nil }

    static func bytes(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: folder + name).map { [UInt8]($0) } }

    static func fonts() throws -> LetterFonts {
        LetterFonts(
            regular: try FontFile(#require(bytes("DejaVuSans.ttf"))), bold: try FontFile(#require(bytes("DejaVuSans-Bold.ttf"))))
    }
}

/// Pages as poppler reads them: another implementation.
struct ReadPages {
    static let isThere = (try? Tool.run("pdftotext", ["-v"]).status) == 0
    let bytes: [UInt8]

    private func tool(_ name: String, _ arguments: [String]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "msggw-letter-\(UUID().uuidString).pdf")
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let run = try Tool.run(name, arguments.map { $0 == "FILE" ? path.path : $0 })
        #expect(run.status == 0)
        // Poppler tells of what is damaged, and goes on.
        #expect(run.err == [], "\(String(decoding: run.err, as: UTF8.self))")
        return String(decoding: run.out, as: UTF8.self)
    }

    func text() throws -> String { try tool("pdftotext", ["-layout", "-nopgbrk", "FILE", "-"]) }
    func words() throws -> [String] {
        try tool("pdftotext", ["-raw", "-nopgbrk", "FILE", "-"]).split(whereSeparator: \.isWhitespace).map(String.init)
    }
    func facts() throws -> String { try tool("pdfinfo", ["FILE"]) }
    func metadata() throws -> String { try tool("pdfinfo", ["-meta", "FILE"]) }
    func structure() throws -> String { try tool("pdfinfo", ["-struct-text", "FILE"]) }
    func fonts() throws -> String { try tool("pdffonts", ["FILE"]) }
}

@Suite("A letter as pages")
struct LetterPDFTests {
    static func letter(_ language: WrittenLanguage = .bokmal) throws -> Letter {
        try Rejection(LetterFixture.draft(language)).letter(language, to: .guardians)
    }

    static func letter(_ blocks: [Letter.Block], title: String = "Et brev") throws -> Letter {
        let like = try letter()
        return Letter(language: .bokmal, reader: like.reader, answer: like.answer, title: title, blocks: blocks)
    }

    static func words(_ text: String) -> [String] {
        text.replacing("\u{A0}", with: " ").split(whereSeparator: \.isWhitespace).map(String.init)
    }

    @Test(
        "holds every word once, in the order it is read", .enabled(if: LetterFontFiles.areThere && ReadPages.isThere),
        arguments: WrittenLanguage.allCases)
    func words(language: WrittenLanguage) throws {
        let letter = try Self.letter(language)
        let pdf = try letter.pdf(LetterFontFiles.fonts())
        if let folder = ProcessInfo.processInfo.environment["LETTER_PAGES"] {
            try Data(pdf).write(to: URL(filePath: "\(folder)/\(language.rawValue).pdf"))
        }
        var read = try ReadPages(bytes: pdf).words().joined(separator: " ")
        for page in 1...9 {
            for count in 1...9 { read = read.replacing("Side \(page) av \(count)", with: "") }
        }
        let expected = letter.plainText.split(separator: "\n").map { $0.hasPrefix("- ") ? $0.dropFirst(2) : $0 }
        let marks: Set<String> = ["•"]
        #expect(Self.words(read).filter { !marks.contains($0) } == Self.words(expected.joined(separator: "\n")))
    }

    @Test(
        "says what it is, in what language, and has its fonts inside",
        .enabled(if: LetterFontFiles.areThere && ReadPages.isThere))
    func facts() throws {
        let pages = ReadPages(bytes: try Self.letter().pdf(LetterFontFiles.fonts()))
        let facts = try pages.facts()
        for fact in ["Tagged:          yes", "595.28 x 841.89 pts (A4)"] {
            #expect(facts.contains(fact), "\(facts)")
        }
        let said = try pages.metadata()
        for fact in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "<rdf:li>nb-NO<"] {
            #expect(said.contains(fact), "\(said)")
        }
        let fonts = try pages.fonts().split(separator: "\n").dropFirst(2)
        #expect(fonts.count == 2)
        // Embedded, a part, and with characters for its glyphs.
        for font in fonts { #expect(font.contains("Identity-H       yes yes yes"), "\(font)") }
    }

    @Test(
        "is marked for what it is: one title, headings, paragraphs, lists with their items",
        .enabled(if: LetterFontFiles.areThere && ReadPages.isThere))
    func structure() throws {
        let letter = try Self.letter([
            .heading("En overskrift"), .paragraph("Et avsnitt."), .list(["ett", "to"]), .steps(["først", "så"]),
            .lines(["Hilsen", "BUP Bjørka"]),
        ])
        let read = try ReadPages(bytes: letter.pdf(LetterFontFiles.fonts())).structure()
        let lines = read.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(
            lines == [
                "Document", "H1 (block)", "\"Et brev\"", "H2 (block)", "\"En overskrift\"", "P (block)", "\"Et avsnitt.\"",
                "L (block):", "/ListNumbering /Disc", "LI (block)", "Lbl (block)", "\"•\"", "LBody (block)", "\"ett\"",
                "LI (block)", "Lbl (block)", "\"•\"", "LBody (block)", "\"to\"", "L (block):", "/ListNumbering /Decimal",
                "LI (block)", "Lbl (block)", "\"1.\"", "LBody (block)", "\"først\"", "LI (block)", "Lbl (block)", "\"2.\"",
                "LBody (block)", "\"så\"", "P (block)", "\"Hilsen BUP Bjørka\"",
            ], "\(read)")
    }

    @Test(
        "a long letter goes on over pages, which say how many they are",
        .enabled(if: LetterFontFiles.areThere && ReadPages.isThere))
    func long() throws {
        let text = "Dette er en setning som er der for at avsnittet skal bli langt. "
        let letter = try Self.letter((1...30).flatMap { [.heading("Del \($0)"), .paragraph(String(repeating: text, count: 5))] })
        let pages = ReadPages(bytes: try letter.pdf(LetterFontFiles.fonts()))
        #expect(try pages.facts().contains("Pages:           5"))
        let read = try pages.words().joined(separator: " ")
        #expect(read.contains("Side 5 av 5"))
        // No heading is the last of its page.
        let feet = read.matches(of: /(\S+ \S+) Side \d av \d/).map { String($0.output.1) }
        #expect(feet.count == 5)
        #expect(!feet.contains { $0.hasPrefix("Del ") }, "\(feet)")
    }

    @Test("a word wider than the page is broken, not cut off", .enabled(if: LetterFontFiles.areThere && ReadPages.isThere))
    func wide() throws {
        let word = String(repeating: "ordsomikketarslutt", count: 20)
        let read = try ReadPages(bytes: Self.letter([.paragraph("Se \(word) her.")]).pdf(LetterFontFiles.fonts()))
        #expect(try read.words().joined().contains(word))
        let widest = try read.text().split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest < 110)
    }

    @Test("the same letter makes the same bytes, and every place in its table is where an object begins")
    func same() throws {
        guard LetterFontFiles.areThere else { return }
        let (letter, fonts) = (try Self.letter(), try LetterFontFiles.fonts())
        let pdf = try letter.pdf(fonts)
        #expect(try letter.pdf(fonts) == pdf)
        let text = String(decoding: pdf, as: Unicode.ASCII.self)
        let bytes = Array(text.utf16)
        #expect(bytes.count == pdf.count)
        let start = try #require(text.split(separator: "\n").dropLast().last.flatMap { Int($0) })
        let table = String(decoding: pdf[start...], as: UTF8.self).split(separator: "\n")
        let count = try #require(table[1].split(separator: " ").last.flatMap { Int($0) })
        for number in 1..<count {
            let place = try #require(Int(table[2 + number].prefix(10)))
            #expect(String(decoding: pdf[place...].prefix(12), as: UTF8.self).hasPrefix("\(number) 0 obj\n"))
        }
    }

    @Test(
        "a character without a shape stops the letter; no page has a gap where a name was", .enabled(if: LetterFontFiles.areThere)
    )
    func shapeless() throws {
        let letter = try Self.letter([.paragraph("Hei 木")])
        #expect(throws: PageError.noShape(0x6728)) { try letter.pdf(LetterFontFiles.fonts()) }
    }

    @Test(
        "a font that is cut short or changed is refused or used, and never read past its end",
        .enabled(if: LetterFontFiles.areThere))
    func damaged() throws {
        let whole = try #require(LetterFontFiles.bytes("DejaVuSans.ttf"))
        let letter = try Self.letter([.paragraph("Å, æ og ø i et brev: é ü ñ.")])
        func use(_ bytes: [UInt8]) -> Bool {
            do throws(PageError) {
                let font = try FontFile(bytes)
                _ = try letter.pdf(LetterFonts(regular: font, bold: font))
                return true
            } catch { return false }
        }
        #expect(use(whole))
        for length in [0, 3, 4, 11, 12, 100, 300, 5_000, 100_000, whole.count / 2] { #expect(!use(Array(whole.prefix(length)))) }
        var random = SystemRandomNumberGenerator()
        var refused = 0
        for _ in 0..<60 {
            var bytes = whole
            // The tables of tables, characters and metrics lie in the first part.
            for _ in 0..<4 { bytes[Int.random(in: 0..<4_000, using: &random)] = .random(in: 0...255, using: &random) }
            if !use(bytes) { refused += 1 }
        }
        #expect(refused < 61)
        #expect(throws: PageError.self) { try FontFile(Array("OTTO".utf8) + whole.dropFirst(4)) }
    }

    @Test("a font that may not be embedded is refused", .enabled(if: LetterFontFiles.areThere))
    func locked() throws {
        var bytes = try #require(LetterFontFiles.bytes("DejaVuSans.ttf"))
        let table = try #require(
            (0..<40).map { 12 + 16 * $0 }.first { String(decoding: bytes[$0..<($0 + 4)], as: UTF8.self) == "OS/2" })
        let place = bytes[(table + 8)..<(table + 12)].reduce(0) { $0 << 8 | Int($1) }
        bytes[place + 9] |= 0x02
        #expect(throws: PageError.notEmbeddable) { try FontFile(bytes) }
    }
}
