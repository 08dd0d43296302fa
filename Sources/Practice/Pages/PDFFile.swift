/// Writes a PDF (ISO 32000-1): numbered objects, their table, and where it begins. Nothing is compressed: a letter is small, and
/// what is in it can be read by whoever looks.
struct PDFFile {
    /// A number by which others name an object.
    struct Reference: Sendable, Hashable {
        let number: Int
        var text: String { "\(number) 0 R" }
    }

    private var objects: [[UInt8]?] = []

    /// A number for what is written later.
    mutating func reserve() -> Reference {
        objects.append(nil)
        return Reference(number: objects.count)
    }

    mutating func put(_ text: String, at reference: Reference) { objects[reference.number - 1] = Array(text.utf8) }

    mutating func add(_ text: String) -> Reference {
        let reference = reserve()
        put(text, at: reference)
        return reference
    }

    /// - Parameter entries: of its dictionary, besides the length.
    mutating func add(stream bytes: [UInt8], _ entries: String = "") -> Reference {
        let reference = reserve()
        let head = "<< \(entries)\(entries.isEmpty ? "" : " ")/Length \(bytes.count) >>\nstream\n"
        objects[reference.number - 1] = Array(head.utf8) + bytes + Array("\nendstream".utf8)
        return reference
    }

    /// - Parameter root: the catalogue.
    func written(root: Reference) -> [UInt8] {
        // Four bytes above 127 tell programs that this is no text.
        var file = Array("%PDF-1.7\n%".utf8) + [0xE6, 0xF8, 0xE5, 0xE9, 0x0A]
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(file.count)
            file += Array("\(index + 1) 0 obj\n".utf8) + (object ?? Array("null".utf8)) + Array("\nendobj\n".utf8)
        }
        let identity = Self.mark(of: file)
        let start = file.count
        var table = "xref\n0 \(places.count + 1)\n0000000000 65535 f \n"
        for place in places { table += Self.padded(place, 10) + " 00000 n \n" }
        table += "trailer\n<< /Size \(places.count + 1) /Root \(root.text) /ID [<\(identity)> <\(identity)>] >>\n"
        return file + Array((table + "startxref\n\(start)\n%%EOF\n").utf8)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Tells one file from another; protects nothing (FNV-1a, twice).
    private static func mark(of bytes: [UInt8]) -> String {
        var (one, other): (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4)
        for byte in bytes {
            one = (one ^ UInt64(byte)) &* 0x100_0000_01B3
            other = (other ^ UInt64(byte ^ 0x5A)) &* 0x100_0000_01B3
        }
        return [one, other].map { hexadecimal($0, 16) }.joined()
    }

    static func hexadecimal(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// A text string in UTF-16, as dictionaries have them.
    static func string(_ text: String) -> String {
        "<FEFF\(text.utf16.map { hexadecimal(UInt64($0), 4) }.joined())>"
    }

    /// A number with at most two decimals.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let sign = hundredths < 0 ? "-" : ""
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(padded(rest, 2))"
    }
}
