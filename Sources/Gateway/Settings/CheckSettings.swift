/// What is checked before a message goes: whether it is complete, and whether it may be shared. Keys and defaults: ``keys``.
public struct CheckSettings: Sendable, Hashable {
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        case off
        /// Said, and kept with the message; it goes all the same.
        case warn
        /// What does not hold is refused, or held.
        case require
    }

    public let completeness: Mode
    public let consent: Mode
    /// Working days within which whoever has a message should say what becomes of it when its consent is taken back.
    public let answerDays: Int

    private static let modes = SettingKey.Kind.choice(Mode.allCases.map(\.rawValue))

    static let completenessKey = SettingKey(
        "completeness.check", modes, default: .text("off"),
        "Whether a message is asked its receiver's list before it is taken; require refuses one that lacks what must be there. A referrer's node does well with warn."
    )
    static let consentKey = SettingKey(
        "consent.check", modes, default: .text("warn"),
        "Whether a message may be shared, asked when it is taken and when it is sent; require refuses it, or holds it.")
    static let answerDaysKey = SettingKey(
        "consent.answerDays", .integer(1...60), default: .integer(5), unit: "working days",
        "How long a holder has to answer that a consent was taken back, before somebody is told that they have not.")
    static let keys = [completenessKey, consentKey, answerDaysKey]

    init(_ reader: SettingsReader) {
        completeness = reader.text(Self.completenessKey).flatMap(Mode.init) ?? .off
        consent = reader.text(Self.consentKey).flatMap(Mode.init) ?? .warn
        answerDays = reader.integer(Self.answerDaysKey)
    }

    init(completeness: Mode, consent: Mode) {
        (self.completeness, self.consent, answerDays) = (completeness, consent, 5)
    }
}
