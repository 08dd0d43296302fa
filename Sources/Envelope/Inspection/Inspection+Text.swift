extension Inspection {
    /// The same facts as lines for a person, in the order of the properties. Both forms walk the same values, so neither can
    /// say less than the other.
    public var text: String {
        var lines = ["\(kind.rawValue): \(summaryLine)"]
        Self.describe(self, indent: 1, skipping: ["contract", "kind", "outcome"], into: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line: what came of it.
    public var summaryLine: String {
        switch (outcome, failure, signature?.status) {
        case (.unreadable, let failure?, _): "not readable: \(failure.code): \(failure.reason)"
        case (.unreadable, nil, _): "not readable: \(looksLike ?? "not a format msggw reads")"
        case (.signatureFails, _, .partsMissing): "readable, but parts are missing, so its signature cannot be verified"
        case (.signatureFails, _, _):
            "readable, but its signature does not verify: \(signature?.error.map { "\($0.code): \($0.reason)" } ?? "")"
        case (.readable, _, .verifies):
            signature?.certificateFrom == "given"
                ? "readable, and its signature verifies with the certificate given; the certificate itself was not checked"
                : "readable, and its signature verifies with the certificate in it; that certificate was not checked against any root"
        case (.readable, _, .unsigned): "readable, not signed"
        case (.readable, _, _): "readable"
        }
    }

    private static func describe(_ value: Any, indent: Int, skipping: Set<String> = [], into lines: inout [String]) {
        let margin = String(repeating: "  ", count: indent)
        for child in Mirror(reflecting: value).children {
            guard let label = child.label, !skipping.contains(label), let value = unwrapped(child.value) else { continue }
            if let text = scalar(value) {
                lines.append("\(margin)\(words(label)): \(text)")
            } else if let list = value as? [Any] {
                describe(list: list, label: label, margin: margin, indent: indent, into: &lines)
            } else {
                lines.append("\(margin)\(words(label)):")
                describe(value, indent: indent + 1, into: &lines)
            }
        }
    }

    private static func describe(list: [Any], label: String, margin: String, indent: Int, into lines: inout [String]) {
        guard !list.isEmpty else { return }
        let scalars = list.compactMap(scalar)
        if scalars.count == list.count {
            lines.append("\(margin)\(words(label)): \(scalars.joined(separator: ", "))")
            return
        }
        for (position, element) in list.enumerated() {
            if let tolerated = element as? Tolerated {
                lines.append("\(margin)\(tolerated.severity): \(tolerated.place): \(tolerated.what)")
            } else {
                lines.append("\(margin)\(words(label)) \(position + 1):")
                describe(element, indent: indent + 1, into: &lines)
            }
        }
    }

    private static func unwrapped(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first?.value
    }

    private static func scalar(_ value: Any) -> String? {
        switch value {
        case let text as String: text.isEmpty ? "(empty)" : text
        case let short as any ShownOnOneLine: short.oneLine
        case let number as Int: String(number)
        case let flag as Bool: flag ? "yes" : "no"
        case let named as any RawRepresentable: named.rawValue as? String
        default: nil
        }
    }

    /// `messageID` → `message ID`.
    private static func words(_ label: String) -> String {
        if label == "ebXML" { return label }
        var words = ""
        var position = label.startIndex
        while position < label.endIndex {
            let next = label.index(after: position)
            let character = label[position]
            let beginsWord = character.isUppercase && words.last?.isLowercase == true
            let isAbbreviation = next == label.endIndex || label[next].isUppercase
            if beginsWord { words += " " }
            words += beginsWord && !isAbbreviation ? character.lowercased() : String(character)
            position = next
        }
        return words
    }
}

/// Small values that read better on one line.
private protocol ShownOnOneLine {
    var oneLine: String { get }
}

extension Inspection.EbXML.Identifier: ShownOnOneLine {
    fileprivate var oneLine: String { [type, value].compactMap { $0 }.joined(separator: " ") }
}

extension Inspection.Root: ShownOnOneLine {
    fileprivate var oneLine: String { namespace.map { "\(name), \($0)" } ?? name }
}
