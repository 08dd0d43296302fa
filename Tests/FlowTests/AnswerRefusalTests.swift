import Envelope
import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("What is not sent as an answer, and leaves nothing")
    struct AnswerRefusalTests {
        private let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)

        /// BUP's node with a referral in its inbox, and nobody to send to.
        private func bup(
            _ document: [UInt8]? = nil, _ settings: [String: String] = [:], _ body: (Site, Node) async throws -> Void
        ) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: settings)
            let bytes = try document ?? Referral.document()
            try await site.with(.bup) { bup in
                var writer = LetterWriter(document: bytes)
                writer.messageID = "the-referral"
                #expect(try await writer.write().post(to: bup).isAcknowledgment)
                try await body(site, bup)
            }
        }

        /// Gives the answer, which must be refused so; nothing of it may stay.
        private func refused(
            _ code: AnswerError.Code, _ order: AnswerOrder, _ site: Site, _ bup: Node, to name: String = Referral.documentID,
            waits: Bool = true
        ) async throws -> AnswerError? {
            let (files, before) = (try site.storedFiles(.bup), try bup.store.trace(of: "the-referral").messages.count)
            let error = await #expect(throws: AnswerError.self) {
                try await AnswerDesk(bup, converter: Answers.converter).give(order, to: name)
            }
            #expect(error?.code == code, "\(error.map(String.init(describing:)) ?? "")")
            for word in ["Vennlig", "Blåklokke", "17831490128"] { #expect(error?.reason.contains(word) == false) }
            #expect(try site.storedFiles(.bup) == files)
            #expect(try bup.store.trace(of: "the-referral").messages.count == before)
            #expect(try (Answers.deadline(bup, .in) != nil) == waits)
            await #expect(throws: StoreError.self) { try await bup.store.answers(to: "the-referral", for: reading) }
            return error
        }

        @Test("an answer that lacks everything says all of it at once")
        func empty() async throws {
            try await bup { site, bup in
                for kind in [AnswerFile.Kind.rejection, .acceptance] {
                    let error = try await refused(.lacks, AnswerOrder(kind, AnswerFile(kind: kind)), site, bup)
                    #expect((error?.lacks.count ?? 0) >= 4)
                    // What the referral gives is not among it.
                    #expect(error?.lacks.contains { [.child, .referral, .receivedOn, .unit].contains($0) } == false)
                }
                var forwarding = AnswerOrder(.forwarding, AnswerFile(kind: .forwarding))
                forwarding.door = HERID("80000303")
                let error = try await refused(.lacks, forwarding, site, bup)
                #expect(error?.lacks == [.contact, .receiver, .forwardingReason])
            }
        }

        struct Lack: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let old: String
            let new: String
            let lack: LetterLack
        }

        static let lacks = [
            Lack(testDescription: "no right to complain", old: "\"complaint\": {", new: "\"klage\": {", lack: .complaintRight),
            Lack(testDescription: "no reason", old: "\"reason\": ", new: "\"grunn\": ", lack: .reason),
            Lack(testDescription: "a switchboard for a contact", old: "22 00 04 11", new: "800 30 000", lack: .contactNumber),
            Lack(
                testDescription: "wrong addressee as a ground", old: "hjelp-i-kommunen", new: "8117-1", lack: .wrongAddressee),
            Lack(
                testDescription: "a letter too hard to read", old: "Det har bydelen folk til.",
                new: "Implementering av kommunale tiltak er påkrevet jf. PHBU og SKUV.", lack: .tooHardToRead),
            Lack(
                testDescription: "the school's rule", old: "\"rule\": \"spesialisthelsetjeneste\"",
                new: "\"rule\": \"opplaering\"",
                lack: .wrongComplaintRule),
        ]

        @Test("a rejection without what the law or the family needs", arguments: lacks)
        func lacking(lack: Lack) async throws {
            try await bup { site, bup in
                let order = try Answers.rejection(replacing: [lack.old: lack.new])
                #expect(try await refused(.lacks, order, site, bup)?.lacks.contains(lack.lack) == true)
            }
        }

        @Test("what is too hard to read goes for a reason, which is in the record")
        func anyway() async throws {
            try await bup { _, bup in
                var order = try Answers.rejection(replacing: [
                    "Det har bydelen folk til.": "Implementering av kommunale tiltak er påkrevet jf. PHBU og SKUV."
                ])
                order.anyway = "Familien har bedt om fagordene."
                _ = try await AnswerDesk(bup, converter: Answers.converter).give(order, to: "#1")
                let record = try await bup.store.answerRecord(to: "#1", for: reading)
                #expect(String(decoding: record, as: UTF8.self).contains("\"sentAnyway\":\"Familien har bedt om fagordene.\""))
            }
        }

        @Test("another child, another referral, another kind, a day that lies ahead")
        func otherwise() async throws {
            try await bup { site, bup in
                let child = try Answers.rejection(replacing: ["\"child\": \"Vennlig\"": "\"child\": \"Stille\""])
                _ = try await refused(.otherReferral, child, site, bup)
                let referral = try Answers.rejection(replacing: ["\"child\": \"Vennlig\"": "\"referral\": \"another\""])
                _ = try await refused(.otherReferral, referral, site, bup)
                _ = try await refused(.otherKind, AnswerOrder(.rejection, try Answers.acceptance().file), site, bup)
                let ahead = try Answers.rejection(replacing: [
                    "\"kind\": \"rejection\",": "\"kind\": \"rejection\", \"assessedOn\": \"2026-06-02\","
                ])
                _ = try await refused(.day, ahead, site, bup)
                var door = try Answers.forwarding(to: "80000401")
                _ = try await refused(.door, door, site, bup)
                door.door = nil
                _ = try await refused(.door, door, site, bup)
            }
        }

        @Test("a second answer: nothing follows a rejection but an acceptance, and the first stands")
        func second() async throws {
            try await bup { _, bup in
                let desk = AnswerDesk(bup, converter: Answers.converter)
                let first = try await desk.give(Answers.rejection(), to: "#1")
                for order in [try Answers.rejection(), try Answers.forwarding(to: "80000303")] {
                    let error = await #expect(throws: AnswerError.self) { try await desk.give(order, to: "#1") }
                    #expect(error?.code == .alreadyAnswered)
                }
                #expect(try await bup.store.answers(to: "#1", for: reading).map(\.digest) == [first.digest])
                let after = try await desk.give(Answers.acceptance(), to: "#1")
                #expect(try await bup.store.answers(to: "#1", for: reading).map(\.digest) == [first.digest, after.digest])
            }
        }

        @Test("of several answers at the same time one is given, and nothing of the others stays")
        func atOnce() async throws {
            try await bup { site, bup in
                let (desk, order) = (AnswerDesk(bup, converter: Answers.converter), try Answers.rejection())
                let given = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<4 { group.addTask { (try? await desk.give(order, to: "#1")) != nil } }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(given == 1)
                #expect(try await bup.store.answers(to: "#1", for: reading).count == 1)
                #expect(try bup.store.trace(of: "the-referral").messages.count == 2)
                #expect(try bup.store.check().isGood)
                // What lies in rows needs no sweeping, and no file is left but those of the one answer's attachments, if any.
                #expect(try site.storedFiles(.bup).isEmpty)
            }
        }

        @Test("no such message, and a message that is no referral")
        func noReferral() async throws {
            let site = try Site(filesItself: false)
            try await site.with(.bup) { bup in
                let question = try LetterWriter(document: Dialog.document()).write()
                #expect(try await question.post(to: bup).isAcknowledgment)
                let desk = AnswerDesk(bup, converter: Answers.converter)
                await #expect(throws: StoreError.self) { try await desk.give(Answers.rejection(), to: "#77") }
                let error = await #expect(throws: AnswerError.self) { try await desk.give(Answers.rejection(), to: "#1") }
                #expect(error?.code == .noReferral)
            }
        }

        @Test("a referral that was taken back")
        func cancellation() async throws {
            let document = try Referral.document(replacing: [
                "<ServType V=\"N\" DN=\"Ny\"/>\n    <IssueDate": "<ServType V=\"C\" DN=\"Kansellering\"/>\n    <IssueDate"
            ])
            try await bup(document) { site, bup in
                _ = try await refused(.noReferral, Answers.rejection(), site, bup, waits: false)
            }
        }

        @Test("without a day of birth the age must be said; under twelve with the guardians kept out nobody can get the letter")
        func age() async throws {
            let document = try Referral.document(replacing: ["<DateOfBirth V=\"2014-03-17\"/>": ""])
            try await bup(document) { site, bup in
                var order = try Answers.rejection()
                _ = try await refused(.ageUnknown, order, site, bup)
                (order.age, order.guardians) = (11, .keptOut)
                #expect(try await refused(.lacks, order, site, bup)?.lacks == [.reader])
                (order.age, order.guardians) = (15, .keptOut)
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(order, to: "#1")
                #expect(given.letters.map(\.reader) == ["ungdom-12-15-alene"])
            }
        }

        static let services = Repository.root.appending(path: "samples/registry/oslo-services.json").path

        @Test(
            "the services of the family's bydel are named when the answer has none; of a protected address nothing is told",
            arguments: [
                // In a directory of its own, beside the registry, and in the version of it that the store has.
                ("letters.services", false), ("registry.also", false), ("registry.also", true),
            ])
        func services(setting: String, isInStore: Bool) async throws {
            let directory = [setting: "[\"\(Self.services)\"]"]
            try await bup(nil, directory) { site, bup in
                if isInStore {
                    let desk = RegistryDesk(
                        store: bup.store, settings: bup.settings.registry, actor: AuditActor(text: "test"), clock: bup.clock)
                    try await desk.take([bup.settings.registry.file], isPart: true)
                }
                var order = try Answers.rejection()
                (order.area, order.need) = ("Tullebydelen", "angst")
                _ = try await refused(.area, order, site, bup)
                order.area = "Sagene"
                _ = try await AnswerDesk(bup, converter: Answers.converter).give(order, to: "#1")
                let record = String(decoding: try await bup.store.answerRecord(to: "#1", for: reading), as: UTF8.self)
                #expect(record.contains("\"bydel\":\"Bydel Sagene\"") && record.contains("\"services\":[{"))
            }
            let secret = try Referral.document(replacing: [
                "<Merknad>Samtykket": "<Merknad>Samtykket", "Eksempelveien 12": "Kode 6",
            ])
            try await bup(secret, directory) { site, bup in
                var order = try Answers.rejection()
                order.area = "Sagene"
                _ = try await refused(.protectedPlace, order, site, bup)
                order.area = nil
                order.file.bydel = "Bydel Sagene"
                _ = try await refused(.protectedPlace, order, site, bup)
                order.file.bydel = nil
                _ = try await AnswerDesk(bup, converter: Answers.converter).give(order, to: "#1")
                let record = String(decoding: try await bup.store.answerRecord(to: "#1", for: reading), as: UTF8.self)
                #expect(record.contains("\"services\":[]") && !record.contains("Sagene"))
            }
        }
    }
}
