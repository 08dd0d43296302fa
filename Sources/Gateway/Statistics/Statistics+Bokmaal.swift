import Practice

extension Statistics {
    /// As leaders read it.
    public var text: String {
        let all = received.all
        var lines = [
            "Henvisninger \(from) til \(to). Tall under \(SmallNumbers.least) vises som <\(SmallNumbers.least). - er tall som ville røpet et av dem.",
            "", "Mottatt", Self.line("alle", all),
        ]
        lines += received.referrers.map { Self.line(Self.name($0.kind), $0.outcomes) }
        lines.append("")
        if let days = received.days {
            lines.append(
                "Dager til svar: halvparten innen \(days.median), en fjerdedel innen \(days.lowerQuartile), tre fjerdedeler innen \(days.upperQuartile)"
            )
        }
        let share = received.withinTenWorkingDaysPercent.map { " (\($0) %)" } ?? ""
        lines += [
            "Svar innen ti virkedager: \(received.withinTenWorkingDays)\(share), senere: \(received.later)",
            "Henviser ble spurt om mer: \(received.askedAgain)", "",
            "Sendt herfra: \(sent.referrals), med sjekkliste: \(sent.withChecklist)",
        ]
        for lack in sent.missing { lines.append("  manglet i \(lack.missing) av \(lack.asked): \(lack.question)") }
        return lines.joined(separator: "\n")
    }

    private static func line(_ name: String, _ figures: Outcomes) -> String {
        let share = figures.rejectedPercent.map { " (\($0) %)" } ?? ""
        return
            "  \(name): \(figures.referrals). Avslag \(figures.rejected)\(share), inntak \(figures.accepted), sendt videre \(figures.forwarded), besvart fra eget system \(figures.answeredElsewhere), ubesvart \(figures.unanswered)"
    }

    private static func name(_ kind: String) -> String {
        kind == CareService.other.rawValue ? "andre" : CareService(rawValue: kind)?.name ?? kind
    }

    /// One figure a line: group, of whom, what, how many.
    public var csv: String {
        var rows = [["group", "of", "figure", "value"]]
        func add(_ group: String, _ of: String, _ figures: Outcomes) {
            let values: [(String, Count)] = [
                ("referrals", figures.referrals), ("rejected", figures.rejected), ("accepted", figures.accepted),
                ("forwarded", figures.forwarded), ("answeredElsewhere", figures.answeredElsewhere),
                ("unanswered", figures.unanswered),
            ]
            rows += values.map { [group, of, $0.0, $0.1.description] }
        }
        add("received", "all", received.all)
        for referrers in received.referrers { add("received", referrers.kind, referrers.outcomes) }
        if let days = received.days {
            for (name, value) in [
                ("lowerQuartile", days.lowerQuartile), ("median", days.median), ("upperQuartile", days.upperQuartile),
            ] { rows.append(["days", "all", name, String(value)]) }
        }
        for (name, count) in [
            ("withinTenWorkingDays", received.withinTenWorkingDays), ("later", received.later),
            ("askedAgain", received.askedAgain),
        ] { rows.append(["received", "all", name, count.description]) }
        rows += [
            ["sent", "all", "referrals", sent.referrals.description],
            ["sent", "all", "withChecklist", sent.withChecklist.description],
        ]
        for lack in sent.missing {
            rows.append(["asked", lack.checklist, lack.question, lack.asked.description])
            rows.append(["missing", lack.checklist, lack.question, lack.missing.description])
        }
        return rows.map { $0.map(Self.field).joined(separator: ",") }.joined(separator: "\r\n")
    }

    /// RFC 4180. No value of ours begins a formula; a question of somebody's own list could.
    private static func field(_ text: String) -> String {
        let safe = text.first.map { "=+@\t".contains($0) } == true ? "'" + text : text
        return safe.contains { ",\"\r\n".contains($0) } ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
    }
}
