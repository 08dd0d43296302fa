import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("The table of states in docs/STATES.md")
struct TransitionTableTests {
    /// The table as the code has it. A cell is the state that the event leads to, `=` when it counts and the state stays, and
    /// nothing when the event changes nothing there.
    static let lines: [String] = {
        let states = MessageState.allCases
        let head = "| | \(states.map(\.rawValue).joined(separator: " | ")) |"
        let rule = "|---|\(states.map { _ in "---" }.joined(separator: "|"))|"
        return [head, rule]
            + MessageEvent.Kind.allCases.map { event in
                let cells = states.map { state -> String in
                    let next = [true, false].compactMap { state.next(after: event, isSealed: $0) }
                    guard let first = next.first, let last = next.last else { return "" }
                    if first == state { return "=" }
                    return first == last ? first.rawValue : "\(first.rawValue), \(last.rawValue)"
                }
                return "| \(event.rawValue) | \(cells.joined(separator: " | ")) |".replacing("  ", with: " ")
            }
    }()

    @Test("is the state machine, line by line")
    func table() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/STATES.md"), encoding: .utf8)
        let written = text.split(separator: "\n").map(String.init).drop { !$0.hasPrefix("| | taken |") }.prefix {
            $0.hasPrefix("|")
        }
        #expect(Array(written) == Self.lines, "docs/STATES.md should say:\n\(Self.lines.joined(separator: "\n"))")
    }

    @Test("has a paragraph for every state: what is on disk, who moves it on, what a crash does, what the sender sees")
    func paragraphs() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/STATES.md"), encoding: .utf8)
        for state in MessageState.allCases {
            let section = try #require(
                text.components(separatedBy: "\n### ").first { $0.hasPrefix("`\(state.rawValue)`") }, "\(state)")
            for word in ["On disk:", "Moved on by:", "A crash:", "The sender sees:"] {
                #expect(section.contains(word), "\(state): \(word)")
            }
        }
    }

    @Test("is monotone: nothing leads away from accepted, and from what was proved only to what proves more")
    func monotone() {
        let rank: [MessageState: Int] = [.delivered: 1, .rejected: 2, .accepted: 3]
        for state in MessageState.allCases {
            for event in MessageEvent.Kind.allCases {
                guard let next = state.next(after: event), let proved = rank[state] else { continue }
                #expect((rank[next] ?? 0) >= proved, "\(event) in \(state)")
            }
        }
    }

    /// A person who releases a message, and a partner who asks for a signal again that nobody could bring.
    private static let goingBack: [MessageEvent.Kind] = [.released, .askedAgain]

    @Test("lets a state be reached again only from where somebody outside sends a message back")
    func onlyOthersGoBack() {
        for state in MessageState.allCases {
            for event in MessageEvent.Kind.allCases where !Self.goingBack.contains(event) {
                guard let next = state.next(after: event), next != state else { continue }
                #expect(!reaches(next, state), "\(event) leads from \(state) to \(next), and from there back")
            }
        }
    }

    private func reaches(_ start: MessageState, _ goal: MessageState) -> Bool {
        var seen: Set<MessageState> = [start]
        var open = [start]
        while let state = open.popLast() {
            if state == goal { return true }
            for event in MessageEvent.Kind.allCases where !Self.goingBack.contains(event) {
                if let next = state.next(after: event), seen.insert(next).inserted { open.append(next) }
            }
        }
        return false
    }
}
