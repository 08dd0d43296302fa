/// The faces that letters are set in.
public struct LetterFonts: Sendable {
    let regular: FontFile
    let bold: FontFile

    public init(regular: FontFile, bold: FontFile) { (self.regular, self.bold) = (regular, bold) }
}

extension Letter {
    /// The letter as pages that a screen reader can read and an archive can keep: written to PDF/A-2a (ISO 19005-2) and PDF/UA-1
    /// (ISO 14289-1), with every part marked as what it is, in the order it is read, in its language, and its font inside.
    ///
    /// The same letter and fonts give the same bytes.
    ///
    /// - Throws: ``PageError`` `.noShape` when the font lacks a character of it.
    public func pdf(_ fonts: LetterFonts) throws(PageError) -> [UInt8] {
        var document = LetterDocument(self, fonts)
        return try document.written()
    }
}

/// A letter on its way to pages.
struct LetterDocument {
    /// An element of the structure: its type, what it lies in, and what marks it on the pages.
    private struct Element {
        let type: String
        let parent: Int?
        var numbering: String?
        var children: [Int] = []
        var marks: [(page: Int, number: Int)] = []
    }

    private let letter: Letter
    private var parts: [FontPart]
    private var elements: [Element] = []
    private var language: String { letter.language == .nynorsk ? "nn-NO" : "nb-NO" }

    init(_ letter: Letter, _ fonts: LetterFonts) {
        (self.letter, parts) = (letter, [FontPart(fonts.regular), FontPart(fonts.bold)])
    }

    mutating func written() throws(PageError) -> [UInt8] {
        let fonts = parts.map(\.font)
        var layout = PageLayout { text, face throws(PageError) in
            let font = fonts[face.rawValue]
            var width = 0
            for character in text.unicodeScalars {
                guard let glyph = font.glyph(of: character) else { throw .noShape(character.value) }
                width += try font.width(of: glyph)
            }
            return Double(width) / Double(font.unitsPerEm)
        }
        try fill(&layout)
        let pages = layout.pages()
        var contents: [[UInt8]] = []
        for (index, lines) in pages.enumerated() {
            contents.append(try content(lines, page: index, of: pages.count))
        }
        return try file(contents)
    }

    // MARK: - What stands where

    private mutating func element(_ type: String, in parent: Int?, numbering: String? = nil) -> Int {
        elements.append(Element(type: type, parent: parent, numbering: numbering))
        if let parent { elements[parent].children.append(elements.count - 1) }
        return elements.count - 1
    }

    private mutating func fill(_ layout: inout PageLayout) throws(PageError) {
        let document = element("Document", in: nil)
        try layout.add(letter.title, .title, element: element("H1", in: document), keepsNext: true)
        for block in letter.blocks {
            switch block {
            case .heading(let text):
                try layout.add(text, .heading, element: element("H2", in: document), keepsNext: true)
            case .paragraph(let text): try layout.add(text, .text, element: element("P", in: document))
            case .list(let items): try list(items, "Disc", in: document, &layout) { _ in "•" }
            case .steps(let items): try list(items, "Decimal", in: document, &layout) { "\($0 + 1)." }
            case .facts(let facts):
                try list(facts.map { "\($0.name): \($0.value)" }, "None", in: document, &layout) { _ in nil }
            case .lines(let lines):
                let paragraph = element("P", in: document)
                for (index, line) in lines.enumerated() {
                    let isLast = index == lines.count - 1
                    try layout.add(line, index == 0 ? .text : .line, element: paragraph, keepsNext: !isLast, goesOn: !isLast)
                }
            }
        }
    }

    private mutating func list(
        _ items: [String], _ numbering: String, in document: Int, _ layout: inout PageLayout, label: (Int) -> String?
    ) throws(PageError) {
        let list = element("L", in: document, numbering: numbering)
        for (index, text) in items.enumerated() {
            let item = element("LI", in: list)
            let mark = label(index).map { (text: $0, element: element("Lbl", in: item)) }
            try layout.add(text, .item, element: element("LBody", in: item), label: mark)
        }
    }

    // MARK: - Pages

    private mutating func content(
        _ lines: [(line: PageLine, baseline: Double)], page: Int, of count: Int
    ) throws(PageError) -> [UInt8] {
        var text = ""
        var open: Int?
        var next = 0
        for (line, baseline) in lines {
            for run in line.runs {
                if run.element != open {
                    if open != nil { text += "EMC\n" }
                    text += "/\(elements[run.element].type) << /MCID \(next) >> BDC\n"
                    elements[run.element].marks.append((page, next))
                    (open, next) = (run.element, next + 1)
                }
                text += try shown(run.text, run.face, run.size, run.x, baseline)
            }
        }
        if open != nil { text += "EMC\n" }
        if count > 1 {
            text += "/Artifact << /Type /Pagination /Subtype /Footer >> BDC\n"
            text += try shown("Side \(page + 1) av \(count)", .regular, 9, PageLayout.margin, 36) + "EMC\n"
        }
        return Array(text.utf8)
    }

    private mutating func shown(
        _ text: String, _ face: PageFace, _ size: Double, _ x: Double, _ y: Double
    ) throws(PageError) -> String {
        var codes = ""
        for character in text.unicodeScalars {
            codes += PDFFile.hexadecimal(UInt64(try parts[face.rawValue].use(character)), 4)
        }
        let place = "1 0 0 1 \(PDFFile.number(x)) \(PDFFile.number(y)) Tm"
        return "BT /F\(face.rawValue) \(PDFFile.number(size)) Tf \(place) <\(codes)> Tj ET\n"
    }

    // MARK: - The file

    private mutating func file(_ contents: [[UInt8]]) throws(PageError) -> [UInt8] {
        var file = PDFFile()
        let (catalogue, pages, structure) = (file.reserve(), file.reserve(), file.reserve())
        var fonts: [String] = []
        for face in PageFace.allCases { fonts.append("/F\(face.rawValue) \(try font(face, in: &file).text)") }
        let resources = "<< /Font << \(fonts.joined(separator: " ")) >> >>"
        let box = "[0 0 \(PDFFile.number(PageLayout.width)) \(PDFFile.number(PageLayout.height))]"
        let sheets = contents.enumerated().map { index, content in
            let stream = file.add(stream: content)
            return file.add(
                "<< /Type /Page /Parent \(pages.text) /MediaBox \(box) /Resources \(resources) /Contents \(stream.text) /StructParents \(index) /Tabs /S >>"
            )
        }
        let kids = sheets.map(\.text).joined(separator: " ")
        file.put("<< /Type /Pages /Kids [\(kids)] /Count \(sheets.count) >>", at: pages)
        writeStructure(at: structure, sheets, in: &file)
        let metadata = file.add(
            stream: PageMetadata.packet(title: letter.title, language: language), "/Type /Metadata /Subtype /XML")
        let profile = file.add(stream: ColourProfile.bytes, "/N 3")
        let intent =
            "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (\(ColourProfile.name)) /DestOutputProfile \(profile.text) >>"
        file.put(
            "<< /Type /Catalog /Pages \(pages.text) /Lang (\(language)) /MarkInfo << /Marked true >> /StructTreeRoot \(structure.text) /Metadata \(metadata.text) /ViewerPreferences << /DisplayDocTitle true >> /OutputIntents [\(intent)] >>",
            at: catalogue)
        return file.written(root: catalogue)
    }

    private func writeStructure(at root: PDFFile.Reference, _ sheets: [PDFFile.Reference], in file: inout PDFFile) {
        let references = elements.map { _ in file.reserve() }
        for (index, element) in elements.enumerated() {
            let marks = element.marks.map { "<< /Type /MCR /Pg \(sheets[$0.page].text) /MCID \($0.number) >>" }
            let kids = (element.children.map { references[$0].text } + marks).joined(separator: " ")
            let attributes = element.numbering.map { " /A << /O /List /ListNumbering /\($0) >>" } ?? ""
            let parent = element.parent.map { references[$0] } ?? root
            file.put(
                "<< /Type /StructElem /S /\(element.type) /P \(parent.text) /K [\(kids)]\(attributes) >>",
                at: references[index])
        }
        // From what is marked on a page back to its element.
        let parents = sheets.indices.map { page in
            let marked = elements.enumerated().flatMap { index, element in
                element.marks.filter { $0.page == page }.map { (number: $0.number, element: index) }
            }
            let listed = marked.sorted { $0.number < $1.number }.map { references[$0.element].text }
            return "\(page) [\(listed.joined(separator: " "))]"
        }
        let tree = file.add("<< /Nums [\(parents.joined(separator: " "))] >>")
        file.put(
            "<< /Type /StructTreeRoot /K [\(references[0].text)] /ParentTree \(tree.text) /ParentTreeNextKey \(sheets.count) >>",
            at: root)
    }

    private mutating func font(_ face: PageFace, in file: inout PDFFile) throws(PageError) -> PDFFile.Reference {
        let used = parts[face.rawValue].glyphs.count
        let bytes = try parts[face.rawValue].file()
        let part = parts[face.rawValue]
        let name = "\(Self.tag(part.glyphs))+\(part.font.postScriptName)"
        let stream = file.add(stream: bytes, "/Length1 \(bytes.count)")
        func scaled(_ value: Int) -> Int { value * 1000 / part.font.unitsPerEm }
        let descriptor = file.add(
            "<< /Type /FontDescriptor /FontName /\(name) /Flags 4 /FontBBox [\(part.font.box.map { String(scaled($0)) }.joined(separator: " "))] /ItalicAngle 0 /Ascent \(scaled(part.font.ascent)) /Descent \(scaled(part.font.descent)) /CapHeight \(scaled(part.font.capHeight)) /StemV \(face == .bold ? 140 : 80) /FontFile2 \(stream.text) >>"
        )
        var widths: [String] = []
        for number in 0..<used { widths.append(String(try part.width(of: number))) }
        let described = file.add(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /\(name) /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor \(descriptor.text) /W [0 [\(widths.joined(separator: " "))]] /CIDToGIDMap /Identity >>"
        )
        let texts = file.add(stream: Self.texts(part))
        return file.add(
            "<< /Type /Font /Subtype /Type0 /BaseFont /\(name) /Encoding /Identity-H /DescendantFonts [\(described.text)] /ToUnicode \(texts.text) >>"
        )
    }

    /// Six letters that tell this part of a font from others (ISO 32000-1, 9.6.4).
    private static func tag(_ glyphs: [Int]) -> String {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for glyph in glyphs { sum = (sum ^ UInt64(glyph)) &* 0x100_0000_01B3 }
        return String((0..<6).map { Character(Unicode.Scalar(UInt8(65 + (sum >> (8 * UInt64($0))) % 26))) })
    }

    /// From glyphs back to characters, for search, copies and screen readers.
    private static func texts(_ part: FontPart) -> [UInt8] {
        let lines = part.texts.sorted { $0.key < $1.key }.map { number, character in
            let code = String(character).utf16.map { PDFFile.hexadecimal(UInt64($0), 4) }.joined()
            return "<\(PDFFile.hexadecimal(UInt64(number), 4))> <\(code)>\n"
        }
        var text = """
            /CIDInit /ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <0000> <FFFF>
            endcodespacerange

            """
        for start in stride(from: 0, to: lines.count, by: 100) {
            let some = lines[start..<min(start + 100, lines.count)]
            text += "\(some.count) beginbfchar\n\(some.joined())endbfchar\n"
        }
        return Array((text + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").utf8)
    }
}
