import Envelope

/// Working days and deadlines. Keys, types and defaults: ``keys``.
public struct DeadlineSettings: Sendable, Hashable {
    public let table: DeadlineTable

    static let daysOffKey = SettingKey(
        "deadlines.daysOff", .textList, default: .list([]),
        "Days that are not worked here besides Saturdays, Sundays and public holidays: 12-24 for every year, 2026-05-15 for one.")
    static let closesKey = SettingKey(
        "deadlines.workdayEndsHour", .integer(12...23), default: .integer(16), unit: "hours",
        "The hour in Oslo at which a working day ends, and with it a deadline counted in working days.")
    static let rulesKey = SettingKey(
        "deadlines.rules", .textList, default: .list([]),
        "Deadlines other than those of docs/DEADLINES.md, as HENVISNING_BUP.out.answered=8wd/2wd: within, and warned before; none is without."
    )
    static let takeOverKey = SettingKey(
        "deadlines.takeOverDays", .integer(1...20), default: .integer(3), unit: "working days",
        "Within how many somebody must have said that they take over after a discharge (send --follow-up); then the sender is told."
    )
    static let keys = [daysOffKey, closesKey, takeOverKey, rulesKey]

    /// More would hardly leave a day to work.
    static let mostDaysOff = 60

    init(_ reader: SettingsReader) throws(SettingsError) {
        var daysOff: Set<WorkingCalendar.DayOff> = []
        for text in reader.list(Self.daysOffKey) {
            guard let day = WorkingCalendar.DayOff(text) else {
                throw reader.error(
                    .wrongType, Self.daysOffKey, reason: "holds \"\(text)\"",
                    remedy: "write 12-24 for every year or 2026-05-15 for one")
            }
            daysOff.insert(day)
        }
        guard daysOff.count <= Self.mostDaysOff else {
            throw reader.error(
                .outOfRange, Self.daysOffKey, reason: "names \(daysOff.count) days",
                remedy: "at most \(Self.mostDaysOff) are allowed")
        }
        var table = DeadlineTable(
            calendar: WorkingCalendar(daysOff: daysOff, closes: reader.integer(Self.closesKey)))
        table.takeOverDays = reader.integer(Self.takeOverKey)
        var seen: Set<DeadlineTable.Case> = []
        for text in reader.list(Self.rulesKey) { try Self.apply(text, to: &table, &seen, reader) }
        self.table = table
    }

    /// One rule: `KIND.direction.event=span/warning`. `!` behind the kind means the urgent ones; `*` every kind without rows.
    private static func apply(
        _ text: String, to table: inout DeadlineTable, _ seen: inout Set<DeadlineTable.Case>, _ reader: SettingsReader
    ) throws(SettingsError) {
        func refusal(_ remedy: String, _ code: SettingsError.Code = .wrongType) -> SettingsError {
            reader.error(code, rulesKey, reason: "holds \"\(text)\"", remedy: remedy)
        }
        let halves = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2, let place = place(halves[0]) else {
            throw refusal(
                "write KIND.out.delivered=4h/1h, with a kind of code list 8279 or *, in or out, delivered, accepted or answered")
        }
        guard seen.insert(place).inserted else { throw refusal("it is there twice: remove one", .contradiction) }
        let old = table.rule(place.kind, place.direction, urgent: place.isUrgent, place.event)
        if halves[1] == "none" {
            guard old?.ceiling == nil else {
                throw refusal("the law sets this deadline; it can be shortened, not taken away", .contradiction)
            }
            table.set(nil, for: place)
            return
        }
        let spans = halves[1].split(separator: "/", omittingEmptySubsequences: false).map { DeadlineSpan(String($0)) }
        guard let span = spans.first ?? nil, span != .workingDays(0), spans.count <= 2, !spans.contains(nil) else {
            throw refusal("write a time such as 45m, 4h, 2d or 10wd, and behind / how long before its end to warn")
        }
        if let old, old.forbids(span) {
            throw refusal("it must not be longer than \((old.ceiling ?? old.span).text): \(old.source.text)", .contradiction)
        }
        let warning = (spans.count == 2 ? spans[1] : nil) ?? defaultWarning(span)
        table.set(DeadlineRule(span, warning: warning, .settings, ceiling: old?.ceiling), for: place)
    }

    private static func place(_ text: String) -> DeadlineTable.Case? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let direction = MessageRecord.Direction(rawValue: parts[1]),
            let event = DeadlineEvent(rawValue: parts[2]), direction == .out || event != .delivered
        else { return nil }
        let kind = parts[0].hasSuffix("!") ? String(parts[0].dropLast()) : parts[0]
        guard DeadlineTable.kinds.contains(kind) || kind == DeadlineTable.anyOther else { return nil }
        return DeadlineTable.Case(kind, direction, urgent: kind != parts[0], event)
    }

    /// A third of the time before its end, or the last working day but one.
    private static func defaultWarning(_ span: DeadlineSpan) -> DeadlineSpan {
        switch span {
        case .time(let minutes): .time(minutes: max(1, minutes / 3))
        case .workingDays(let count): .workingDays(count > 1 ? 1 : 0)
        }
    }
}
