import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("The deadlines of messages")
struct DeadlineTableTests {
    private static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    private static func settings(_ rules: [String]) throws -> DeadlineTable {
        try NodeSettings(
            yaml: [], folder: "/node", flags: rules.isEmpty ? [:] : ["deadlines.rules": rules.joined(separator: ",")]
        ).deadlines.table
    }

    @Test("every kind of message has a deadline for being delivered, and every document one for being accepted")
    func complete() {
        let table = DeadlineTable()
        for kind in DeadlineTable.kinds.union(["SOMETHING_NEW"]) {
            for urgent in [false, true] {
                #expect(table.rule(kind, .out, urgent: urgent, .delivered) != nil, "\(kind)")
                let isReceipt = kind == "APPREC" || DeadlineTable.signals.contains(kind)
                for direction in [MessageRecord.Direction.out, .in] {
                    #expect((table.rule(kind, direction, urgent: urgent, .accepted) == nil) == isReceipt, "\(kind)")
                }
            }
        }
    }

    @Test("what is urgent is never waited for longer than what is not, and a warning is never after the end")
    func urgent() throws {
        let table = DeadlineTable()
        for text in ["2026-11-20T14:00:00Z", "2026-03-27T23:00:00Z", "2026-06-03T06:00:00Z"] {
            let start = try Self.date(text)
            for kind in DeadlineTable.kinds {
                for (direction, event) in [
                    (MessageRecord.Direction.out, DeadlineEvent.delivered), (.out, .accepted), (.in, .answered),
                ] {
                    guard let ordinary = table.rule(kind, direction, urgent: false, event),
                        let urgent = table.rule(kind, direction, urgent: true, event)
                    else { continue }
                    let (late, soon) = (ordinary.end(from: start, table.calendar), urgent.end(from: start, table.calendar))
                    #expect(soon <= late)
                    #expect(ordinary.warning(before: late, table.calendar) < late)
                    #expect(urgent.warning(before: soon, table.calendar) < soon)
                }
            }
        }
    }

    @Test(
        "a referral is to be answered within 10 working days: who answers is warned on the fifth, eighth and ninth, who waits on the ninth"
    )
    func referral() throws {
        let table = DeadlineTable()
        let taken = try Self.date("2026-11-23T09:00:00Z")
        let bup = MessageType.henvisningBUP.rawValue
        let out = Deadlines.at(taken: taken, Deadlines.Subject(bup, .out), by: table)
        #expect(try out.answerBy == Self.date("2026-12-07T15:00:00Z"))
        #expect(try out.deliverBy == Self.date("2026-11-23T21:00:00Z") && out.acceptBy == Self.date("2026-11-24T09:00:00Z"))
        // The warning about the delivery comes first.
        #expect(try out.warnAt == Self.date("2026-11-23T13:00:00Z"))
        let received = Deadlines.at(taken: taken, Deadlines.Subject(bup, .in), by: table)
        #expect(received.answerBy == out.answerBy && received.deliverBy == nil)
        var open = received
        open.acceptBy = nil
        let subject = Deadlines.Subject(bup, .in)
        var (told, next): ([Date], Date?) = ([], taken)
        while let time = next.flatMap({ open.nextWarning(after: $0, subject, by: table) }), told.count < 5 {
            told.append(time)
            next = time
        }
        // Monday 30 November is the fifth working day, then Thursday and Friday; the end, and the day after.
        let days = ["2026-11-30T07", "2026-12-03T07", "2026-12-04T07", "2026-12-07T15", "2026-12-08T15"]
        #expect(try told == days.map { try Self.date("\($0):00:00Z") })
        let stages = told.map { open.stage(of: .answered, at: $0, subject, by: table) }
        #expect(stages == [.near(left: 2), .near(left: 1), .near(left: 0), .late(days: 0), .late(days: 1)])
        // Each is told as worse than the one before.
        #expect(stages.map(\.number) == [-2, -1, 0, 1, 2])
        #expect(open.stage(of: .answered, at: told[0] - 1, subject, by: table) == .quiet)
    }

    @Test("who gets a copy owes no answer, and no AppRec is waited for that was not asked for")
    func copies() throws {
        var subject = Deadlines.Subject(MessageType.henvisningBUP.rawValue, .in)
        subject.isCopy = true
        let now = try Self.date("2026-11-23T09:00:00Z")
        #expect(Deadlines.at(taken: now, subject, by: DeadlineTable()).answerBy == nil)
        subject = Deadlines.Subject(MessageType.epikrise.rawValue, .out)
        subject.wantsAppRec = false
        let deadlines = Deadlines.at(taken: now, subject, by: DeadlineTable())
        #expect(deadlines.acceptBy == nil && deadlines.deliverBy != nil)
    }

    @Test("the stages of a deadline follow one another: quiet, near, passed, and every day after")
    func stages() throws {
        let (table, subject) = (DeadlineTable(), Deadlines.Subject(MessageType.epikrise.rawValue, .out))
        let taken = try Self.date("2026-11-23T09:00:00Z")
        var deadlines = Deadlines.at(taken: taken, subject, by: table)
        deadlines.acceptBy = nil
        func stage(_ hours: Double) -> DeadlineStage {
            deadlines.stage(of: .delivered, at: taken + hours * 3600, subject, by: table)
        }
        #expect(stage(0) == .quiet && stage(3.99) == .quiet && stage(4) == .near(left: 0) && stage(11.99) == .near(left: 0))
        #expect(stage(12) == .late(days: 0) && stage(35.99) == .late(days: 0) && stage(36) == .late(days: 1))
        var (times, next): ([Double], Date?) = ([], Date.distantPast)
        while let time = next.flatMap({ deadlines.nextWarning(after: $0, subject, by: table) }), times.count < 5 {
            times.append(time.timeIntervalSince(taken) / 3600)
            next = time
        }
        #expect(times == [4, 12, 36, 60, 84])
        // Years later: the next day, not every day between.
        #expect(deadlines.nextWarning(after: taken + 400 * 86_400, subject, by: table) == taken + 12 * 3600 + 400 * 86_400)
    }

    @Test(
        "each receipt ends what it is about and nothing else",
        arguments: [
            (MessageState.taken, false, []), (.sealed, false, []), (.delivered, true, [.delivered]),
            (.accepted, true, [.delivered, .accepted]), (.rejected, true, [.delivered, .accepted]),
            (.failed, true, []), (.held, true, []), (.cancelled, true, []), (.sent, true, [.delivered, .accepted, .answered]),
            (.opened, false, []), (.filed, false, []), (.filed, true, [.accepted]),
        ] as [(MessageState, Bool, Set<DeadlineEvent>)])
    func over(state: MessageState, isAtRest: Bool, events: Set<DeadlineEvent>) {
        #expect(Deadlines.over(in: state, isAtRest: isAtRest) == events)
    }

    @Test("settings shorten a deadline of the law, and of the two the earlier counts")
    func shortened() throws {
        let table = try Self.settings(["HENVISNING_BUP.in.answered=5wd/2wd"])
        let rule = try #require(table.rule("HENVISNING_BUP", .in, urgent: false, .answered))
        #expect(rule.span == .workingDays(5) && rule.warning == .workingDays(2) && rule.source == .settings)
        #expect(table.rule("HENVISNING_BUP", .out, urgent: false, .answered)?.span == .workingDays(10))
        // Eleven days of the calendar may be more or fewer than ten working days.
        let days = try Self.settings(["HENVISNING.in.answered=11d"])
        let calendar = days.calendar
        let start = try Self.date("2026-09-01T10:00:00Z")
        let end = try #require(days.rule("HENVISNING", .in, urgent: false, .answered)).end(from: start, calendar)
        #expect(end == start + 11 * 86_400)
        let easter = try Self.date("2026-03-27T09:00:00Z")
        #expect(
            try #require(days.rule("HENVISNING", .in, urgent: false, .answered)).end(from: easter, calendar) == easter + 11
                * 86_400)
    }

    @Test("settings set, change and take away what no law says")
    func changed() throws {
        let table = try Self.settings([
            "EPIKRISE.out.answered=3wd", "*.out.delivered=30m/10m", "DIALOG_FORESPORSEL!.in.answered=none",
        ])
        #expect(table.rule("EPIKRISE", .out, urgent: false, .answered)?.warning == .workingDays(1))
        #expect(table.rule("UNHEARD_OF", .out, urgent: false, .delivered)?.span == .time(minutes: 30))
        #expect(table.rule("EPIKRISE", .out, urgent: false, .delivered)?.span == .time(minutes: 720))
        #expect(table.rule("DIALOG_FORESPORSEL", .in, urgent: true, .answered) == nil)
        #expect(table.rule("DIALOG_FORESPORSEL", .in, urgent: false, .answered) != nil)
    }

    @Test(
        "a rule that cannot hold is refused",
        arguments: [
            ("HENVISNING_BUP.in.answered=11wd", SettingsError.Code.contradiction),
            ("HENVISNING_BUP.in.answered=none", .contradiction),
            ("HENVISNING_BUP.in.answered=20d", .contradiction), ("HENVISNING_BUP!.in.answered=11wd", .contradiction),
            ("EPIKRISE.in.delivered=4h", .wrongType), ("EPIKRIS.out.delivered=4h", .wrongType), ("EPIKRISE.out=4h", .wrongType),
            ("EPIKRISE.out.delivered", .wrongType), ("EPIKRISE.out.delivered=", .wrongType),
            ("EPIKRISE.out.delivered=0wd", .wrongType), ("EPIKRISE.out.delivered=4", .wrongType),
            ("EPIKRISE.out.delivered=4h/", .wrongType), ("EPIKRISE.out.delivered=4h/1h/1h", .wrongType),
            ("EPIKRISE.out.delivered=-4h", .wrongType), ("EPIKRISE.out.delivered=9999999h", .wrongType),
            ("EPIKRISE.through.delivered=4h", .wrongType),
        ])
    func refused(rule: String, code: SettingsError.Code) {
        #expect(throws: SettingsError(code, place: "", reason: "", remedy: "")) { try Self.settings([rule]) }
    }

    @Test("a rule that is there twice is refused")
    func twice() {
        #expect(throws: SettingsError.self) {
            try Self.settings(["EPIKRISE.out.delivered=4h", "EPIKRISE.out.delivered=5h"])
        }
    }

    @Test("docs/DEADLINES.md holds the table as it is")
    func document() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/DEADLINES.md"), encoding: .utf8)
        let table = DeadlineTable().markdown()
        #expect(text.contains(table), "put this into docs/DEADLINES.md:\n\(table)")
    }

    @Test(
        "urgent is what the document says of itself",
        arguments: [("0", true), ("3", true), ("2H", true), ("N", false), ("7", false), ("90", false), ("", false)])
    func urgency(priority: String, isUrgent: Bool) throws {
        let file = Repository.root.appending(path: "samples/flow1/henvisning.xml")
        var referral = try #require(try Self.referral(file))
        referral.servReq.reqServ.priority = CodedValue(priority)
        #expect(referral.summary.isUrgent == isUrgent)
    }

    private static func referral(_ file: URL) throws -> Henvisning? {
        guard case .henvisning(let referral) = try ClinicalDocument(parsing: [UInt8](Data(contentsOf: file))) else { return nil }
        return referral
    }
}
