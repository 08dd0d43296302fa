/// The glyphs of a font that one document uses, under numbers of their own, and the font file that holds nothing else.
struct FontPart {
    let font: FontFile
    /// The font's glyphs by the number that they have here; the first is the one for what has no shape.
    private(set) var glyphs = [0]
    private var numbers: [Int: Int] = [0: 0]
    /// What each number here was first used for.
    private(set) var texts: [Int: Unicode.Scalar] = [:]

    init(_ font: FontFile) { self.font = font }

    /// - Returns: its number here.
    mutating func use(_ character: Unicode.Scalar) throws(PageError) -> Int {
        guard let glyph = font.glyph(of: character) else { throw .noShape(character.value) }
        let number = take(glyph)
        if texts[number] == nil || character == " " { texts[number] = character }
        return number
    }

    private mutating func take(_ glyph: Int) -> Int {
        if let number = numbers[glyph] { return number }
        numbers[glyph] = glyphs.count
        glyphs.append(glyph)
        return glyphs.count - 1
    }

    /// In thousandths of the size.
    func width(of number: Int) throws(PageError) -> Int {
        (try font.width(of: glyphs[number]) * 1000 + font.unitsPerEm / 2) / font.unitsPerEm
    }

    // MARK: - The file

    /// A TrueType font of these glyphs, without characters and names: a page names glyphs by number.
    mutating func file() throws(PageError) -> [UInt8] {
        var (outlines, places): ([UInt8], [Int]) = ([], [])
        var index = 0
        // A glyph that is made of others brings them along.
        while index < glyphs.count {
            places.append(outlines.count)
            outlines += try renumbered(try font.outline(of: glyphs[index]))
            while outlines.count % 4 != 0 { outlines.append(0) }
            index += 1
        }
        places.append(outlines.count)
        var metrics: [UInt8] = []
        for glyph in glyphs {
            metrics.put16(try font.width(of: glyph))
            metrics.put16(try font.sideBearing(of: glyph))
        }
        var (head, hhea, maxp) = (table("head"), table("hhea"), table("maxp"))
        guard head.count >= 54, hhea.count >= 36, maxp.count >= 6 else { throw .font("it is cut short") }
        head.set32(0, at: 8)
        head.set16(1, at: 50)
        hhea.set16(glyphs.count, at: 34)
        maxp.set16(glyphs.count, at: 4)
        let tables: [(String, [UInt8])] = [
            ("cvt ", table("cvt ")), ("fpgm", table("fpgm")), ("glyf", outlines), ("head", head), ("hhea", hhea),
            ("hmtx", metrics), ("loca", places.reduce(into: []) { $0.put32($1) }), ("maxp", maxp), ("prep", table("prep")),
        ]
        return Self.file(of: tables.filter { !$0.1.isEmpty })
    }

    private func table(_ tag: String) -> [UInt8] { Array(font.optional(tag).bytes) }

    /// An outline that names other glyphs names them by their numbers here.
    private mutating func renumbered(_ outline: FontBytes) throws(PageError) -> [UInt8] {
        var bytes = Array(outline.bytes)
        guard !bytes.isEmpty, try outline.i16(0) < 0 else { return bytes }
        var at = 10
        while true {
            let flags = try outline.u16(at)
            let component = try outline.u16(at + 2)
            guard component < font.glyphCount else { throw .font("a glyph is made of one that is not there") }
            bytes.set16(take(component), at: at + 2)
            at += flags & 0x0001 != 0 ? 8 : 6
            if flags & 0x0008 != 0 { at += 2 }
            if flags & 0x0040 != 0 { at += 4 }
            if flags & 0x0080 != 0 { at += 8 }
            if flags & 0x0020 == 0 { return bytes }
        }
    }

    private static func file(of tables: [(tag: String, bytes: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = []
        file.put32(0x10000)
        file.put16(tables.count)
        let power = (tables.count.bitWidth - 1 - tables.count.leadingZeroBitCount)
        file.put16(16 << power)
        file.put16(power)
        file.put16(16 * tables.count - (16 << power))
        var place = 12 + 16 * tables.count
        var headPlace = 0
        for table in tables {
            file += Array(table.tag.utf8)
            file.put32(sum(table.bytes))
            file.put32(place)
            file.put32(table.bytes.count)
            if table.tag == "head" { headPlace = place }
            place += (table.bytes.count + 3) & ~3
        }
        for table in tables {
            file += table.bytes
            while file.count % 4 != 0 { file.append(0) }
        }
        file.set32(0xB1B0_AFBA &- sum(file), at: headPlace + 8)
        return file
    }

    private static func sum(_ bytes: [UInt8]) -> Int {
        var sum: UInt32 = 0
        for at in stride(from: 0, to: bytes.count, by: 4) {
            var word: UInt32 = 0
            for offset in 0..<4 { word = word << 8 | (at + offset < bytes.count ? UInt32(bytes[at + offset]) : 0) }
            sum &+= word
        }
        return Int(sum)
    }
}
