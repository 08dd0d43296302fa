import Foundation
public import Gateway
public import Practice
import TestSupport

/// Consents about the child of the samples' referral, as the GP records them. All persons are made up.
public enum Consented {
    public static let gp = ConsentParty(.gp, identity: PartyIdentity(.her, Referral.sender))
    public static let bup = ConsentParty(.bup, identity: PartyIdentity(.her, Referral.receiver))
    public static let share = "0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e01"
    public static let treatment = "0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e02"

    public static func day(_ text: String) -> OsloDay { OsloDay(text) ?? OsloDay(daysSince1970: 0) }

    public static let parents = [
        ConsentRecord.Giver(.guardian, name: "Rolig Blåklokke", identity: PartyIdentity(.local, "mor")),
        ConsentRecord.Giver(.guardian, name: "Tapper Lyng", identity: PartyIdentity(.local, "far")),
    ]

    /// That the GP may share the referral with BUP, by both parents, given two weeks before the tests' now.
    public static func record(
        _ change: (inout ConsentRecord) -> Void = { _ in }
    ) -> ConsentRecord {
        var record = ConsentRecord(
            id: share,
            child: ConsentRecord.Child(
                identity: PartyIdentity(.fodselsnummer, "17831490128"), birthDate: day("2014-03-17"), name: "Vennlig Blåklokke"),
            givers: parents, information: [.referral], from: [gp], to: [bup], purposes: [.treatment],
            givenAt: TestPKI.now - 14 * 86_400, validUntil: day("2027-05-31"), howGiven: .oral(notedBy: "lege 1"), recordedBy: gp)
        change(&record)
        return record
    }

    /// That the child may be treated at all.
    public static func treatmentRecord(_ change: (inout ConsentRecord) -> Void = { _ in }) -> ConsentRecord {
        record {
            ($0.id, $0.scope) = (treatment, .treatment)
            change(&$0)
        }
    }

    /// Records both on a node.
    public static func record(
        on node: Node, _ change: (inout ConsentRecord) -> Void = { _ in }
    ) async throws {
        _ = try await node.consents.record(record(change).bytes())
        _ = try await node.consents.record(treatmentRecord(change).bytes())
    }
}
