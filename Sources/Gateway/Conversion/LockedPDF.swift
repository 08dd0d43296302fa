/// Whether a PDF is encrypted: then its trailer names an `Encrypt` dictionary (ISO 32000-1, 7.6.1).
enum LockedPDF {
    private static let window = 32 << 10

    /// The trailer stands at the end, and in a file made for the web also at the beginning.
    static func isLocked(_ file: borrowing FileReader, _ head: [UInt8]) throws(StoreError) -> Bool {
        try file.move(to: 0)
        let beginning = try file.read(head.count + window)
        if names(beginning[...]) { return true }
        guard file.length > beginning.count else { return false }
        try file.move(to: max(beginning.count - 16, file.length - window))
        return names(try file.read(window + 16)[...])
    }

    /// `/Encrypt` with a reference or a dictionary after it; never the word in a text.
    static func names(_ bytes: ArraySlice<UInt8>) -> Bool {
        let key = Array("/Encrypt".utf8)
        var rest = bytes
        while let found = rest.firstRange(of: key) {
            rest = rest[found.upperBound...]
            let value = rest.drop { [0x00, 0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
            if value.starts(with: Array("<<".utf8)) { return true }
            let words = value.prefix(24).split(whereSeparator: { [0x00, 0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) })
            let isNumber = { (word: ArraySlice<UInt8>) in word.allSatisfy { (0x30...0x39).contains($0) } }
            if words.count > 2, isNumber(words[0]), isNumber(words[1]), words[2].first == UInt8(ascii: "R") { return true }
        }
        return false
    }
}
