/// A TrueType font: the shapes and widths that a page needs (ISO/IEC 14496-22; glyphs in `glyf`, characters by `cmap` of format
/// 4 or 12).
public struct FontFile: Sendable {
    /// The name that programs know it by.
    let postScriptName: String
    let unitsPerEm: Int
    /// In units of the font.
    let (ascent, descent, capHeight): (Int, Int, Int)
    let box: [Int]
    let glyphCount: Int
    private let tables: [String: FontBytes]
    private let metricCount: Int
    private let hasLongPlaces: Bool
    private let characters: [UInt32: Int]

    /// - Throws: ``PageError`` `.font` for what is no such font, `.notEmbeddable`.
    public init(_ bytes: [UInt8]) throws(PageError) {
        let file = FontBytes(bytes[...])
        let version = try file.u32(0)
        guard version == 0x10000 || version == 0x7472_7565 else { throw .font("it is no TrueType font") }
        var tables: [String: FontBytes] = [:]
        for index in 0..<(try file.u16(4)) {
            let entry = 12 + 16 * index
            let tag = String(decoding: try file.part(entry, 4).bytes, as: UTF8.self)
            tables[tag] = try file.part(try file.u32(entry + 8), try file.u32(entry + 12))
        }
        self.tables = tables
        func table(_ tag: String) throws(PageError) -> FontBytes {
            guard let table = tables[tag] else { throw .font("it has no table \(tag)") }
            return table
        }
        let (head, hhea) = (try table("head"), try table("hhea"))
        unitsPerEm = try head.u16(18)
        guard (16...16_384).contains(unitsPerEm) else { throw .font("its units are \(unitsPerEm) to the em") }
        box = [try head.i16(36), try head.i16(38), try head.i16(40), try head.i16(42)]
        hasLongPlaces = try head.i16(50) != 0
        (ascent, descent) = (try hhea.i16(4), try hhea.i16(6))
        metricCount = try hhea.u16(34)
        glyphCount = try table("maxp").u16(4)
        guard metricCount >= 1, metricCount <= glyphCount else { throw .font("its widths are not those of its glyphs") }
        _ = (try table("glyf"), try table("loca"), try table("hmtx"))
        let words = try table("OS/2")
        // Restricted licence embedding, or bitmaps only.
        guard try words.u16(8) & 0x0202 == 0 else { throw .notEmbeddable }
        capHeight = try words.u16(0) >= 2 ? try words.i16(88) : ascent
        characters = try Self.characters(try table("cmap"))
        postScriptName = try Self.postScriptName(try table("name")) ?? "Letter"
    }

    /// - Returns: nil when the font has none.
    func glyph(of character: Unicode.Scalar) -> Int? {
        characters[character.value].flatMap { $0 > 0 && $0 < glyphCount ? $0 : nil }
    }

    /// In units of the font.
    func width(of glyph: Int) throws(PageError) -> Int {
        try optional("hmtx").u16(4 * min(glyph, metricCount - 1))
    }

    func sideBearing(of glyph: Int) throws(PageError) -> Int {
        let table = optional("hmtx")
        return glyph < metricCount
            ? try table.i16(4 * glyph + 2) : try table.i16(4 * metricCount + 2 * (glyph - metricCount))
    }

    /// The bytes of a glyph's outline; empty for a space.
    func outline(of glyph: Int) throws(PageError) -> FontBytes {
        let places = optional("loca")
        let (from, to) =
            hasLongPlaces
            ? (try places.u32(4 * glyph), try places.u32(4 * glyph + 4))
            : (2 * (try places.u16(2 * glyph)), 2 * (try places.u16(2 * glyph + 2)))
        return try optional("glyf").part(from, to - from)
    }

    /// A table as it is; empty when there is none.
    func optional(_ tag: String) -> FontBytes { tables[tag] ?? FontBytes([]) }

    // MARK: - Reading

    private static func characters(_ table: FontBytes) throws(PageError) -> [UInt32: Int] {
        var places: [Int: FontBytes] = [:]
        for index in 0..<(try table.u16(2)) {
            let at = try table.u32(8 + 8 * index)
            let part = try table.part(at, table.count - at)
            places[try part.u16(0)] = part
        }
        if let segments = places[12] { return try groups(segments) }
        guard let segments = places[4] else { throw .font("it has no table of Unicode characters") }
        return try ranges(segments)
    }

    private static func groups(_ table: FontBytes) throws(PageError) -> [UInt32: Int] {
        var found: [UInt32: Int] = [:]
        for index in 0..<(try table.u32(12)) {
            let at = 16 + 12 * index
            let (first, last, glyph) = (try table.u32(at), try table.u32(at + 4), try table.u32(at + 8))
            guard first <= last, last <= 0x10FFFF, last - first <= 0xFFFF else { throw .font("its characters are out of order") }
            for code in first...last { found[UInt32(code)] = glyph + code - first }
        }
        return found
    }

    private static func ranges(_ table: FontBytes) throws(PageError) -> [UInt32: Int] {
        var found: [UInt32: Int] = [:]
        let doubled = try table.u16(6)
        for index in stride(from: 0, to: doubled, by: 2) {
            let (last, first) = (try table.u16(14 + index), try table.u16(16 + doubled + index))
            let delta = try table.u16(16 + 2 * doubled + index)
            let place = 16 + 3 * doubled + index
            let offset = try table.u16(place)
            guard first <= last else { throw .font("its characters are out of order") }
            for code in first...last where code != 0xFFFF {
                var glyph = code
                if offset != 0 {
                    glyph = try table.u16(place + offset + 2 * (code - first))
                    if glyph == 0 { continue }
                }
                found[UInt32(code)] = (glyph + delta) & 0xFFFF
            }
        }
        return found
    }

    private static func postScriptName(_ table: FontBytes) throws(PageError) -> String? {
        let texts = try table.u16(4)
        for index in 0..<(try table.u16(2)) {
            let at = 6 + 12 * index
            guard try table.u16(at + 6) == 6 else { continue }
            let bytes = try table.part(texts + (try table.u16(at + 10)), try table.u16(at + 8)).bytes
            let name = bytes.filter { (0x21...0x7E).contains($0) && !Array("[](){}<>/%#".utf8).contains($0) }
            if !name.isEmpty { return String(decoding: name.prefix(63), as: UTF8.self) }
        }
        return nil
    }
}
