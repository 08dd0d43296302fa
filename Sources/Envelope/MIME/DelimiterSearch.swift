/// Finds a line feed followed by `--boundary` (Horspool's method): most bytes of a part are never looked at.
///
/// The pattern has one line feed and it comes first, so that partial matches cannot overlap: no input makes the search slower
/// than one look at every byte.
struct DelimiterSearch: Sendable {
    let pattern: [UInt8]
    private let shifts: [Int]

    init(boundary: String) {
        pattern = [0x0A] + Array("--\(boundary)".utf8)
        var shifts = [Int](repeating: pattern.count, count: 256)
        for (offset, byte) in pattern.dropLast().enumerated() { shifts[Int(byte)] = pattern.count - 1 - offset }
        self.shifts = shifts
    }

    /// Index of the line feed, or nil.
    func find(in bytes: [UInt8], from start: Int) -> Int? {
        let last = pattern.count - 1
        var position = start
        while position + last < bytes.count {
            let byte = bytes[position + last]
            if byte == pattern[last], bytes[position] == 0x0A, matches(bytes, at: position) { return position }
            position += shifts[Int(byte)]
        }
        return nil
    }

    private func matches(_ bytes: [UInt8], at position: Int) -> Bool {
        for offset in 1..<pattern.count where bytes[position + offset] != pattern[offset] { return false }
        return true
    }
}
