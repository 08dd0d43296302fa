/// Reads the text of a ``DocumentTime``, digit by digit.
struct TimeScanner {
    struct Fields {
        var precision = DocumentTime.Precision.day
        var daysSince1970 = 0
        var secondOfDay = 0
        var fraction = 0.0
        /// Seconds east of Greenwich; nil when the text does not say.
        var zone: Int?
        var isWellFormed = true
    }

    private let bytes: [UInt8]
    private var position = 0
    private var fields = Fields()

    init(_ text: String) { bytes = Array(text.utf8.prefix(64)) }

    mutating func scan() -> Fields? {
        if bytes.count >= 5, bytes[2] == UInt8(ascii: ":") {
            fields.precision = .timeOfDay
            guard scanTime() else { return nil }
        } else {
            guard scanDate() else { return nil }
            if fields.precision == .day, take("T") || take(" ", isRight: false) {
                fields.precision = .second
                guard scanTime() else { return nil }
            }
        }
        guard scanZone(), position == bytes.count else { return nil }
        return fields
    }

    private mutating func scanDate() -> Bool {
        guard let year = number(digits: 4...4), year > 0 else { return false }
        var day = CalendarDay(year: year, month: 1, day: 1)
        fields.precision = .year
        if take("-") {
            guard let month = number(digits: 1...2, expected: 2) else { return false }
            day = CalendarDay(year: year, month: month, day: 1)
            fields.precision = .month
            if take("-") {
                guard let number = number(digits: 1...2, expected: 2) else { return false }
                day = CalendarDay(year: year, month: month, day: number)
                fields.precision = .day
            }
        }
        fields.daysSince1970 = day.daysSince1970
        return day.exists
    }

    /// `hh:mm:ss`, with any number of fractional digits. Without seconds it is read, and not well-formed.
    private mutating func scanTime() -> Bool {
        guard let hour = number(digits: 1...2, expected: 2), hour <= 24, take(":"), let minute = number(digits: 2...2),
            minute < 60
        else { return false }
        var second = 0
        if take(":") {
            guard let seconds = number(digits: 2...2), seconds <= 60 else { return false }
            second = seconds
            if seconds == 60 { fields.isWellFormed = false }
            if take(".") || take(",", isRight: false) {
                var scale = 0.1
                let start = position
                while let digit = peekDigit() {
                    fields.fraction += Double(digit) * scale
                    scale /= 10
                    position += 1
                }
                if position == start { return false }
            }
        } else {
            fields.isWellFormed = false
        }
        fields.secondOfDay = hour * 3_600 + minute * 60 + second
        return hour < 24 || (minute == 0 && second == 0 && fields.fraction == 0)
    }

    private mutating func scanZone() -> Bool {
        if take("Z") {
            fields.zone = 0
            return true
        }
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return true }
        guard let hours = number(digits: 2...2), hours <= 14 else { return false }
        if !take(":") { fields.isWellFormed = false }
        guard let minutes = number(digits: 2...2), minutes < 60 else { return false }
        fields.zone = sign * (hours * 3_600 + minutes * 60)
        return true
    }

    private mutating func number(digits: ClosedRange<Int>, expected: Int? = nil) -> Int? {
        var value = 0
        var count = 0
        while count < digits.upperBound, let digit = peekDigit() {
            value = value * 10 + digit
            position += 1
            count += 1
        }
        guard count >= digits.lowerBound else { return nil }
        if let expected, count != expected { fields.isWellFormed = false }
        return value
    }

    private func peekDigit() -> Int? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else { return nil }
        return Int(bytes[position] - UInt8(ascii: "0"))
    }

    private mutating func take(_ character: Unicode.Scalar, isRight: Bool = true) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        if !isRight { fields.isWellFormed = false }
        return true
    }
}
