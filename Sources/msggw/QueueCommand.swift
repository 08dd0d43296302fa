import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct QueueCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "queue", abstract: "See and steer what waits for delivery.",
            discussion: """
                Without a subcommand it lists. Messages are named by the number that the list shows (#12), by MessageId or by the \
                document's MsgId. Everything works whether the node runs or not; a node that runs is told. Who did what \
                stands in the audit trail. docs/DELIVERY.md has the rules.
                """,
            subcommands: [
                List.self, Show.self, Shape.self, Retry.self, Hold.self, Release.self, Cancel.self, Redirect.self,
            ],
            defaultSubcommand: List.self)
    }
}

extension QueueEntry {
    /// One line of a list.
    var line: String {
        var words = [
            "#\(number)", taken.formatted(.iso8601), isUrgent ? "\(state.rawValue) urgent" : state.rawValue, kind,
            "to \(receiver)",
            destination.isEmpty ? "no address" : destination, "\(attempts) attempts",
        ]
        if isUnderWay { words.append("being sent") }
        if let wish { words.append("then \(wish)") }
        if let nextAttempt, !isUnderWay { words.append("next \(nextAttempt.formatted(.iso8601))") }
        if let failure { words.append("(\(failure))") }
        return words.joined(separator: "  ")
    }
}

/// `https://node:443` as `queue list` shows it, or the address of a node, which has the same.
func destinationName(_ text: String) -> String { text.contains("://") ? QueueFilter.destination(of: text) ?? text : text }

/// `90s`, `15m`, `4h`, `2d`.
@Sendable func age(_ text: String) throws -> Duration {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()), number >= 0, number <= 100_000 else {
        throw ValidationError("'\(text.prefix(20))' is no age: write 90s, 15m, 4h or 2d.")
    }
    return .seconds(number * unit)
}
