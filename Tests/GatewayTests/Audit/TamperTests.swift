import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

/// 10,000 seeded edits of a trail, each found out and its first bad record named.
@Suite("An audit trail that somebody tampered with")
struct TamperTests {
    enum Edit: CaseIterable {
        case changeField, changeFieldAndHash, changeHash, delete, deleteAndRenumber, insert, swap, cutTail, rollBack
        case rollBackAndGoOn, rewriteFrom

        /// Whether what is left is a chain in itself, so that only something kept elsewhere can tell.
        var isChain: Bool {
            switch self {
            case .cutTail, .rollBack, .rollBackAndGoOn, .rewriteFrom: true
            default: false
            }
        }
    }

    private static let original = trail(of: 40)
    private static let export = original.map { AuditHead(sequence: $0.sequence, hash: $0.hash) }

    private static func trail(of count: Int) -> [AuditRecord] {
        var numbers = SeededNumbers(seed: 40)
        let actions = MessageEvent.Kind.allCases
        var records: [AuditRecord] = []
        for number in 1...count {
            var record = AuditRecord(
                at: TestPKI.now + Double(number), by: number % 5 == 0 ? AuditActor(text: "command:root") : .node,
                action: actions[Int.random(in: 0..<actions.count, using: &numbers)].rawValue, message: Int64(number / 3),
                messageID: "m-\(number / 3)", state: .sealed)
            if number % 2 == 0 { record.detail = "detail \(number)" }
            if number % 7 == 0 { record.purpose = "treatment" }
            if number % 3 == 0 { record.digest = [UInt8(number)] }
            records.append(record)
        }
        return chained(records)
    }

    /// Numbers and hashes anew, as somebody would who knows how.
    private static func chained(_ records: [AuditRecord], from first: Int = 0) -> [AuditRecord] {
        var records = records
        var hash = first == 0 ? AuditRecord.beginning : records[first - 1].hash
        for index in first..<records.count {
            records[index].sequence = Int64(index + 1)
            records[index].hash = records[index].hash(after: hash)
            hash = records[index].hash
        }
        return records
    }

    /// - Returns: the trail after the edit and the number of its first bad record.
    private static func edited(_ edit: Edit, _ numbers: inout SeededNumbers) -> ([AuditRecord], bad: Int64) {
        var records = original
        let index = Int.random(in: 0..<records.count, using: &numbers)
        switch edit {
        case .changeField: change(&records[index], &numbers)
        case .changeFieldAndHash:
            change(&records[index], &numbers)
            records[index].hash = records[index].hash(after: index == 0 ? AuditRecord.beginning : records[index - 1].hash)
        case .changeHash:
            records[index].hash[Int.random(in: 0..<32, using: &numbers)] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case .delete: records.remove(at: index)
        case .deleteAndRenumber:
            records.remove(at: index)
            for index in records.indices { records[index].sequence = Int64(index + 1) }
        case .insert:
            var forged = records[index]
            change(&forged, &numbers)
            forged.hash = forged.hash(after: index == 0 ? AuditRecord.beginning : records[index - 1].hash)
            records.insert(forged, at: index)
            for index in records.indices { records[index].sequence = Int64(index + 1) }
        case .swap:
            var other = Int.random(in: 0..<records.count - 1, using: &numbers)
            if other >= index { other += 1 }
            records.swapAt(index, other)
            (records[index].sequence, records[other].sequence) = (records[other].sequence, records[index].sequence)
            return (records, Int64(min(index, other) + 1))
        case .cutTail, .rollBack: records = Array(records.prefix(index))
        case .rollBackAndGoOn:
            var others = Array(original.suffix(from: index))
            for other in others.indices { others[other].microseconds += 1 }
            records = chained(Array(records.prefix(index)) + others + others, from: index)
        case .rewriteFrom:
            change(&records[index], &numbers)
            records = chained(records, from: index)
        }
        return (records, Int64(index + 1))
    }

    private static func change(_ record: inout AuditRecord, _ numbers: inout SeededNumbers) {
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0: record.microseconds += Int64.random(in: 1...1_000_000, using: &numbers)
        case 1: record.actor += "x"
        case 2: record.action = record.action == "filed" ? "read" : "filed"
        case 3: record.message = (record.message ?? 0) + 1
        case 4: record.messageID = nil
        case 5: record.state = record.state == nil ? "accepted" : nil
        case 6: record.detail = record.detail.map { $0 + "." } ?? ""
        case 7: record.purpose = record.purpose == nil ? "" : nil
        default: record.digest = record.digest.map { $0 + [0] } ?? []
        }
    }

    private static func walk(_ records: [AuditRecord], against known: [AuditHead]) -> AuditWalk {
        var walk = AuditWalk(against: [AuditEvidence(name: "an earlier export", known)])
        for record in records { walk.take(record) }
        walk.finish()
        return walk
    }

    @Test("is found out by an earlier export, and the first bad record is named: 10,000 edits", arguments: 0..<10)
    func againstExport(part: UInt64) {
        for seed in part * 1000..<(part + 1) * 1000 {
            var numbers = SeededNumbers(seed: seed)
            let edit = Edit.allCases[Int(seed) % Edit.allCases.count]
            let (records, bad) = Self.edited(edit, &numbers)
            let first = Self.walk(records, against: Self.export).faults.min { $0.last < $1.last }
            #expect(
                first?.first == bad && first?.last == bad, "seed \(seed): \(edit), \(String(describing: first)) is not \(bad)")
        }
    }

    @Test("is found out by one head that was kept elsewhere, and the first bad record is among those named", arguments: 0..<4)
    func againstHead(part: UInt64) {
        let head = Self.export.suffix(1)
        for seed in 20_000 + part * 500..<20_000 + (part + 1) * 500 {
            var numbers = SeededNumbers(seed: seed)
            let edit = Edit.allCases[Int(seed) % Edit.allCases.count]
            let (records, bad) = Self.edited(edit, &numbers)
            let first = Self.walk(records, against: Array(head)).faults.min { $0.last < $1.last }
            #expect(
                first.map { $0.first...$0.last ~= bad } == true,
                "seed \(seed): \(edit), \(String(describing: first)) is not \(bad)")
        }
    }

    @Test("is found out without anything kept elsewhere, unless it was cut or written anew as a whole")
    func alone() {
        for seed in 30_000..<31_000 as Range<UInt64> {
            var numbers = SeededNumbers(seed: seed)
            let edit = Edit.allCases[Int(seed) % Edit.allCases.count]
            let (records, bad) = Self.edited(edit, &numbers)
            let first = Self.walk(records, against: []).faults.min { $0.last < $1.last }
            // The last record alone can be changed, put in or taken out with its hash: that is the tail again.
            let isTail = bad >= Int64(Self.original.count)
            if edit.isChain || isTail { continue }
            #expect(first.map { $0.first...$0.last ~= bad } == true, "seed \(seed): \(edit), \(String(describing: first))")
        }
    }

    @Test("that nobody tampered with is sound, against every head and export of it")
    func sound() {
        for count in [1, 5, 40] {
            #expect(Self.walk(Self.original, against: Array(Self.export.prefix(count))).faults.isEmpty)
            #expect(Self.walk(Self.original, against: Array(Self.export.suffix(count))).agreed == [count])
        }
        #expect(Self.walk([], against: []).faults.isEmpty)
    }
}
