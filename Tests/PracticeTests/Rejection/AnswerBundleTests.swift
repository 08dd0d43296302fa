import Foundation
import Testing

@testable import Practice

@Suite("One answer makes letters, status and record that say the same")
struct AnswerBundleTests {
    private func bundle(_ draft: RejectionDraft, anyway: String? = nil) throws -> AnswerBundle {
        try AnswerBundle(
            Rejection(draft), to: [(.youngWithGuardians, .bokmal), (.guardians, .bokmal)], anyway: anyway,
            sha256: LetterFixture.mark)
    }

    @Test("the status to the referrer is 9148, 4, with reason, advice, deadline and contact")
    func status() throws {
        let status = try Rejection(LetterFixture.draft()).status
        #expect(status.status.code == "4" && ReferralStatus.codeList.hasSuffix(".9148"))
        #expect(status.text.hasPrefix("Svar: Henvisningen er avvist."))
        for part in [
            "Begrunnelse: Plagene kom", "9. november 2026", "rapporten fra skolen", "Kari Prøve, psykologspesialist",
            "Råd til deg som henviser: Følg opp", "Familieteamet", "Bydel Bjørka", "Ansvar videre: Fastlegen.",
            "24. desember 2026",
            "§ 2-3", "22 12 34 56",
        ] {
            #expect(status.text.contains(part), "\(part)")
        }
        #expect(status.contactAddress == "tel:+4722123456")
        #expect(!status.text.contains("Ola"), "the name of the child stands in the head of the message")
    }

    @Test("an acceptance is 1 or 2, a hand-over 3")
    func otherStatuses() throws {
        let statuses = try LetterFixture.answers(.bokmal).map(\.status)
        #expect(statuses.map(\.status.code) == ["4", "1", "2", "3"])
        #expect(statuses[1].text.contains("912 34 567") && statuses[1].text.contains("10 til 14 uker"))
        #expect(statuses[3].text.contains("Fristen løper fra 9. november 2026"))
    }

    @Test("the record is canonical, the same each time, and holds what was decided and the marks of what was sent")
    func record() throws {
        let (first, second) = (try bundle(LetterFixture.draft()), try bundle(LetterFixture.draft()))
        #expect(first.record == second.record)
        #expect(first.digest == LetterFixture.mark(first.record))
        let object = try #require(try JSONSerialization.jsonObject(with: first.record) as? [String: Any])
        let answer = try #require(object["answer"] as? [String: Any])
        #expect(answer["kind"] as? String == "avslag")
        #expect((answer["complaint"] as? [String: Any])?["lastDay"] as? String == "2026-12-24")
        #expect((object["letters"] as? [[String: Any]])?.count == 2)
        #expect(object["sentAnyway"] is NSNull)
        let html = first.pages[0].html
        let mark = LetterFixture.mark(Data(html.utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(String(decoding: first.record, as: UTF8.self).contains(mark))
    }

    @Test("another word gives another record")
    func change() throws {
        var draft = try LetterFixture.draft()
        draft.reason += " Ring oss."
        #expect(try bundle(draft).digest != bundle(LetterFixture.draft()).digest)
    }

    @Test("a letter that is too hard to read is stopped, with findings by field, until it is put right or a reason is given")
    func hard() throws {
        var draft = try LetterFixture.draft()
        draft.reason = """
            Det foreligger ikke grunnlag for rettighetsfastsettelse i spesialisthelsetjenesten, idet symptombelastningen og \
            funksjonsnivået etter en tverrfaglig helhetsvurdering i henhold til prioriteringsveilederen ikke tilfredsstiller \
            inntakskriteriene for BUP. Pasienten anbefales oppfølging i førstelinjetjenesten.
            """
        #expect(throws: LetterRefusal([.tooHardToRead])) { try bundle(draft) }
        #expect(throws: LetterRefusal([.tooHardToRead])) { try bundle(draft, anyway: " ") }
        let findings = AnswerBundle.findings(try Rejection(draft), .bokmal)
        #expect(findings.first { $0.field == "reason" }?.report.musts.isEmpty == false)
        #expect(findings.first { $0.field == "nextHolder" }?.report.musts.isEmpty == true)
        let sent = try bundle(draft, anyway: "Avtalt med familien i møte.")
        #expect(String(decoding: sent.record, as: UTF8.self).contains("\"sentAnyway\":\"Avtalt med familien i møte.\""))
    }

    @Test("a letter to nobody is not made")
    func nobody() throws {
        let rejection = try Rejection(LetterFixture.draft())
        #expect(throws: LetterRefusal([.reader])) { try AnswerBundle(rejection, to: [], sha256: LetterFixture.mark) }
    }

    @Test("canonical JSON: keys by UTF-16, shortest escapes, no blanks")
    func canonical() {
        let value = RecordJSON.object([
            "b": .number(-1), "a": .list([.flag(true), .nothing, .text("\u{1}\n\"\\/é\u{7F}")]), "\u{1F600}": .text(""),
            "\u{FB33}": .text(""),
        ])
        let expected = "{\"a\":[true,null,\"\\u0001\\n\\\"\\\\/é\u{7F}\"],\"b\":-1,\"\u{1F600}\":\"\",\"\u{FB33}\":\"\"}"
        #expect(String(decoding: value.canonical, as: UTF8.self) == expected)
    }
}

@Suite("Receipts in plain words")
struct ReceiptTextTests {
    private func values(_ language: WrittenLanguage) -> ReceiptText.Values {
        ReceiptText.Values(
            receiver: "bydelen", what: language == .bokmal ? "rapporten fra skolen" : "rapporten frå skulen",
            when: "3. mars 2026",
            phone: PhoneNumber("22 12 34 56"))
    }

    @Test(
        "every event is told in both languages, below LIX 35 to families, with nothing that must be put right",
        arguments: ReceiptEvent.allCases)
    func everyEvent(event: ReceiptEvent) throws {
        for language in WrittenLanguage.allCases {
            for audience in ReceiptText.Audience.allCases {
                guard let receipt = ReceiptText(event, to: audience, language, values(language)) else {
                    #expect(event == .copyFailed && audience == .family)
                    continue
                }
                let report = PlainLanguage(language, .part).check(receipt.text)
                #expect(report.lixTenths < (audience == .family ? 350 : 450), "\(receipt.text) \(report.lixTenths)")
                let lesser: [PlainFinding.Kind] = [.passive, .heavyWord, .readability]
                #expect(report.musts.isEmpty && report.findings.allSatisfy { lesser.contains($0.kind) }, "\(report.findings)")
                #expect(!receipt.text.contains("{") && !receipt.heading.isEmpty)
                #expect(audience == .clinician || !report.findings.contains { $0.kind == .heavyWord }, "\(receipt.text)")
                #expect(receipt.text.first?.isUppercase == true && !receipt.text.contains(". bydelen"))
            }
        }
    }

    @Test("both languages ask for the same values")
    func places() {
        for event in ReceiptEvent.allCases {
            for audience in ReceiptText.Audience.allCases {
                #expect(
                    ReceiptText.places(of: event, audience, .bokmal) == ReceiptText.places(of: event, audience, .nynorsk),
                    "\(event)")
            }
        }
    }

    @Test("a receipt that would lack a value is not made")
    func missing() {
        let lacking = ReceiptText.Values(receiver: "bydelen", what: "brevet", when: "i dag")
        #expect(ReceiptText(.opened, to: .family, .bokmal, lacking) == nil)
        #expect(ReceiptText(.opened, to: .clinician, .bokmal, lacking) != nil)
    }

    @Test("a technical refusal never sounds like an answer to the referral", arguments: WrittenLanguage.allCases)
    func technical(language: WrittenLanguage) throws {
        for audience in ReceiptText.Audience.allCases {
            let text = try #require(ReceiptText(.refusedTechnically, to: audience, language, values(language))).text
            #expect(
                text.contains("ikke et nei") || text.contains("ikke et svar") || text.contains("ikkje eit nei")
                    || text.contains("ikkje eit svar"))
            #expect(!text.contains("avvist"))
        }
    }
}
