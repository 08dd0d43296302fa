import Foundation
import Practice

/// Records, keys and questions that the tests of this room share. All persons are made up.
enum Example {
    static let now = at("2026-11-22T09:00:00Z")
    static let recorder = PartyIdentity(.her, "8094866")
    static let bup = ConsentParty(.bup, identity: PartyIdentity(.her, "8140001"), name: "BUP Nord")
    static let gp = ConsentParty(.gp, identity: recorder)
    static let ppt = ConsentParty(.ppt, identity: PartyIdentity(.her, "8140003"))

    static func at(_ text: String) -> Date { ISO8601DateFormatter().date(from: text) ?? .distantPast }

    static func day(_ text: String) -> OsloDay { OsloDay(text) ?? OsloDay(daysSince1970: 0) }

    static func child(born: String = "2015-03-01") -> ConsentRecord.Child {
        ConsentRecord.Child(identity: PartyIdentity(.fodselsnummer, "01831599999"), birthDate: day(born), name: "Prøve Barn")
    }

    static let mother = ConsentRecord.Giver(.guardian, name: "Prøve Mor", identity: PartyIdentity(.local, "g1"))
    static let father = ConsentRecord.Giver(.guardian, name: "Prøve Far", identity: PartyIdentity(.local, "g2"))

    static func record(
        id: String = "6f1f1c1a-1111-4222-8333-444455556666", born: String = "2015-03-01",
        givers: [ConsentRecord.Giver] = [mother, father], given: String = "2026-10-01T10:00:00Z",
        information: [InformationKind] = [.pptReport, .referral], from: [ConsentParty] = [ConsentParty(.gp)],
        to: [ConsentParty] = [bup], until: String = "2027-09-30"
    ) -> ConsentRecord {
        ConsentRecord(
            id: id, child: child(born: born), givers: givers, information: information, from: from, to: to,
            purposes: [.treatment],
            givenAt: at(given), validUntil: day(until), howGiven: .oral(notedBy: "lege 1"),
            recordedBy: ConsentParty(.gp, identity: recorder))
    }

    /// A digest good enough for tests: 64-bit FNV-1a. Nothing here is about cryptography.
    static let digester = ConsentDigester(algorithm: "fnv") { bytes in
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return withUnsafeBytes(of: hash.bigEndian) { Array($0) }
    }

    /// A signature that is the digest; it is the recorder's when the key is `key`.
    static let check: ConsentSignatureCheck = { bytes, signature in
        signature.bytes == digest(bytes) ? PartyIdentity(.her, signature.keyID) : nil
    }

    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        bytes.reduce(into: [0, 0, 0, 0]) { $0[Int($1) % 4] = $0[Int($1) % 4] &* 31 &+ $1 }
    }

    static func signed(_ record: ConsentRecord, key: String = recorder.value) throws -> SignedConsent {
        try SignedConsent(record) { ConsentSignature(algorithm: "test", keyID: key, bytes: digest($0)) }
    }

    static func verified(_ record: ConsentRecord) throws -> VerifiedConsent {
        try signed(record).verified(by: check, digester: digester)
    }

    static func question(
        _ message: SharingMessage = .dialogue, from: ConsentParty = gp, to: ConsentParty = ppt,
        information: Set<InformationKind> = [.dialogue], born: String = "2015-03-01", at: Date = now
    ) -> SharingQuestion {
        SharingQuestion(
            message: message, sender: from, receiver: to, information: information, child: child(born: born), at: at)
    }
}
