import Foundation
import Gateway

extension CourseReport {
    /// As lines below a message, the newest last.
    var lines: [String] {
        var lines = ["referral   \(referral ?? "?")\(isCancelled ? "  taken back" : "")"]
        for step in steps {
            let way = step.direction == .out ? "to \(step.receiver)" : "from \(step.sender)"
            let standing =
                switch step.standing {
                case "waiting": "  ITS FIRST HAS NOT COME"
                case "foreign": "  NOT JOINED: another sender's referral"
                default: ""
                }
            lines.append(
                "  #\(step.message)  \(step.at.formatted(.iso8601))  \(step.what)\(step.code ?? "") \(step.name), \(way), \(step.state.rawValue)\(standing)"
            )
        }
        if let contact { lines.append("contact    \(contact)") }
        if let answerBy { lines.append("answer by  \(answerBy.formatted(.iso8601))") }
        return lines
    }
}
