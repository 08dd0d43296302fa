import Foundation
import Logging

/// How a line of the log is written.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// For people: time, level, what belongs to the event, and then what happened.
    case text
    /// For programs: one JSON object on each line.
    case json
}

/// Writes one event as one line, whatever it holds: what another node or a file put into it ends no line, begins none, and
/// moves no terminal's cursor.
struct LogLine {
    let time: Date
    let level: Logger.Level
    let label: String
    let source: String
    let message: String
    let metadata: Logger.Metadata

    func written(as format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }

    // MARK: - For people

    private var text: String {
        let fields = metadata.sorted { $0.key < $1.key }.map { " " + Self.plain($0.key) + "=" + Self.plain("\($0.value)") }
        return "\(Self.local(time)) \(level) \(label):\(fields.joined()) [\(source)] \(Self.plain(message))\n"
    }

    private static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isUnsafe(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The machine's own time, as people read it on this machine.
    private static func local(_ time: Date) -> String {
        time.formatted(
            Date.ISO8601FormatStyle(timeZone: .current).year().month().day().time(includingFractionalSeconds: false)
                .timeZone(separator: .omitted))
    }

    // MARK: - For programs

    private var json: String {
        var line = "{\"time\":\"\(time.formatted(Self.utc))\",\"level\":\"\(level)\",\"message\":"
        Self.quote(message, into: &line)
        line += ",\"source\":"
        Self.quote(source, into: &line)
        line += ",\"metadata\":"
        Self.write(.dictionary(metadata), into: &line)
        return line + "}\n"
    }

    private static let utc = Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)

    private static func write(_ value: Logger.Metadata.Value, into line: inout String) {
        switch value {
        case .string(let text): quote(text, into: &line)
        case .stringConvertible(let value): quote(value.description, into: &line)
        case .array(let values):
            line += "["
            for (place, value) in values.enumerated() {
                if place > 0 { line += "," }
                write(value, into: &line)
            }
            line += "]"
        case .dictionary(let values):
            line += "{"
            for (place, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if place > 0 { line += "," }
                quote(key, into: &line)
                line += ":"
                write(value, into: &line)
            }
            line += "}"
        }
    }

    /// RFC 8259 §7, and beyond it everything that a terminal would obey.
    private static func quote(_ text: String, into line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where isUnsafe(scalar): line += escape(scalar)
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        UTF16.encode(scalar).map { units in
            units.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        } ?? ""
    }

    /// Control characters, line and paragraph separators, and marks that turn the direction of what follows.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }
}
