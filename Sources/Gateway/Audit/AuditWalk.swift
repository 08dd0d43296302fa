import Envelope
import Foundation

/// Something that is wrong with the trail, and where.
public struct AuditFault: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The first bad record is among these numbers, both included. Mostly they are one.
    public let first: Int64
    public let last: Int64
    public let reason: String

    init(_ first: Int64, to last: Int64? = nil, _ reason: String) {
        (self.first, self.last, self.reason) = (first, last ?? first, reason)
    }

    public var description: String { first == last ? "record \(first): \(reason)" : "records \(first) to \(last): \(reason)" }
}

/// Follows the chain record by record and holds it against what is known from elsewhere. Pure: what gives the records, and where
/// the evidence comes from, is the caller's matter.
struct AuditWalk {
    /// More than this many faults say nothing that the first ones do not.
    static let mostFaults = 20

    private(set) var head = AuditTrail.Head(sequence: 0, hash: AuditRecord.beginning)
    private(set) var faults: [AuditFault] = []
    private(set) var records = 0
    private var evidence: [AuditEvidence]
    /// The last record that something from elsewhere vouches for, and with it all before.
    private var vouched: Int64 = 0

    init(against evidence: [AuditEvidence] = []) { self.evidence = evidence }

    /// How many heads or records of each piece of evidence were met and found to be the same.
    var agreed: [Int] { evidence.map(\.agreed) }

    /// Takes the records in the order of their numbers.
    mutating func take(_ record: AuditRecord) {
        records += 1
        if record.sequence == head.sequence + 1 {
            if record.hash(after: head.hash) != record.hash {
                let reason =
                    head.sequence == 0
                    ? "it is not what was written: its hash does not fit"
                    : "it does not follow from record \(head.sequence): it was changed, taken out or put in there"
                report(AuditFault(max(head.sequence, vouched + 1), to: record.sequence, reason))
            }
        } else if record.sequence > head.sequence {
            let missing = head.sequence + 1...record.sequence - 1
            report(
                AuditFault(
                    missing.lowerBound,
                    missing.count == 1 ? "it is missing" : "it and those up to \(missing.upperBound) are missing"))
        } else {
            report(AuditFault(record.sequence, "its number is not greater than that of the record before it, \(head.sequence)"))
        }
        head = AuditTrail.Head(sequence: record.sequence, hash: record.hash)
        compare(record)
    }

    private mutating func compare(_ record: AuditRecord) {
        for index in evidence.indices {
            guard let known = evidence[index].known(at: record.sequence) else { continue }
            if known.hash == record.hash {
                evidence[index].agreed += 1
                vouched = max(vouched, record.sequence)
            } else if !evidence[index].hasDiffered {
                evidence[index].hasDiffered = true
                let name = evidence[index].name
                report(
                    AuditFault(
                        min(vouched + 1, record.sequence), to: record.sequence,
                        "\(name) knows another record \(record.sequence): one was changed and what follows was written anew"))
            }
        }
    }

    /// To be called after the last record: says what is known to have been there and is not.
    mutating func finish() {
        for piece in evidence {
            guard let known = piece.next else { continue }
            report(
                AuditFault(
                    head.sequence + 1, "it is missing: the trail ends here, and \(piece.name) knows record \(known.sequence)"))
        }
    }

    mutating func report(_ fault: AuditFault) { if faults.count < Self.mostFaults { faults.append(fault) } }
}

/// What is known of the trail from elsewhere: heads or whole records, in order.
struct AuditEvidence {
    /// For messages: the file's name, or "the checkpoint of the store".
    let name: String
    private var known: ArraySlice<AuditHead>
    var agreed = 0
    var hasDiffered = false

    init(name: String, _ known: [AuditHead]) {
        (self.name, self.known) = (name, known.sorted { $0.sequence < $1.sequence }[...])
    }

    /// The first that has not been met.
    var next: AuditHead? { known.first }

    /// What is known of that record. Those before it that were not there are passed over: their gap is a fault already.
    mutating func known(at sequence: Int64) -> AuditHead? {
        while let first = known.first, first.sequence < sequence { known.removeFirst() }
        guard let first = known.first, first.sequence == sequence else { return nil }
        known.removeFirst()
        return first
    }
}
