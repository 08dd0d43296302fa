import Envelope
import Foundation
import GRDB
import Native
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("Answers in the store") struct AnswerRowsTests {
    /// A rejection of an invented child, as the desk makes it.
    private func draft(_ store: GatewayStore) throws -> AnswerRows.Draft {
        let path = Repository.root.appending(path: "samples/flow2/avslag.json")
        var file = try AnswerFile(parsing: Data(contentsOf: path))
        (file.referrer, file.referral, file.receivedOn) = ("lege Klok Furukvist", "r-1", LetterDay(2026, 5, 22))
        let today = try #require(LetterDay(2026, 6, 1))
        let answer = try file.decided(on: today).answer(.standard)
        let bundle = try AnswerBundle(
            answer, to: [(.guardians, .bokmal), (.youngWithGuardians, .bokmal)],
            sha256: { Data(Digest.of(Array($0), .sha256)) })
        return AnswerRows.Draft(
            kind: .rejection, answer: answer, receivedOn: today, bundle: bundle,
            record: try store.vault.store(Array(bundle.record)),
            letters: try bundle.pages.map {
                AnswerRows.Letter(
                    page: $0, html: try store.vault.store(Array($0.html.utf8)),
                    text: try store.vault.store(Array($0.plainText.utf8)),
                    pdf: try store.vault.store([UInt8](repeating: 7, count: 300_000)))
            })
    }

    private func count(_ kept: KeptStore, _ table: String) throws -> Int {
        try kept.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    @Test("the content of an answer goes with that of its status; what was decided and when stays as long as the record")
    func retention() async throws {
        let kept = try KeptStore()
        let referral = try await kept.message(.filed, days: 800, kind: "HENVISNING_BUP")
        let status = try await kept.message(.accepted, days: 790, kind: "DIALOG_STATUS_HENVISNING")
        let letter = try await kept.message(.accepted, days: 790, kind: "DIALOG_HELSEFAGLIG")
        let (payloads, draft) = (try count(kept, "payload"), try draft(kept.store))
        _ = try await kept.store.commit { database in
            try AnswerRows.insert(
                draft, message: status, referral: referral, forwarded: nil, letters: [.guardians: letter], at: kept.now,
                in: database)
        }
        #expect(try count(kept, "payload") == payloads + 7)
        #expect(try kept.store.check().isGood)
        let pages = draft.payloads.compactMap { payload -> String? in
            if case .file(let name) = payload.place { kept.store.vault.path(name) } else { nil }
        }
        #expect(pages.count == 2 && pages.allSatisfy { FileManager.default.fileExists(atPath: $0) })

        _ = try kept.run(["retention.sentDays": "30", "retention.receivedDays": "30"]).run()
        #expect(try count(kept, "payload") == 0 && count(kept, "contentKey") == 0)
        #expect(pages.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
        let row = try #require(try kept.store.read { try Row.fetchOne($0, sql: "SELECT * FROM answer") })
        #expect(row["record"] as Int64? == nil && row["ground"] as String? == "hjelp-i-kommunen")
        #expect(row["lastDay"] as String? == "2026-06-29")
        #expect(try kept.store.check().isGood)

        _ = try kept.run(["retention.recordDays": "365"]).run()
        #expect(try count(kept, "answer") == 0 && count(kept, "answerLetter") == 0 && count(kept, "message") == 0)
        #expect(try kept.store.check().isGood)
    }

    @Test("what lies in the store open names no person and says no word of the letter")
    func sealed() async throws {
        let kept = try KeptStore()
        let status = try await kept.message(.taken, days: 1, kind: "DIALOG_STATUS_HENVISNING")
        let referral = try await kept.message(.filed, days: 2, kind: "HENVISNING_BUP")
        let draft = try draft(kept.store)
        _ = try await kept.store.commit { database in
            try AnswerRows.insert(
                draft, message: status, referral: referral, forwarded: nil, letters: [:], at: kept.now, in: database)
        }
        let texts = try kept.store.read { database in
            try ["answer", "answerLetter"].flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").flatMap { $0.databaseValues.map(\.description) }
            }
        }.joined(separator: " ")
        for word in ["Vennlig", "Bjørkeli", "Angsten", "Furukvist"] { #expect(!texts.contains(word)) }
    }

    @Test("a name is parted as it is written, and words of another are not taken for it")
    func names() {
        #expect(PersonName(shown: "Kari Anne Nordmann") == PersonName(family: "Nordmann", given: "Kari Anne"))
        #expect(PersonName(shown: "Kari") == PersonName(family: "Kari"))
        let name = PersonName(family: "Blåklokke", given: "Vennlig Marie")
        for text in ["Vennlig", "vennlig marie", "Marie Blåklokke", "Vennlig-Marie"] { #expect(name.holds(text), "\(text)") }
        for text in ["", "-", "Venn", "Vennlig Hansen", "Ola"] { #expect(!name.holds(text), "\(text)") }
    }
}
