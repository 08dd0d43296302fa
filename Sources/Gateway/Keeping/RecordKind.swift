/// Kinds of records, each with a time of its own.
public enum RecordKind: String, Sendable, CaseIterable, Codable {
    /// Content of sent messages that came through.
    case sent
    /// Content of received messages that the receiving side has.
    case received
    /// Content of messages that did not come through.
    case failed
    /// Rows, names, steps and receipts.
    case record
    /// Marks by which a repeated message is known.
    case duplicate

    /// The setting with its time.
    public var setting: String { "retention.\(rawValue)Days" }
}

extension RetentionSettings {
    /// Days; nil for ever.
    func days(_ kind: RecordKind) -> Int? {
        let days =
            switch kind {
            case .sent: sent
            case .received: received
            case .failed: failed
            // Who repeats a message is answered with the receipt that lies with its record.
            case .record: record == 0 ? 0 : max(record, duplicate)
            case .duplicate: duplicate
            }
        return days == 0 ? nil : days
    }
}
