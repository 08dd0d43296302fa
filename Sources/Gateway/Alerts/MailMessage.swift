import Foundation

/// A mail as it goes to the server: RFC 5322 header, RFC 2045 body in base64, lines ended by CR LF, ASCII throughout. Nothing
/// that is put into it can end a header field.
struct MailMessage: Sendable {
    let from: MailAddress
    let to: MailAddress
    /// Any text; what is not ASCII is encoded as RFC 2047 has it.
    let subject: String
    let text: String
    let date: Date
    /// Unique for every mail.
    let id: String
    var isImportant = false

    var bytes: [UInt8] {
        var lines = [
            "Date: \(Self.date(date))",
            "From: msggw <\(from)>",
            "To: <\(to)>",
            "Message-ID: <\(Self.token(id))@\(from.text.drop { $0 != "@" }.dropFirst())>",
            // RFC 3834: no answer by an out-of-office, and none to that.
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
        ]
        if isImportant { lines.append("Importance: high") }
        lines += Self.header("Subject", subject)
        lines += [
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
            Data(text.utf8).base64EncodedString(options: [
                .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
            ]),
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    // MARK: - Header

    /// The longest line of a header that holds encoded words, RFC 2047 §2.
    private static let longestLine = 76

    /// One field. ASCII that fits a line stands as it is; all else becomes encoded words, each on a line of its own with what
    /// stands before it, none of which cuts a character.
    private static func header(_ name: String, _ value: String) -> [String] {
        let plain = "\(name): \(value)"
        let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !value.contains("=?")
        if isPlain, plain.utf8.count <= longestLine { return [plain] }
        var (lines, line, piece): ([String], String, [UInt8]) = ([], "\(name): ", [])
        for character in value.unicodeScalars {
            let bytes = Array(String(character).utf8)
            if line.utf8.count + word(piece + bytes).utf8.count > longestLine {
                lines.append(line + word(piece))
                (line, piece) = (" ", [])
            }
            piece += bytes
        }
        return lines + [line + word(piece)]
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Data(bytes).base64EncodedString())?=" }

    private static func token(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-") })
    }

    /// `Mon, 23 Nov 2026 09:00:00 +0000`, RFC 5322 §3.3.
    private static func date(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let number = (seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400
        let (day, second) = (CivilDay(number: number), seconds - number * 86_400)
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "\(weekdays[day.weekday.rawValue]), \(day.day) \(months[day.month - 1]) \(day.year) \(time) +0000"
    }
}
