import Envelope
import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

/// A sentence in a referral, and what it says about suicide.
struct SaidOfRisk: Sendable, CustomTestStringConvertible {
    let sentence: String
    let isNone: Bool
    var testDescription: String { sentence }

    init(_ sentence: String, isNone: Bool = false) { (self.sentence, self.isNone) = (sentence, isNone) }
}

@Suite("A document asked its receiver's list")
struct DocumentCheckTests {
    static let today = OsloDay(at: TestPKI.now)

    static func check(_ changes: KeyValuePairs<String, String> = [:], files: [String] = []) throws -> DocumentCheck {
        try DocumentCheck(
            Referral.document(replacing: changes), attachments: files.map { SubmittedAttachment(path: $0) })
    }

    static func states(_ check: DocumentCheck, anyway: SendAnyway? = nil) throws -> CheckedCompleteness {
        try #require(check.completeness(to: .bup, today: today, anyway: anyway))
    }

    static let risk = "Ingen selvmordstanker eller selvskading, verken nå eller tidligere."

    @Test("the sample's referral is told what it lacks: one thing that must be there, and nothing that is there already")
    func sample() throws {
        let checked = try Self.states(Self.check(files: Referral.attachments))
        #expect(checked.waits)
        #expect(checked.report.missingThatMust.map(\.item.id) == ["omsorgssvikt"])
        #expect(Set(checked.report.missing.map(\.item.id)) == ["omsorgssvikt", "ppt", "kopi"])
        #expect(checked.lacks.first?.contains("BUP må vite") == true)
    }

    @Test("what is asked for now is no answer to what was done before")
    func before() throws {
        let past = "Ikke vært til utredning i BUP før."
        let checked = try Self.states(Self.check([past: ""]))
        #expect(checked.report.missing.contains { $0.item.id == "utredning" || $0.item.question == "Er barnet utredet før?" })
    }

    @Test(
        "a field that is taken out is missing",
        arguments: [
            ("<OffId>17831490128</OffId>", "nummer"),
            ("<Id>990000601</Id>", "avsender"),
            ("<TeleAddress V=\"tel:+4722000001\"/>", "avsender"),
            ("<CodedComment V=\"D\" S=\"2.16.578.1.12.4.1.1.9513\" DN=\"Delt\"/>", "foreldreansvar"),
        ])
    func missing(text: String, id: String) throws {
        var changes: KeyValuePairs<String, String> = [text: ""]
        if id == "foreldreansvar" {
            changes = [
                text: "", "Delt foreldreansvar og delt": "Delt", "Foreldreansvar. Barnet bor hos mor": "Barnet bor hos mor",
                "Foreldreansvar. Barnet bor hos far": "Barnet bor hos far",
            ]
        }
        let checked = try Self.states(Self.check(changes))
        #expect(checked.report.missingThatMust.map(\.item.id).contains(id))
    }

    @Test("one guardian without a telephone number is not reached")
    func oneNumber() throws {
        #expect(try !Self.states(Self.check()).report.missing.map(\.item.id).contains("foresatte"))
        let text = String(decoding: try Referral.document(), as: UTF8.self)
        let second = try #require(text.range(of: "tel:+4722000012"))
        let start = try #require(text.range(of: "<fk1:TeleCom>", options: .backwards, range: text.startIndex..<second.lowerBound))
        let end = try #require(text.range(of: "</fk1:TeleCom>", range: second.upperBound..<text.endIndex))
        let without = text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "")
        let asked = try Self.states(DocumentCheck(Array(without.utf8)))
        #expect(asked.report.missing.map(\.item.id).contains("foresatte"))
    }

    static let said = [
        SaidOfRisk("Ingen selvmordstanker.", isNone: true),
        SaidOfRisk("Avkrefter tanker om selvmord.", isNone: true),
        SaidOfRisk("Benekter selvmordstanker, også alene.", isNone: true),
        SaidOfRisk("Det er ingen tvil om at hun har selvmordstanker."),
        SaidOfRisk("Hun har ikke lenger konkrete planer, men selvmordstanker er der."),
        SaidOfRisk("Ingen vil høre på henne, og hun har selvmordstanker."),
        SaidOfRisk("Har tidligere hatt selvmordstanker, ingen nå."),
        SaidOfRisk("Skrev i mai at han ville ta livet av seg."),
    ]

    @Test("«spurt, ingen» is only said where it stands right there; of everything else the place is named", arguments: said)
    func risk(said: SaidOfRisk) throws {
        let checked = try Self.states(Self.check([Self.risk: said.sentence]))
        let state = try #require(checked.report.lines.first { $0.item.id == "selvmord" }?.state)
        #expect(
            state == (said.isNone ? .askedAndNone(place: "Henvisningsgrunn barnet") : .answered(place: "Henvisningsgrunn barnet"))
        )
    }

    @Test("a risk that nobody mentions is missing; one that was not asked about says so")
    func unmentioned() throws {
        let silent = try Self.states(Self.check([Self.risk: "Ellers frisk."]))
        #expect(Set(silent.report.missingThatMust.map(\.item.id)).isSuperset(of: ["selvmord", "selvskading"]))
        let unasked = try Self.states(Self.check([Self.risk: "Har ikke spurt om selvmord, barnet var ikke alene."]))
        guard case .notKnown? = unasked.report.lines.first(where: { $0.item.id == "selvmord" })?.state else {
            Issue.record("what was not asked is not said to be unknown")
            return
        }
    }

    @Test("an urgent referral goes, whatever is missing; a reason lets an ordinary one go, and travels")
    func goes() throws {
        let urgent = try Self.states(Self.check(["<Priority V=\"30\"": "<Priority V=\"0\""]))
        #expect(urgent.decision == .goesUrgently)
        let why = try #require(SendAnyway(reason: "Mor ringer tilbake i morgen", by: "command:x", at: TestPKI.now))
        let anyway = try Self.states(Self.check(), anyway: why)
        #expect(!anyway.waits)
        #expect(anyway.answered.text.contains("Mor ringer tilbake i morgen"))
    }

    @Test("only a receiver with a list is asked for one, and a receipt is asked nothing")
    func lists() throws {
        #expect(try Self.check().completeness(to: .gp, today: Self.today) == nil)
        #expect(try Self.check().namedReceiver == .bup)
        #expect(SharingMessage("APPREC") == nil)
    }

    @Test("a full stop inside a date ends no sentence")
    func sentences() {
        #expect(
            WrittenText.sentences("Risiko, spurt 18.05.2026 alene: Ingen vold. Sover godt.\nSpiser.")
                == ["Risiko, spurt 18.05.2026 alene: Ingen vold.", "Sover godt.", "Spiser."])
    }
}

extension SharingMessage {
    fileprivate init?(_ code: String) {
        self.init(
            DocumentSummary(
                format: .appRec11, type: CodedValue(code), messageID: "1", generated: DocumentTime(TestPKI.now),
                sender: AddressPath(AddressPath.Unit(nil, [])), receiver: AddressPath(AddressPath.Unit(nil, []))))
    }
}

@Suite("A message that should name nobody")
struct NamelessCheckTests {
    static let today = DocumentCheckTests.today

    @Test("a referral names its patient and can never go without a name")
    func referral() throws {
        let check = try NamelessCheck(DocumentCheckTests.check(), today: Self.today)
        #expect(check.outcome(isLookedThrough: true) == .stopped)
    }

    @Test("a text that names nobody is cleared; words that may be names are for the author to look at")
    func clearance() throws {
        #expect(NamelessCheck(text: "En gutt i tolvårsalderen sover dårlig.", today: Self.today).outcome() == .cleared)
        let asked = NamelessCheck(text: "Gutten spiller i det lokale korpset på Tåsen.", today: Self.today)
        if asked.outcome() == .asksAuthor { #expect(asked.outcome(isLookedThrough: true) == .cleared) }
    }

    @Test("a picture, a scan or a title with a name stops it")
    func attachments() throws {
        let scratch = try ScratchFolder()
        let picture = try scratch.write([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4], to: "bilde.jpg")
        let stopped = NamelessCheck(
            text: "En gutt sover dårlig.", attachments: [SubmittedAttachment(path: picture)], today: Self.today)
        #expect(stopped.outcome(isLookedThrough: true) == .stopped)
        let note = try scratch.write(Array("Han trives på skolen.".utf8), to: "notat.txt")
        let clear = NamelessCheck(
            text: "En gutt sover dårlig.", attachments: [SubmittedAttachment(path: note)], today: Self.today)
        #expect(clear.outcome() == .cleared)
        let titled = NamelessCheck(
            text: "En gutt sover dårlig.", attachments: [SubmittedAttachment(path: note, title: "Rapport 17831490128")],
            today: Self.today)
        #expect(titled.outcome(isLookedThrough: true) == .stopped)
    }

    @Test("a finding is told by place, line and column")
    func places() throws {
        let check = NamelessCheck(text: "En gutt.\nFødt 17831490128.", today: Self.today)
        let found = try #require(check.findings.first { $0.finding.kind == .identityNumber })
        #expect((found.line, found.column) == (2, 6))
        #expect(!"\(found.finding)".contains("17831490128"))
    }
}
