/// What somebody says they read a message for. It goes into the audit trail, which outlives the message, so it must not tell
/// whom the message is about.
public struct ReadingPurpose: Sendable, Hashable {
    public static let rule = "at most 120 characters on one line, without names of persons and without identity numbers"
    public let text: String

    /// nil unless ``rule`` holds, as far as a machine can tell.
    public init?(_ text: String) {
        let digits = text.unicodeScalars.count { ("0"..."9").contains($0) }
        guard !text.isEmpty, text.count <= 120, digits < 11,
            !text.unicodeScalars.contains(where: {
                $0.properties.generalCategory == .control || $0.value == 0x2028 || $0.value == 0x2029
            })
        else { return nil }
        self.text = text
    }
}
