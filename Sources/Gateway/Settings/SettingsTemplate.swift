extension SettingKey {
    /// The text of a new `msggw.yaml`: every setting with its meaning and default as a comment.
    ///
    /// - Parameter values: settings to write in force, as YAML by the setting's name.
    public static func template(_ values: [String: String] = [:]) -> String {
        var lines = [
            "# Settings of this msggw node. A line that starts with # shows a default; remove the # to change it.",
            "# Each setting can also be given as an environment variable, which counts before this file, or as an option of",
            "# the command, which counts before both. Relative paths start at this folder.",
        ]
        var section = ""
        for key in all {
            if key.section != section {
                section = key.section
                lines += ["", "\(section):"]
            }
            lines += ["  # \(key.meaning)", "  # (\(key.expectation); \(key.environmentName))", key.line(values[key.name])]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The table of settings as Markdown, for `docs/CONFIGURATION.md`.
    public static func table() -> String {
        let rows = all.map { key in
            "| `\(key.name)` | `\(key.environmentName)` | \(key.expectation) | "
                + "\(key.fallback.map { "`\($0.yaml)`" } ?? "none") | \(key.meaning) |"
        }
        let head = ["| setting | environment variable | must be | default | meaning |", "| --- | --- | --- | --- | --- |"]
        return (head + rows).joined(separator: "\n") + "\n"
    }

    private func line(_ value: String?) -> String {
        if let value { return "  \(field): \(value)" }
        return "  # \(field):" + (fallback.map { " \($0.yaml)" } ?? "")
    }
}

extension SettingValue {
    var yaml: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .list(let words): "[\(words.joined(separator: ", "))]"
        }
    }
}
