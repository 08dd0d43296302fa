import Foundation
import Testing

@testable import Practice

@Suite("Is everything there that the receiver needs")
struct CompletenessTests {
    private let today = OsloDay("2026-11-22") ?? OsloDay(daysSince1970: 0)
    private let now = Date(timeIntervalSince1970: 1_795_338_000)

    private func bup() throws -> Checklist { try #require(Checklist.standard(for: .referral, to: .bup)) }

    /// A referral with everything in it.
    private func whole() -> DocumentAnswers {
        DocumentAnswers(
            Dictionary(
                uniqueKeysWithValues: AnswerKey.allCases.map {
                    ($0, .given("En fyldig beskrivelse 12345678901", place: "Aktuell problemstilling"))
                }))
    }

    private func report(_ answers: DocumentAnswers, born: String? = "2012-01-01") throws -> CompletenessReport {
        CompletenessCheck(try bup()).report(on: answers, born: born.flatMap { OsloDay($0) }, today: today)
    }

    @Test("the lists that come along can be read, ask what the national pathway asks, and say why in one plain sentence")
    func standardLists() throws {
        #expect(Checklist.standard.map(\.id) == ["bup-henvisning", "bydel-epikrise", "bup-ppt-rapport"])
        for list in Checklist.standard {
            for item in list.items {
                #expect(item.question.hasSuffix("?") && item.why.hasSuffix("."), "\(list.id) \(item.id)")
                #expect(item.question.split(separator: " ").count <= 18 && item.why.count <= 120, "\(list.id) \(item.id)")
            }
        }
        let must = Set(try bup().items.filter { $0.weight == .must }.flatMap(\.keys))
        for key in [AnswerKey.consentGivenBy, .riskSuicide, .symptoms, .functionSchool, .triedSoFar, .bodilyStatus, .senderPhone]
        {
            #expect(must.contains(key))
        }
        #expect(Checklist.standard(for: .familySubmission, to: .bup) == nil)
    }

    @Test("a whole referral goes, an empty one waits and tells what BUP needs and why")
    func wholeAndEmpty() throws {
        #expect(try report(whole()).decision(isUrgent: false) == .goes)
        let empty = try report(DocumentAnswers())
        guard case .waits(let lines) = empty.decision(isUrgent: false) else {
            Issue.record("does not wait")
            return
        }
        #expect(lines.contains { $0.item.id == "selvmord" } && lines.allSatisfy { !$0.item.why.isEmpty })
    }

    @Test("what only should be there never holds a message")
    func shouldNeverHolds() throws {
        var answers = whole()
        for item in try bup().items where item.weight == .should {
            for key in item.keys where !(try bup().items.contains { $0.weight == .must && $0.keys.contains(key) }) {
                answers.answers[key] = nil
            }
        }
        let report = try report(answers)
        #expect(!report.missing.isEmpty && report.decision(isUrgent: false) == .goes)
    }

    @Test("urgent is never held up, whatever is missing")
    func urgent() throws {
        var seed: UInt64 = 99
        for _ in 0..<300 {
            var answers = whole()
            for key in AnswerKey.allCases {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                if seed >> 63 == 1 { answers.answers[key] = nil }
            }
            let report = try report(answers)
            switch report.decision(isUrgent: true) {
            case .goes: #expect(report.missingThatMust.isEmpty)
            case .goesUrgently: #expect(!report.missingThatMust.isEmpty)
            case .goesAnyway, .waits: Issue.record("held up")
            }
        }
    }

    @Test("«asked, none» answers a question about risk, and does not answer what the child is called")
    func askedAndNone() throws {
        var answers = whole()
        answers.answers[.riskSuicide] = .askedAndNone(place: "Risiko")
        answers.answers[.childName] = .askedAndNone(place: "Pasient")
        let missing = try report(answers).missing.map(\.item.id)
        #expect(missing == ["navn"])
    }

    @Test(
        "a dash, a question mark or «se vedlegg» is no answer",
        arguments: ["", "  ", "-", "?", "Se vedlegg.", "ukjent", "...", "n/a", "\u{200B}", "kommer"])
    func placeholders(text: String) throws {
        var answers = whole()
        answers.answers[.symptoms] = .given(text, place: "x")
        answers.answers[.onset] = .given(text, place: "x")
        answers.answers[.riskViolence] = .notKnown(reason: text)
        #expect(try report(answers).missing.map(\.item.id) == ["symptomer", "start", "vold"])
    }

    @Test("a question of two parts is answered when both are")
    func bothParts() throws {
        var answers = whole()
        answers.answers[.consentHow] = nil
        #expect(try report(answers).missing.map(\.item.id) == ["samtykke"])
    }

    @Test(
        "questions follow the child's age at midnight, and without a date of birth all are asked",
        arguments: [
            ("2010-11-22", ["foresatte", "foreldreansvar", "foresattes-syn"]), ("2010-11-23", []), ("2014-11-22", []),
            ("2014-11-23", ["rus"]), (nil, []),
        ] as [(String?, [String])])
    func ages(born: String?, notAsked: [String]) throws {
        let lines = try report(whole(), born: born).lines
        #expect(lines.filter { $0.state == .notAsked }.map(\.item.id) == notAsked)
    }

    @Test("nobody asks where a child with a protected address lives")
    func protectedAddress() throws {
        let check = CompletenessCheck(try bup())
        let open = check.report(on: DocumentAnswers(), born: nil, today: today)
        let hidden = check.report(on: DocumentAnswers(), born: nil, today: today, hasProtectedAddress: true)
        #expect(open.missing.contains { $0.item.keys.contains(.childAddress) })
        #expect(!hidden.missing.contains { $0.item.keys.contains(.childAddress) || $0.item.keys.contains(.childPhone) })
    }

    @Test("«send anyway» needs a reason that says something, and travels")
    func sendAnyway() throws {
        for reason in ["", "fordi", "-----------", "   . . . . . .   "] {
            #expect(SendAnyway(reason: reason, by: "u1", at: now) == nil)
        }
        let anyway = try #require(SendAnyway(reason: "Foreldrene er på reise til fredag.", by: "u1", at: now))
        let report = try report(DocumentAnswers())
        let decision = report.decision(isUrgent: false, anyway: anyway)
        #expect(decision == .goesAnyway(anyway))
        let list = AnsweredChecklist(report, messageID: "m1", decision: decision)
        let read = try #require(AnsweredChecklist(parsing: list.bytes))
        #expect(read == list && read.anyway == anyway)
        #expect(read.text.contains("fordi: Foreldrene er på reise til fredag."))
    }

    @Test("the receiver sees the same list answered: every line, where it stands, without the answers themselves")
    func travels() throws {
        var answers = whole()
        answers.answers[.symptoms] = .given(
            "Hemmelig innhold om barnet som ikke skal stå to steder", place: "Henvisningsgrunn barnet")
        answers.answers[.riskSelfHarm] = .askedAndNone(place: "Risiko")
        answers.answers[.hereditary] = .notKnown(reason: "Far er ukjent for mor")
        answers.answers[.household] = nil
        let report = try report(answers)
        let list = AnsweredChecklist(report, messageID: "m1", decision: report.decision(isUrgent: true))
        let read = try #require(AnsweredChecklist(parsing: list.bytes))
        #expect(read == list && !read.wasUrgent)
        let states = Dictionary(uniqueKeysWithValues: read.lines.map { ($0.id, $0.state) })
        #expect(
            states["symptomer"] == .answered && states["selvskading"] == .askedAndNone && states["arv"] == .notKnown
                && states["familie"] == .missing)
        #expect(read.lines.count == report.lines.filter { $0.state != .notAsked }.count)
        #expect(!String(decoding: list.bytes, as: UTF8.self).contains("Hemmelig"))
        #expect(read.text.contains("Hva er vansken? Besvart, se Henvisningsgrunn barnet."))
    }

    @Test("a list that says it was sent anyway, and does not say why, is no list")
    func anywayWithoutReason() throws {
        let report = try report(DocumentAnswers())
        let anyway = try #require(SendAnyway(reason: "Foreldrene er på reise.", by: "u1", at: now))
        let bytes = AnsweredChecklist(report, messageID: "m1", decision: .goesAnyway(anyway)).bytes
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(AnsweredChecklist(parsing: bytes) != nil)
        for (good, bad) in [("Foreldrene er på reise.", "-"), ("\"reason\"", "\"grunn\""), ("\"by\":\"u1\"", "\"by\":\"\"")] {
            #expect(text.contains(good))
            #expect(AnsweredChecklist(parsing: Array(text.replacingOccurrences(of: good, with: bad).utf8)) == nil)
        }
    }

    @Test("a damaged list is no list, and never a wrong one")
    func damaged() throws {
        let report = try report(DocumentAnswers())
        let bytes = AnsweredChecklist(report, messageID: "m1", decision: .goes).bytes
        for length in stride(from: 0, to: bytes.count - 1, by: 37) {
            #expect(AnsweredChecklist(parsing: Array(bytes[..<length])) == nil)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(AnsweredChecklist(parsing: Array(text.replacingOccurrences(of: "\"mangler\"", with: "\"missing\"").utf8)) == nil)
    }

    @Test(
        "a checklist file with a fault in it is refused",
        arguments: [
            ("\"barn.navn\"", "\"barnets.navn\""), ("\"weight\": \"maa\"", "\"weight\": \"must\""),
            ("\"acceptsNone\"", "\"acceptNone\""),
            ("\"receiver\": \"bup\"", "\"receiver\": \"BUP\""), ("\"id\": \"nummer\"", "\"id\": \"navn\""),
            ("msggw-checklist/1", "msggw-checklist/2"),
            ("\"under16\"", "\"under-16\""), ("\"messages\": [\"henvisning\"]", "\"messages\": []"),
        ])
    func refusesLists(change: (String, String)) throws {
        let text = Checklist.bupReferralText
        #expect(text.contains(change.0))
        #expect(throws: Checklist.ReadingError.self) {
            try Checklist(parsing: Array(text.replacingOccurrences(of: change.0, with: change.1).utf8))
        }
    }
}
