/// Writes XML as bytes: no pretty-printing, no declarations but those asked for, UTF-8.
///
/// Elements are written in the order of the calls; each format's writer is its schema's order, line by line.
public struct XMLWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() { bytes.reserveCapacity(4 << 10) }

    /// `<?xml version="1.0" encoding="UTF-8"?>`, to be called first if at all.
    public mutating func declaration() {
        bytes.append(contentsOf: #"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)
    }

    /// An element with whatever `content` writes in it; `<name/>` when that is nothing.
    ///
    /// - Parameters:
    ///   - name: as it stands in the tag, prefix included.
    ///   - attributes: in this order; a nil value leaves the attribute out. `xmlns` declarations are attributes too.
    public mutating func element(
        _ name: String, _ attributes: [(String, String?)] = [], _ content: (inout XMLWriter) -> Void = { _ in }
    ) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        for case (let key, let value?) in attributes {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: key.utf8)
            bytes.append(contentsOf: "=\"".utf8)
            escape(value, inAttribute: true)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
        let start = bytes.count
        content(&self)
        if bytes.count == start {
            bytes.removeLast()
            bytes.append(contentsOf: "/>".utf8)
        } else {
            bytes.append(contentsOf: "</".utf8)
            bytes.append(contentsOf: name.utf8)
            bytes.append(UInt8(ascii: ">"))
        }
    }

    /// An element with text; nothing at all when `text` is nil.
    public mutating func element(_ name: String, _ attributes: [(String, String?)] = [], text: String?) {
        guard let text else { return }
        element(name, attributes) { $0.text(text) }
    }

    /// Character data, escaped. Characters XML 1.0 §2.2 cannot hold become U+FFFD.
    public mutating func text(_ text: String) { escape(text, inAttribute: false) }

    /// Bytes that are already XML.
    public mutating func raw(_ xml: [UInt8]) { bytes.append(contentsOf: xml) }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        var text = text
        text.withUTF8 { utf8 in
            // What needs no escape goes over in one piece.
            var start = 0
            for position in utf8.indices where Self.mayNeedEscape(utf8[position]) {
                guard let escaped = Self.escaped(utf8[position], inAttribute) else { continue }
                bytes.append(contentsOf: utf8[start..<position])
                bytes.append(contentsOf: escaped.utf8)
                start = position + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
    }

    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): true
        default: false
        }
    }

    private static func escaped(_ byte: UInt8, _ inAttribute: Bool) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
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
