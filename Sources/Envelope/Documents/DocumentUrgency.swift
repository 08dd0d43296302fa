/// Whether a document says of itself that it cannot wait.
enum DocumentUrgency {
    /// List 8304 (Henvisning 1.x, MsgHead) and its successor 8306: emergency, within hours, within one or two days, urgent.
    private static let urgentPriorities: Set<String> = ["0", "1H", "2H", "4H", "8H", "1", "2", "3"]
    /// List 9067, of a question.
    private static let urgentQuestions: Set<String> = ["1", "2", "3"]

    static func isUrgent(priority: CodedValue?) -> Bool { priority?.code.map(urgentPriorities.contains) ?? false }
    static func isUrgent(question: CodedValue?) -> Bool { question?.code.map(urgentQuestions.contains) ?? false }
}
