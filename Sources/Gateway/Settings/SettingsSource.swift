import Foundation
import Yams

/// What one source (file, environment, options) says, checked against the table of settings.
struct SettingsSource: Sendable {
    let name: String
    private(set) var values: [String: SettingValue] = [:]
    /// Where each value stands, for errors that are found later.
    private(set) var places: [String: String] = [:]

    private mutating func set(_ key: SettingKey, _ value: SettingValue, at place: String) {
        (values[key.name], places[key.name]) = (value, place)
    }
}

extension SettingsSource {
    /// Reads options by the setting's name: `http.port` is `9000`.
    init(flags: [String: String]) throws(SettingsError) {
        self.name = "options"
        for (name, text) in flags.sorted(by: { $0.key < $1.key }) {
            guard let key = SettingKey.byName[name] else {
                throw .unknown(name, place: "option \(name)", among: SettingKey.all.map(\.name))
            }
            try set(key, key.value(ofArgument: text, at: "option \(name)"), at: "option \(name)")
        }
    }

    /// Reads `MSGGW_…`; every variable with the prefix must be a setting. Others are not looked at.
    init(environment: [String: String]) throws(SettingsError) {
        self.name = "environment"
        let keys = Dictionary(uniqueKeysWithValues: SettingKey.all.map { ($0.environmentName, $0) })
        for (variable, text) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix(SettingKey.environmentPrefix) && !SettingKey.otherVariables.contains(variable) {
            let place = "environment variable \(variable)"
            guard let key = keys[variable] else { throw .unknown(variable, place: place, among: keys.keys) }
            try set(key, key.value(ofArgument: text, at: place), at: place)
        }
    }

    /// Reads the settings file: sections with settings below them.
    init(yaml: [UInt8], file: String) throws(SettingsError) {
        self.name = file
        guard let root = try SettingsSource.parse(yaml, file: file) else { return }
        guard let sections = root.mapping else {
            throw SettingsError(
                .malformed, place: file, reason: "is not a list of sections",
                remedy: "write sections such as http: with settings such as port: 8443 below them")
        }
        for (sectionNode, content) in sections {
            let section = sectionNode.scalar?.string ?? ""
            let place = SettingsSource.place(sectionNode, in: file)
            try SettingsSource.check(section: section, at: place)
            if content.scalar?.string.isEmpty == true { continue }
            guard let fields = content.mapping else {
                throw SettingsError(
                    .wrongType, place: place, key: section, reason: "is a section",
                    remedy: "write its settings indented on the lines below it")
            }
            for (fieldNode, value) in fields { try read(fieldNode, value, section: section, file: file) }
        }
    }

    private mutating func read(_ fieldNode: Yams.Node, _ node: Yams.Node, section: String, file: String) throws(SettingsError) {
        let name = "\(section).\(fieldNode.scalar?.string ?? "")"
        let place = SettingsSource.place(fieldNode, in: file)
        guard let key = SettingKey.byName[name] else {
            throw .unknown(name, place: place, among: SettingKey.all.map(\.name))
        }
        if let scalar = node.scalar {
            try set(key, key.value(ofText: scalar.string, at: place), at: place)
        } else if let entries = node.sequence, entries.allSatisfy({ $0.scalar != nil }) {
            try set(key, key.value(ofList: entries.compactMap(\.scalar?.string), at: place), at: place)
        } else {
            throw SettingsError(
                .wrongType, place: place, key: name, reason: "holds settings of its own", remedy: "it must be \(key.expectation)")
        }
    }

    private static func check(section: String, at place: String) throws(SettingsError) {
        let sections = Set(SettingKey.all.map(\.section))
        if sections.contains(section) { return }
        if let key = SettingKey.byName[section] {
            throw SettingsError(
                .unknownKey, place: place, key: section, reason: "cannot be written with a point",
                remedy: "write \(key.field): indented on a line below \(key.section):")
        }
        throw .unknown(section, place: place, among: sections.union(SettingKey.all.map(\.name)), what: "section")
    }

    private static func parse(_ yaml: [UInt8], file: String) throws(SettingsError) -> Yams.Node? {
        guard let text = String(validating: yaml, as: UTF8.self) else {
            throw SettingsError(.malformed, place: file, reason: "is not UTF-8 text", remedy: "save it as UTF-8")
        }
        do {
            return try Yams.compose(yaml: text)
        } catch {
            let (line, reason) = explain(error)
            throw SettingsError(
                .malformed, place: line.map { "\(file) line \($0)" } ?? file, reason: "cannot be read: \(reason)",
                remedy: "correct the line, or compare it with a new file from: msggw init")
        }
    }

    /// The line and the parser's own words; never the file's text.
    private static func explain(_ error: any Error) -> (line: Int?, reason: String) {
        guard let error = error as? YamlError else { return (nil, "not YAML") }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return (context.mark.line, "\(duplicates.sorted().joined(separator: ", ")) is there twice")
        default:
            return (nil, "not YAML")
        }
    }

    private static func place(_ node: Yams.Node, in file: String) -> String {
        node.mark.map { "\(file) line \($0.line)" } ?? file
    }
}

extension SettingsError {
    static func unknown(
        _ name: String, place: String, among known: some Sequence<String>, what: String = "setting"
    ) -> SettingsError {
        let nearest = Spelling.nearest(to: name, in: known)
        return SettingsError(
            .unknownKey, place: place, key: name, reason: "is no \(what) of msggw",
            remedy: nearest.map { "did you mean \($0)?" } ?? "remove it; docs/CONFIGURATION.md lists what there is")
    }
}
