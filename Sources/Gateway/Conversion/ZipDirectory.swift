/// The list of contents at the end of a ZIP archive (APPNOTE 6.3): names and sizes. Nothing is unpacked.
struct ZipDirectory: Sendable {
    private struct Entry {
        let name: [UInt8]
        let flags: Int
        let packed: Int
        let unpacked: Int
    }

    /// Documents have some hundreds.
    private static let mostEntries = 10_000
    /// A document of a hundred pages with pictures has some tens of megabytes.
    private static let mostUnpacked = 512 << 20
    /// Text packs ten times, repetitive XML sometimes fifty; deflate can do a thousand.
    private static let mostRatio = 200
    private static let mostListed = 8 << 20

    private let entries: [Entry]
    /// Whether the list could not be read whole, or more stands in it than in any document.
    private let isExcessive: Bool

    /// - Returns: nil for what does not end as an archive does.
    static func read(_ file: borrowing FileReader) throws(StoreError) -> ZipDirectory? {
        let window = min(file.length, 65_557)
        guard window >= 22 else { return nil }
        try file.move(to: file.length - window)
        let tail = try file.read(window)
        guard let end = endRecord(tail) else { return nil }
        let (count, size, offset) = (number(tail, end + 10, 2), number(tail, end + 12, 4), number(tail, end + 16, 4))
        // Of 65 535 on, and of 4 GB on, the numbers stand elsewhere: no document is so large.
        guard count < mostEntries, size <= mostListed, offset + size <= file.length else {
            return ZipDirectory(entries: [], isExcessive: true)
        }
        try file.move(to: offset)
        guard let entries = list(try file.read(size), count) else { return ZipDirectory(entries: [], isExcessive: true) }
        return ZipDirectory(entries: entries, isExcessive: false)
    }

    /// The last one whose comment goes to the end of the file.
    private static func endRecord(_ tail: [UInt8]) -> Int? {
        var place = tail.count - 22
        while place >= 0 {
            if tail[place] == 0x50, tail[place + 1] == 0x4B, tail[place + 2] == 0x05, tail[place + 3] == 0x06,
                place + 22 + number(tail, place + 20, 2) == tail.count
            {
                return place
            }
            place -= 1
        }
        return nil
    }

    private static func list(_ bytes: [UInt8], _ count: Int) -> [Entry]? {
        var (entries, place): ([Entry], Int) = ([], 0)
        for _ in 0..<count {
            guard place + 46 <= bytes.count, bytes[place..<place + 4].elementsEqual([0x50, 0x4B, 0x01, 0x02]) else { return nil }
            let (name, extra, comment) = (
                number(bytes, place + 28, 2), number(bytes, place + 30, 2), number(bytes, place + 32, 2)
            )
            guard place + 46 + name + extra + comment <= bytes.count else { return nil }
            entries.append(
                Entry(
                    name: Array(bytes[place + 46..<place + 46 + name]), flags: number(bytes, place + 8, 2),
                    packed: number(bytes, place + 20, 4), unpacked: number(bytes, place + 24, 4)))
            place += 46 + name + extra + comment
        }
        return entries
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    func has(_ name: String) -> Bool { entries.contains { $0.name.elementsEqual(name.utf8) } }

    var isEncrypted: Bool { entries.contains { $0.flags & 1 != 0 } }

    var holdsMacros: Bool {
        entries.contains { entry in
            let name = String(decoding: entry.name, as: UTF8.self).lowercased()
            return name.hasSuffix("vbaproject.bin") || name.hasPrefix("basic/") || name.hasPrefix("scripts/")
        }
    }

    /// By what the list says, which whoever unpacks it also goes by.
    var isBomb: Bool {
        let (packed, unpacked) = (entries.reduce(0) { $0 + $1.packed }, entries.reduce(0) { $0 + $1.unpacked })
        return isExcessive || unpacked > Self.mostUnpacked || (unpacked > 10 << 20 && unpacked / max(1, packed) > Self.mostRatio)
    }
}
