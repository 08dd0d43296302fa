import Foundation

/// An instant as a header states it (`xs:dateTime`). The text is kept, since equal instants may be written differently.
///
/// Peers send no fraction or up to seven digits of it, `Z` or an offset, and some no zone at all; those are read as UTC.
public struct EbXMLTimestamp: Sendable, Hashable, CustomStringConvertible {
    public let text: String
    public let date: Date
    public let hasZone: Bool

    /// An instant to be written: UTC, milliseconds, rounded down.
    public init(_ instant: Date) {
        let milliseconds = Int((instant.timeIntervalSince1970 * 1000).rounded(.down))
        date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let (second, day) = (seconds - days * 86_400, CalendarDay(daysSince1970: days))
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        text =
            "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))T\(padded(second / 3600, 2)):"
            + "\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(padded(milliseconds - seconds * 1000, 3))Z"
        hasZone = true
    }

    /// - Throws: `.headerMalformed` for anything but a date and time of day that exist; a leap second and hour 24 do not.
    public init(parsing text: String) throws(EnvelopeError) {
        var scanner = Scanner(bytes: Array(text.utf8.prefix(64)))
        guard text.utf8.count < 64, let (seconds, fraction, zone) = scanner.scan() else {
            throw EnvelopeError(.headerMalformed, reason: "a time is not an xs:dateTime")
        }
        (self.text, hasZone) = (text, zone != nil)
        date = Date(timeIntervalSince1970: Double(seconds - (zone ?? 0)) + fraction)
    }

    public var description: String { text }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// Seconds of the local reading, its fraction, and seconds east of Greenwich.
        mutating func scan() -> (Int, Double, Int?)? {
            guard let year = digits(4), take("-"), let month = digits(2), take("-"), let number = digits(2), take("T"),
                let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2)
            else { return nil }
            let day = CalendarDay(year: year, month: month, day: number)
            guard year > 1900, day.exists, hour < 24, minute < 60, second < 60, let fraction = fraction() else { return nil }
            let zone = zone()
            guard position == bytes.count else { return nil }
            return (day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second, fraction, zone)
        }

        private mutating func fraction() -> Double? {
            guard take(".") else { return 0 }
            var (value, scale) = (0.0, 0.1)
            let start = position
            while position < bytes.count, let digit = digit(bytes[position]) {
                value += Double(digit) * scale
                scale /= 10
                position += 1
            }
            return position > start ? value : nil
        }

        private mutating func zone() -> Int? {
            if take("Z") { return 0 }
            let start = position
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours <= 14, minutes < 60 else {
                position = start
                return nil
            }
            return sign * (hours * 3600 + minutes * 60)
        }

        private mutating func digits(_ count: Int) -> Int? {
            guard position + count <= bytes.count else { return nil }
            var value = 0
            for _ in 0..<count {
                guard let digit = digit(bytes[position]) else { return nil }
                value = value * 10 + digit
                position += 1
            }
            return value
        }

        private func digit(_ byte: UInt8) -> Int? { byte >= 0x30 && byte <= 0x39 ? Int(byte - 0x30) : nil }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }
    }
}

extension EbXMLElement {
    func timestamp() throws(EnvelopeError) -> EbXMLTimestamp {
        let timestamp = try EbXMLTimestamp(parsing: text())
        if !timestamp.hasZone { log.note("a time without zone, read as UTC", at: place) }
        return timestamp
    }
}
