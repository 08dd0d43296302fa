/// The colour space that a page for keeping must name (ISO 19005-2, 6.2.3): the primaries of sRGB (IEC 61966-2-1) seen under D50, with
/// a curve of 2.2, as a display profile of ICC version 2.
enum ColourProfile {
    static let name = "sRGB IEC61966-2.1"

    static let bytes: [UInt8] = {
        let curve: [UInt8] = make("curv") {
            $0.put32(1)
            $0.put16(0x0233)
        }
        let tags: [(String, [UInt8])] = [
            ("desc", description), ("cprt", make("text") { $0 += Array("No rights reserved\0".utf8) }),
            ("wtpt", place(0.9642, 1, 0.8249)), ("rXYZ", place(0.4360747, 0.2225045, 0.0139322)),
            ("gXYZ", place(0.3850649, 0.7168786, 0.0971045)), ("bXYZ", place(0.1430804, 0.0606169, 0.7141733)),
            ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ]
        var (table, data): ([UInt8], [UInt8]) = ([], [])
        table.put32(tags.count)
        let start = 128 + 4 + 12 * tags.count
        for (tag, bytes) in tags {
            table += Array(tag.utf8)
            table.put32(start + data.count)
            table.put32(bytes.count)
            data += bytes
            while data.count % 4 != 0 { data.append(0) }
        }
        return head(length: start + data.count) + table + data
    }()

    private static func head(length: Int) -> [UInt8] {
        var head: [UInt8] = []
        head.put32(length)
        head.put32(0)
        head.put32(0x0210_0000)
        head += Array("mntrRGB XYZ ".utf8)
        for part in [2026, 1, 1, 0, 0, 0] { head.put16(part) }
        head += Array("acsp".utf8)
        head += [UInt8](repeating: 0, count: 28)
        for part in [0.9642, 1, 0.8249] { head.put32(fixed(part)) }
        return head + [UInt8](repeating: 0, count: 128 - head.count)
    }

    private static let description: [UInt8] = make("desc") { bytes in
        let text = Array((name + "\0").utf8)
        bytes.put32(text.count)
        bytes += text + [UInt8](repeating: 0, count: 4 + 4 + 2 + 1 + 67)
    }

    private static func place(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] {
        make("XYZ ") { bytes in [x, y, z].forEach { bytes.put32(fixed($0)) } }
    }

    private static func make(_ type: String, _ fill: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = Array(type.utf8) + [0, 0, 0, 0]
        fill(&bytes)
        return bytes
    }

    private static func fixed(_ value: Double) -> Int { Int((value * 65_536).rounded()) }
}
