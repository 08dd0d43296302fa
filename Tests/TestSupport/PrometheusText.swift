import Foundation

/// Reads the Prometheus text format 0.0.4, and refuses what the format does not have: the judge of what we write, made from
/// the format's description and not from our writer.
public struct PrometheusText: Sendable {
    public struct Sample: Sendable, Hashable {
        public let name: String
        public let labels: [String: String]
        public let value: Double
    }

    public struct Family: Sendable {
        public let name: String
        public let kind: String
        public let help: String
        public var samples: [Sample] = []
    }

    public struct Malformed: Error, CustomStringConvertible {
        public let description: String
    }

    public private(set) var families: [String: Family] = [:]

    /// The value of one line.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.values.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    public init(_ text: String) throws {
        guard text.hasSuffix("\n") || text.isEmpty else { throw Malformed(description: "the last line has no end") }
        var current: String?
        var help: (name: String, text: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            if words.first == "#" {
                guard words.count == 4, Self.isName(words[2]) else { throw Malformed(description: "a comment: \(line)") }
                switch words[1] {
                case "HELP": help = (words[2], words[3])
                case "TYPE":
                    guard ["counter", "gauge", "histogram", "summary", "untyped"].contains(words[3]), help?.name == words[2],
                        families[words[2]] == nil
                    else { throw Malformed(description: "a type without help, or a second one: \(line)") }
                    families[words[2]] = Family(name: words[2], kind: words[3], help: help?.text ?? "")
                    current = words[2]
                default: throw Malformed(description: "neither HELP nor TYPE: \(line)")
                }
                continue
            }
            let sample = try Self.sample(line)
            guard let family = current, Self.belongs(sample, to: families[family]) else {
                throw Malformed(description: "a line that is not below its type: \(line)")
            }
            families[family]?.samples.append(sample)
        }
        for family in families.values { try Self.check(family) }
    }

    // MARK: - One line

    private static func sample(_ line: Substring) throws -> Sample {
        var rest = line
        let name = String(rest.prefix { isNameCharacter($0) || $0.isASCII && $0.isNumber })
        guard isName(name) else { throw Malformed(description: "no name: \(line)") }
        rest = rest.dropFirst(name.count)
        let labels = try labels(&rest, line)
        guard rest.first == " ", let value = number(rest.dropFirst()) else {
            throw Malformed(description: "no number: \(line)")
        }
        return Sample(name: name, labels: labels, value: value)
    }

    private static func labels(_ rest: inout Substring, _ line: Substring) throws -> [String: String] {
        guard rest.first == "{" else { return [:] }
        rest = rest.dropFirst()
        var labels: [String: String] = [:]
        while true {
            let name = String(rest.prefix { isNameCharacter($0) && $0 != ":" })
            rest = rest.dropFirst(name.count)
            guard isName(name), rest.hasPrefix("=\"") else { throw Malformed(description: "no label: \(line)") }
            rest = rest.dropFirst(2)
            var value = ""
            while let character = rest.first, character != "\"" {
                rest = rest.dropFirst()
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                guard let escaped = rest.popFirst(), let meant = ["n": "\n", "\\": "\\", "\"": "\""][escaped] else {
                    throw Malformed(description: "an escape that is none: \(line)")
                }
                value += meant
            }
            guard rest.popFirst() == "\"", labels.updateValue(value, forKey: name) == nil else {
                throw Malformed(description: "a label without end, or twice: \(line)")
            }
            switch rest.popFirst() {
            case ",": continue
            case "}": return labels
            default: throw Malformed(description: "labels without end: \(line)")
            }
        }
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf": .infinity
        case "-Inf": -.infinity
        default: text.contains { !"0123456789.e+-".contains($0) } ? nil : Double(text)
        }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == ":")
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy(isNameCharacter) && !(text.first?.isNumber ?? true)
    }

    // MARK: - One metric

    private static func belongs(_ sample: Sample, to family: Family?) -> Bool {
        guard let family else { return false }
        guard family.kind == "histogram" else { return sample.name == family.name }
        return ["_bucket", "_sum", "_count"].contains { family.name + $0 == sample.name }
            && (sample.name.hasSuffix("_bucket")) == (sample.labels["le"] != nil)
    }

    private static func check(_ family: Family) throws {
        guard !family.samples.isEmpty else { throw Malformed(description: "\(family.name) has no line") }
        guard Set(family.samples.map { "\($0.name) \($0.labels.sorted { $0.key < $1.key })" }).count == family.samples.count
        else { throw Malformed(description: "\(family.name) has one line twice") }
        if family.kind == "counter", family.samples.contains(where: { !($0.value >= 0) }) {
            throw Malformed(description: "the counter \(family.name) is below 0")
        }
        guard family.kind == "histogram" else { return }
        let series = Dictionary(grouping: family.samples) { $0.labels.filter { $0.key != "le" } }
        for (labels, samples) in series {
            let buckets = samples.filter { $0.labels["le"] != nil }
            let bounds = buckets.compactMap { number(Substring($0.labels["le"] ?? "")) }
            let count = samples.first { $0.name.hasSuffix("_count") }?.value
            guard bounds == bounds.sorted(), bounds.last == .infinity, buckets.map(\.value) == buckets.map(\.value).sorted(),
                buckets.last?.value == count, samples.contains(where: { $0.name.hasSuffix("_sum") })
            else { throw Malformed(description: "the histogram \(family.name)\(labels) does not add up") }
        }
    }
}
