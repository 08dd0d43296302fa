import ArgumentParser
import Envelope
import Foundation
import Gateway
import Native

/// Many messages at one desk, of which a share comes twice, out of order, with a stranger's id or with other content.
struct Duplicates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Messages of which 30 % are repeated, reordered or replayed: each is stored once, conflicts are refused.")

    @OptionGroup var work: WorkFolder
    @Option(help: "Messages that are handed over, repeats among them.") var messages = 100_000
    @Option(help: "Which run; the same number does the same.") var seed: UInt64 = 1
    @Option(help: "Handed over at the same time.") var inFlight = 16

    func run() async throws {
        let base = try work.prepared()
        let pki = base + "/certificates"
        let folders = try TwoNodes.make(at: base + "/duplicates", pki: pki)
        let node = try Node(NodeSettings(folder: folders[1], environment: [:]), logger: TwoNodes.quiet)
        var writer = try LetterMaker(pki: pki)
        let begin = ContinuousClock.now
        var plan = HandOverPlan(seed: seed, messages: messages)
        var tally = HandOverTally()
        // In stretches: what waits to be handed over does not fill the memory.
        while let stretch = plan.next() {
            for steps in stretch {
                let letters = try writer.letters(for: steps)
                let answers = try await handOver(letters, to: node)
                tally.take(zip(letters, answers).map { ($0, $1) })
            }
        }
        let seconds = begin.duration(to: .now).inSeconds
        let stored = try Stored(folder: folders[1])
        await node.stop()
        print(
            "\(messages) handed over in \(Int(seconds)) s: \(plan.originals) messages, \(plan.repeats) repeats of the same bytes, \(plan.strangers) with an id that another sender had used, \(plan.conflicts) with an id of the same sender and other content"
        )
        let faults = tally.faults() + stored.faults(plan)
        for fault in faults { print("  WRONG: \(fault)") }
        guard faults.isEmpty else { throw BenchmarkFailure("\(faults.count) kinds of faults") }
        print(
            "  every message is stored once; every repeat was answered with the stored Acknowledgment, byte for byte; every conflict was refused"
        )
    }

    private func handOver(_ letters: [HandOverLetter], to node: Node) async throws -> [ExchangeReply] {
        let desk = node.receivingDesk
        return try await withThrowingTaskGroup(of: (Int, ExchangeReply).self) { group in
            var replies = [ExchangeReply?](repeating: nil, count: letters.count)
            var next = 0
            func add() {
                guard next < letters.count else { return }
                let (index, letter) = (next, letters[next])
                next += 1
                group.addTask { (index, await letter.handOver(to: desk)) }
            }
            for _ in 0..<inFlight { add() }
            for try await (index, reply) in group {
                replies[index] = reply
                add()
            }
            return replies.compactMap(\.self)
        }
    }
}

/// What is handed over, in which order: decided by the seed alone.
struct HandOverPlan {
    enum Step: Sendable, Hashable {
        case original(Int)
        /// The same bytes again.
        case again(Int)
        /// The same MessageId from another sender: another message.
        case stranger(Int)
        /// The same MessageId from the same sender, other content.
        case conflict(Int)

        var number: Int {
            switch self {
            case .original(let number), .again(let number), .stranger(let number), .conflict(let number): number
            }
        }
    }

    private var random: SeededNumbers
    private let messages: Int
    private var given = 0
    private(set) var originals = 0
    private(set) var repeats = 0
    private(set) var strangers = 0
    private(set) var conflicts = 0
    private var strangersOf: Set<Int> = []

    init(seed: UInt64, messages: Int) { (random, self.messages) = (SeededNumbers(seed: seed), messages) }

    /// How far back a repeat goes.
    static let reach = 1500

    /// Up to 2,000 steps, shuffled among each other, in two parts: a conflict is one only when the message that it conflicts
    /// with is there, so it comes after.
    mutating func next() -> [[Step]]? {
        guard given < messages else { return nil }
        let count = min(2000, messages - given)
        var steps: [Step] = []
        while steps.count < count {
            let isNew = originals < 100 || random.next(below: 100) >= 30
            if isNew {
                steps.append(.original(originals))
                originals += 1
                continue
            }
            let number = max(0, originals - 1 - random.next(below: Self.reach))
            switch random.next(below: 10) {
            case 0 where strangersOf.insert(number).inserted:
                steps.append(.stranger(number))
                strangers += 1
            case 1:
                steps.append(.conflict(number))
                conflicts += 1
            default:
                steps.append(.again(number))
                repeats += 1
            }
        }
        given += count
        for index in stride(from: steps.count - 1, to: 0, by: -1) { steps.swapAt(index, random.next(below: index + 1)) }
        func isConflict(_ step: Step) -> Bool { if case .conflict = step { true } else { false } }
        return [steps.filter { !isConflict($0) }, steps.filter { isConflict($0) }]
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(limit))
    }
}

/// What the desk answered, held against what it should have.
struct HandOverTally {
    private var answers: [Int: [UInt8]] = [:]
    private var wrong: [String: Int] = [:]

    mutating func take(_ answered: [(HandOverLetter, ExchangeReply)]) {
        for (letter, reply) in answered {
            let text = String(decoding: reply.body.prefix(20_000), as: UTF8.self)
            let isReceipt = reply.status == 200 && text.contains("<eb:Acknowledgment")
            switch letter.step {
            case .original(let number), .again(let number):
                if !isReceipt {
                    note("a message was not acknowledged (HTTP \(reply.status))")
                } else if let first = answers[number], first != reply.body {
                    note("a repeat was answered with another Acknowledgment")
                }
                answers[number] = answers[number] ?? reply.body
            case .stranger: if !isReceipt { note("another sender's message of that id was not taken (HTTP \(reply.status))") }
            case .conflict: if isReceipt { note("other content under the same id was acknowledged") }
            }
        }
        if answers.count > 3 * HandOverPlan.reach, let newest = answers.keys.max() {
            answers = answers.filter { $0.key > newest - 2 * HandOverPlan.reach }
        }
    }

    private mutating func note(_ fault: String) { wrong[fault, default: 0] += 1 }

    func faults() -> [String] { wrong.sorted { $0.key < $1.key }.map { "\($0.value) times: \($0.key)" } }
}
