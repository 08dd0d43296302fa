import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

/// One submission that must not be taken.
struct Unfit: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: SubmissionError.Code
    /// Something that the reason must name.
    let hint: String
    let submission: @Sendable (Site) throws -> Submission

    init(
        _ description: String, _ code: SubmissionError.Code, hint: String = "",
        _ submission: @escaping @Sendable (Site) throws -> Submission
    ) {
        (testDescription, self.code, self.hint, self.submission) = (description, code, hint, submission)
    }

    static func document(
        _ description: String, _ code: SubmissionError.Code, hint: String = "",
        _ document: @escaping @Sendable () throws -> [UInt8]
    ) -> Unfit {
        Unfit(description, code, hint: hint) { site in
            Submission(document: try document(), attachments: [SubmittedAttachment(path: try large(site))])
        }
    }

    /// A file that is wrong beside one that is right and large enough to lie in a file of its own.
    static func file(
        _ description: String, _ code: SubmissionError.Code, named name: String, _ bytes: [UInt8]
    ) -> Unfit {
        Unfit(description, code, hint: name) { site in
            let path = try site.attachment(name, bytes)
            return Submission(
                document: try Referral.document(),
                attachments: [SubmittedAttachment(path: try large(site)), SubmittedAttachment(path: path)])
        }
    }

    static func large(_ site: Site) throws -> String {
        try site.attachment("stor.pdf", Array("%PDF-1.7".utf8) + [UInt8](repeating: 7, count: 300_000))
    }

    static func path(_ description: String, _ code: SubmissionError.Code, _ path: @escaping @Sendable (Site) throws -> String)
        -> Unfit
    {
        Unfit(description, code) { site in
            Submission(document: try Referral.document(), attachments: [SubmittedAttachment(path: try path(site))])
        }
    }
}

@Suite("What a node does not take", .serialized, .timeLimit(.minutes(10)))
struct IntakeTests {
    static let documents: [Unfit] = [
        .document("a receiver nobody knows", .receiverUnknown, hint: "80000499") {
            try Referral.document(replacing: ["<Id>80000401</Id>": "<Id>80000499</Id>"])
        },
        .document("a receiver who has retired", .receiverCannotReceive, hint: "80000603") {
            try Referral.document(replacing: ["<Id>80000401</Id>": "<Id>80000603</Id>"])
        },
        .document("a receiver without a node", .receiverCannotReceive, hint: "80000501") {
            try Referral.document(replacing: ["<Id>80000401</Id>": "<Id>80000501</Id>"])
        },
        .document("a sender that lives elsewhere", .senderNotHosted, hint: "80000611") {
            try Referral.document(replacing: ["<Id>80000601</Id>": "<Id>80000611</Id>"])
        },
        .document("no XML", .documentUnreadable) { Array("%PDF-1.7".utf8) },
        .document("an unknown document", .documentUnreadable) { Array("<Message xmlns='urn:example'/>".utf8) },
        .document("nothing", .documentUnreadable) { [] },
        .document("half a document", .documentUnreadable) { try Referral.document().dropLast(100) },
        .document("a document that speaks of parts", .documentUnreadable, hint: "cid:") {
            try ClinicalDocument.attach(
                [Attachment(mimeType: "application/pdf", description: "x", content: .reference("cid:x@y"))],
                to: Referral.document())
        },
        .document("a document that is too large", .tooLarge, hint: "intake.documentBytes") {
            try Referral.document() + [UInt8](repeating: 0x20, count: 200_000)
        },
        Unfit("another receiver than the caller says", .receiverDiffers, hint: "80000402") { _ in
            Submission(document: try Referral.document(), receiver: HERID("80000402"))
        },
        Unfit("another sender than the caller says", .senderDiffers, hint: "80000602") { _ in
            Submission(document: try Referral.document(), sender: HERID("80000602"))
        },
    ]

    static let files: [Unfit] = [
        .path("a file that is not there", .attachmentMissing) { $0.scratch.path + "/none.pdf" },
        .path("a folder", .attachmentMissing) { $0.scratch.path },
        .path("a link that leads nowhere", .attachmentMissing) { site in
            let link = site.scratch.path + "/link.pdf"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: site.scratch.path + "/none.pdf")
            return link
        },
        .file(
            "a PDF with a password", .attachmentUnreadable, named: "laast.pdf",
            Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 0x20, count: 90_000)
                + Array("trailer\n<</Root 1 0 R/Encrypt 12 0 R>>\nstartxref\n9\n%%EOF".utf8)),
        .file(
            "a PDF for the web that is restricted", .attachmentUnreadable, named: "begrenset.pdf",
            Array("%PDF-1.7\n5 0 obj\n<</Type/XRef /Encrypt<</Filter/Standard>> >>\n".utf8)
                + [UInt8](repeating: 0x20, count: 90_000)),
        .file("an empty file", .attachmentUnreadable, named: "tom.pdf", []),
        .file("a program that calls itself a PDF", .attachmentFormat, named: "rapport.pdf", [0x7F, 0x45, 0x4C, 0x46, 1, 2, 3]),
        .file("a page that calls itself a picture", .attachmentFormat, named: "bilde.png", Array("<html></html>".utf8)),
        .file("text that is not", .attachmentFormat, named: "notat.txt", [0x41, 0x00, 0x42]),
        .file("an archive", .attachmentFormat, named: "alt.zip", [0x50, 0x4B, 0x03, 0x04, 0, 0]),
        .file(
            "a file that is too large", .tooLarge, named: "film.pdf",
            Array("%PDF-1.7".utf8) + [UInt8](repeating: 1, count: 500_000)),
        Unfit("more files than one message takes", .tooLarge, hint: "4") { site in
            let path = try Unfit.large(site)
            return Submission(
                document: try Referral.document(), attachments: (0..<4).map { _ in SubmittedAttachment(path: path) })
        },
    ]

    private func site() throws -> Site {
        try Site(settings: [
            "intake.attachmentBytes": "400000", "intake.documentBytes": "100000", "intake.attachments": "3",
        ])
    }

    @Test("is refused with its reason, and nothing of it is kept", arguments: documents + files)
    func refused(unfit: Unfit) async throws {
        let site = try site()
        try await site.with(.gp) { gp in
            let submission = try unfit.submission(site)
            let error = await #expect(throws: SubmissionError.self) { try await gp.intake.submit(submission) }
            #expect(error?.code == unfit.code)
            #expect(error?.reason.contains(unfit.hint) != false || unfit.hint.isEmpty)
            #expect(try site.storedFiles(.gp).isEmpty)
            #expect(site.steps.events.isEmpty)
            #expect(throws: StoreError(.notFound, reason: "")) { try gp.store.status(of: Referral.documentID) }
            // Nothing of the child is in what the caller reads.
            #expect(error?.reason.contains("Blåklokke") == false)
            // Right, the same document is taken.
            _ = try await gp.intake.submit(Submission(document: Referral.document()))
        }
    }

    @Test("a document that was taken before is refused, and its large attachment leaves no second copy")
    func duplicate() async throws {
        let site = try site()
        try await site.with(.gp) { gp in
            let submission = Submission(
                document: try Referral.document(), attachments: [SubmittedAttachment(path: try Unfit.large(site))])
            let taken = try await gp.intake.submit(submission)
            #expect(taken.count == 1)
            for _ in 1...2 {
                await #expect(throws: SubmissionError(.duplicate, "")) { try await gp.intake.submit(submission) }
            }
            #expect(try site.storedFiles(.gp).count == 1)
            #expect(try gp.store.status(of: Referral.documentID).messages.map(\.messageID) == [taken[0].messageID])
        }
    }

    @Test("that a document was taken before is said only when the disk has it")
    func duplicateOnFailingDisk() async throws {
        let site = try site()
        try await site.with(.gp) { gp in
            let submission = Submission(document: try Referral.document())
            _ = try await gp.intake.submit(submission)
            // The disk lets nothing be written: nobody knows whether it has what the log shows.
            try await gp.store.commit {
                try $0.execute(sql: "CREATE TEMP TRIGGER full BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'full'); END")
            }
            await #expect(throws: SubmissionError(.store, "")) { try await gp.intake.submit(submission) }
            try await gp.store.commit { try $0.execute(sql: "DROP TRIGGER full") }
            await #expect(throws: SubmissionError(.duplicate, "")) { try await gp.intake.submit(submission) }
        }
    }

    @Test("ten times at once, one is taken")
    func atOnce() async throws {
        let site = try site()
        try await site.with(.gp) { gp in
            let submission = Submission(
                document: try Referral.document(), attachments: [SubmittedAttachment(path: try Unfit.large(site))])
            let taken = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { ((try? await gp.intake.submit(submission)) ?? []).count } }
                return await group.reduce(0, +)
            }
            #expect(taken == 1)
            #expect(try site.storedFiles(.gp).count == 1)
        }
    }

    @Test("a receiver whose certificate cannot be checked now is asked for again later")
    func tryLater() async throws {
        let site = try site()
        let list = site.folder(.gp) + "/trust/crl/issuing.crl"
        try FileManager.default.removeItem(atPath: list)
        try FileManager.default.copyItem(atPath: TestPKI.shared.path("wrong/issuing-expired.crl"), toPath: list)
        try await site.with(.gp) { gp in
            await #expect(throws: SubmissionError(.tryLater, "")) {
                try await gp.intake.submit(Submission(document: Referral.document()))
            }
        }
    }

    @Test(
        "a receiver whose certificate does not hold gets nothing",
        arguments: ["expired", "revoked", "not-yet-valid", "other-root"])
    func certificate(name: String) async throws {
        let site = try Site {
            $0 = $0.replacing("/314000013/p256/encryption.crt", with: "/wrong/\(name)-encryption.crt")
                .replacing("314000013", with: "314000005")
        }
        try await site.with(.gp) { gp in
            await #expect(throws: SubmissionError(.receiverCannotReceive, "")) {
                try await gp.intake.submit(Submission(document: Referral.document()))
            }
        }
    }
}
