/// Writes XML as bytes: no pretty-printing, no declarations but those asked for, UTF-8.
///
/// Elements are written in the order of the calls; each format's writer is its schema's order, line by line.
public struct XMLWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    /// Where ``bytes`` holds what its canonical form does not have, in order.
    private var asides: [Range<Int>] = []
    private let isCanonical: Bool

    public init() { self.init(canonical: false) }

    /// - Parameter canonical: writes the canonical form (inclusive C14N 1.0), so that a signature can be made over what was
    ///   written. Whoever calls gives attributes in that form's order: declarations by prefix, then attributes by namespace and
    ///   name; and writes ``aside(_:)`` what that form leaves out.
    init(canonical: Bool) {
        isCanonical = canonical
        bytes.reserveCapacity(4 << 10)
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`, to be called first if at all.
    public mutating func declaration() {
        bytes.append(contentsOf: #"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)
    }

    /// An element with whatever `content` writes in it; when that is nothing, `<name/>` or as the canonical form has it.
    ///
    /// - Parameters:
    ///   - name: as it stands in the tag, prefix included.
    ///   - attributes: in this order; a nil value leaves the attribute out. `xmlns` declarations are attributes too.
    public mutating func element(
        _ name: String, _ attributes: [(String, String?)] = [], _ content: (inout XMLWriter) -> Void = { _ in }
    ) {
        bytes.append(UInt8(ascii: "<"))
        raw(name)
        for case (let key, let value?) in attributes {
            bytes.append(UInt8(ascii: " "))
            raw(key)
            raw("=\"")
            escape(value, inAttribute: true)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
        let start = bytes.count
        content(&self)
        if bytes.count == start, !isCanonical {
            bytes[start - 1] = UInt8(ascii: "/")
        } else {
            raw("</")
            raw(name)
        }
        bytes.append(UInt8(ascii: ">"))
    }

    /// An element with text; nothing at all when `text` is nil.
    public mutating func element(_ name: String, _ attributes: [(String, String?)] = [], text: String?) {
        guard let text else { return }
        element(name, attributes) { $0.text(text) }
    }

    /// Character data, escaped. Characters XML 1.0 §2.2 cannot hold become U+FFFD.
    public mutating func text(_ text: String) { escape(text, inAttribute: false) }

    /// What is already XML.
    public mutating func raw(_ xml: [UInt8]) { bytes.append(contentsOf: xml) }
    mutating func raw(_ xml: String) {
        var xml = xml
        xml.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Whatever `content` writes is sent and is no part of the canonical form.
    mutating func aside(_ content: (inout XMLWriter) -> Void) {
        let start = bytes.count
        content(&self)
        asides.append(start..<bytes.count)
    }

    /// ``bytes`` without what was written aside.
    var canonicalForm: [UInt8] {
        var form: [UInt8] = []
        form.reserveCapacity(bytes.count)
        var position = 0
        for aside in asides {
            form += bytes[position..<aside.lowerBound]
            position = aside.upperBound
        }
        form += bytes[position...]
        return form
    }

    /// Whether XML has every character of a text, so that it is written as it is.
    static func holds(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x20...0xFFFD, 0x10000...: true
            default: false
            }
        }
    }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        var text = text
        text.withUTF8 { utf8 in
            // What needs no escape goes over in one piece.
            var start = 0
            for position in utf8.indices where Self.mayNeedEscape(utf8[position]) {
                let isNoncharacter = Self.isNoncharacter(utf8, at: position)
                guard let escaped = isNoncharacter ? "\u{FFFD}" : Self.escaped(utf8[position], inAttribute) else { continue }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<position]))
                raw(escaped)
                start = position + (isNoncharacter ? 3 : 1)
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
    }

    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0xEF: true
        default: false
        }
    }

    /// U+FFFE and U+FFFF.
    private static func isNoncharacter(_ utf8: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        utf8[position] == 0xEF && utf8[position + 1] == 0xBF && utf8[position + 2] >= 0xBE
    }

    private static func escaped(_ byte: UInt8, _ inAttribute: Bool) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">") where !inAttribute: "&gt;"
        case UInt8(ascii: "\"") where inAttribute: "&quot;"
        case 0x0D: "&#xD;"
        case 0x09 where inAttribute: "&#x9;"
        case 0x0A where inAttribute: "&#xA;"
        case 0x09, 0x0A: nil
        case 0x00..<0x20: "\u{FFFD}"
        default: nil
        }
    }
}
