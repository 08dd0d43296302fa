import Foundation
import MadeUpRegistry
import Practice
import Testing

@Suite("Answers that may be poisoned")
struct AnswerReviewTests {
    static func answer() -> IncomingAnswer { PoisonedAnswers.answer() }
    static func extra(_ name: String, _ change: (inout Door) -> Void = { _ in }) -> Door { PoisonedAnswers.extra(name, change) }

    static func certificate(_ use: DoorCertificate.Use, _ pair: String, of organisation: String? = "314000021") -> DoorCertificate
    {
        PoisonedAnswers.certificate(use, pair, of: organisation)
    }

    static func review(_ answer: IncomingAnswer, current: [Door] = SmallRegistry.doors) -> AnswerReview {
        AnswerReview(answer, against: current, today: Oslo.today)
    }

    @Test("there are more than fifty of them")
    func count() { #expect(PoisonedAnswers.whole.count + PoisonedAnswers.refused.count + PoisonedAnswers.held.count >= 50) }

    @Test("nothing of an answer that came wrongly is taken", arguments: PoisonedAnswers.whole)
    func whole(poison: PoisonedAnswers.Poison) {
        var answer = Self.answer()
        poison.apply(&answer)
        let review = Self.review(answer)
        #expect(review.refusal.contains(poison.suspicion))
        #expect(review.accepted.isEmpty && review.held.isEmpty)
        #expect(review.applied(to: SmallRegistry.doors, approving: Set(SmallRegistry.doors.map(\.id))) == SmallRegistry.doors)
    }

    @Test("a door that says what cannot be is refused, whoever would approve it", arguments: PoisonedAnswers.refused)
    func refused(poison: PoisonedAnswers.Poison) throws {
        var answer = Self.answer()
        poison.apply(&answer)
        let review = Self.review(answer)
        let doubt = try #require(review.refused.first { $0.suspicions.contains(poison.suspicion) }, "\(review)")
        #expect(!review.accepted.contains { $0.door == doubt.change.door })
        let everyone = Set(answer.doors.map(\.id))
        let before = SmallRegistry.doors.first { $0.id == doubt.change.door }
        #expect(review.applied(to: SmallRegistry.doors, approving: everyone).first { $0.id == doubt.change.door } == before)
    }

    @Test("what may be right and may be an attack waits, and the registry says what it said", arguments: PoisonedAnswers.held)
    func held(poison: PoisonedAnswers.Poison) throws {
        var answer = Self.answer()
        poison.apply(&answer)
        let review = Self.review(answer)
        let doubt = try #require(review.held.first { $0.suspicions.contains(poison.suspicion) }, "\(review)")
        #expect(review.accepted.isEmpty && review.refusal.isEmpty && review.refused.isEmpty)
        #expect(review.applied(to: SmallRegistry.doors) == SmallRegistry.doors)
        let approved = review.applied(to: SmallRegistry.doors, approving: [doubt.change.door])
        #expect(approved == answer.doors.sorted { $0.id < $1.id }, "approved, it is taken as it came")
    }

    @Test("approving one door takes no other along")
    func approveOne() {
        var answer = Self.answer()
        answer.doors[0].certificates = [Self.certificate(.encryption, "cc")]
        answer.doors[3].certificates = [Self.certificate(.encryption, "dd", of: "314000013")]
        let doors = Self.review(answer).applied(to: SmallRegistry.doors, approving: [id(90_000_200)])
        #expect(doors[0].certificates == SmallRegistry.doors[0].certificates)
        #expect(doors.last?.certificates == answer.doors[3].certificates)
    }

    @Test("an unchanged answer changes nothing, however often it comes")
    func unchanged() {
        let review = Self.review(Self.answer())
        #expect(review.accepted.isEmpty && review.held.isEmpty && review.refused.isEmpty && review.refusal.isEmpty)
    }

    @Test("what leads no message astray is taken at once")
    func ordinary() {
        var answer = Self.answer()
        answer.doors[1].period.to = DoorDay("2027-12-31")
        answer.doors[0].capabilities?.attachmentFormats = ["application/pdf"]
        answer.doors.append(SmallRegistry.service(90_000_103))
        answer.doors.append(
            Self.extra("Nytt legesenter") { $0.certificates = [Self.certificate(.encryption, "ff", of: "314000005")] })
        let review = Self.review(answer)
        #expect(review.accepted.count == 4 && review.held.isEmpty && review.refused.isEmpty)
    }

    @Test("a certificate that has ended may go when another is left")
    func endedKey() {
        var current = SmallRegistry.doors
        current[0].certificates.append(
            DoorCertificate(
                use: .encryption, fingerprint: "sha256:" + String(repeating: "0a", count: 32),
                period: DoorPeriod(to: DoorDay("2026-11-01"))))
        #expect(Self.review(Self.answer(), current: current).accepted.count == 1)
    }

    @Test("an older answer than the last one taken is stale, though it is young")
    func replay() {
        var rules = AnswerReview.Rules()
        rules.lastServerDay = Oslo.today
        var answer = Self.answer()
        answer.serverDay = Oslo.today.eve
        #expect(AnswerReview(answer, against: SmallRegistry.doors, today: Oslo.today, rules: rules).refusal == [.stale])
    }

    @Test("an export that lost much is held wholly, every part of it")
    func shrunken() {
        var answer = Self.answer()
        answer.doors = [SmallRegistry.organisation(), Self.extra("Nytt legesenter")]
        let review = Self.review(answer)
        #expect(review.accepted.isEmpty && review.held.count == 4)
        #expect(review.held.allSatisfy { $0.suspicions.contains(.shrunken) })
    }

    @Test("a service of an organisation that is held waits with it")
    func orphans() {
        var answer = Self.answer()
        answer.doors.append(Self.extra("FJELLBYGDA KOMMUNE"))
        answer.doors.append(SmallRegistry.service(90_000_301, of: 90_000_300))
        let review = Self.review(answer)
        #expect(review.accepted.isEmpty && review.held.map(\.change.door) == [id(90_000_300), id(90_000_301)])
    }

    @Test("the answer for one party leaves the others alone")
    func party() {
        var answer = Self.answer()
        answer.scope = .party(id(90_000_200))
        answer.doors = [SmallRegistry.organisation(90_000_200, name: "Dalen sykehus", key: SmallRegistry.otherKey)]
        #expect(Self.review(answer).held.isEmpty)
    }

    @Test("whatever one answer changes, no key of a known door is other than before without approval")
    func firstSeenKey() {
        let pairs = ["a1", "b2", "cc", "dd"]
        for seed in UInt64(1)...400 {
            var numbers = SeededNumbers(seed: seed)
            var answer = Self.answer()
            for position in answer.doors.indices where Bool.random(using: &numbers) {
                let count = Int.random(in: 0...2, using: &numbers)
                answer.doors[position].certificates = (0..<count).map { _ in
                    Self.certificate(
                        DoorCertificate.Use.allCases.randomElement(using: &numbers)!, pairs.randomElement(using: &numbers)!,
                        of: [nil, "314000021"].randomElement(using: &numbers)!)
                }
                if Int.random(in: 0..<4, using: &numbers) == 0 { answer.doors[position].period.to = DoorDay("2027-01-01") }
            }
            let after = Dictionary(Self.review(answer).applied(to: SmallRegistry.doors).map { ($0.id, $0) }) { first, _ in first }
            for door in SmallRegistry.doors {
                #expect(
                    Set(after[door.id]?.certificates.map { "\($0.use) \($0.fingerprint)" } ?? [])
                        == Set(door.certificates.map { "\($0.use) \($0.fingerprint)" }), "seed \(seed)")
            }
        }
    }

    @Test("the first answer of all is the trust that later ones are compared with; what contradicts itself is refused there too")
    func firstUse() {
        #expect(Self.review(Self.answer(), current: []).accepted.count == 4)
        var answer = Self.answer()
        answer.doors[0].certificates = [Self.certificate(.encryption, "cc", of: "314000013")]
        let review = Self.review(answer, current: [])
        #expect(review.refused.map(\.change.door) == [id(90_000_100)])
        #expect(review.held.map(\.change.door) == [id(90_000_101), id(90_000_102)])
    }

    @Test(
        "Norwegian and Sami names are no forgeries",
        arguments: [
            "Čáhcesuolu suohkan", "Guovdageainnu ŋ đ ŧ ž š", "Ås & Ærø legesenter – avd. 3", "Kåre's Café (TEST)", "Bø/Sauherad",
        ])
    func honestNames(name: String) {
        var answer = Self.answer()
        answer.doors.append(Self.extra(name))
        #expect(Self.review(answer).accepted.count == 1)
    }
}

@Suite("Differences and history")
struct HistoryTests {
    @Test("each field of a door is seen when it changes")
    func fields() {
        let old = SmallRegistry.doors[0]
        let changes: [(DoorChange.Field, (inout Door) -> Void)] = [
            (.kind, { $0.kind = .service }), (.name, { $0.name += "x" }), (.displayName, { $0.displayName = "x" }),
            (.parent, { $0.parent = id(1) }),
            (.organisationNumber, { $0.organisationNumber = nil }), (.hprNumber, { $0.hprNumber = "1" }),
            (.businessType, { $0.businessType = DoorCode("1", list: "2") }),
            (.serviceType, { $0.serviceType = DoorCode("1", list: "2") }), (.area, { $0.area = AreaID("x") }),
            (.municipality, { $0.municipality = AreaID("x") }),
            (.validFrom, { $0.period.from = Oslo.today }), (.validTo, { $0.period.to = Oslo.today }),
            (.active, { $0.isActive = false }),
            (.capabilities, { $0.capabilities = nil }), (.endpoints, { $0.endpoints = [] }),
            (.certificates, { $0.certificates = [] }),
        ]
        #expect(changes.map(\.0) == DoorChange.Field.allCases)
        for (field, change) in changes {
            var new = old
            change(&new)
            #expect(RegistryDifference(from: [old], to: [new]).changes.map(\.fields) == [[field]])
        }
    }

    @Test("the order of keys and endpoints is no difference")
    func order() {
        var old = SmallRegistry.doors[0]
        old.endpoints.append(DoorEndpoint(type: "E_EDI", address: "a@b.example"))
        var new = old
        new.endpoints.reverse()
        #expect(RegistryDifference(from: [old], to: [new]).changes.isEmpty)
    }

    @Test("history gives a door back as it was known on each day")
    func history() {
        var history = RegistryHistory()
        let first = SmallRegistry.doors
        var second = first
        second[1].name = "Mottaket"
        let third = second.filter { $0.id != id(90_000_101) }
        let days = ["2026-01-01", "2026-02-01", "2026-03-01"].compactMap { DoorDay($0) }
        for (day, (before, after)) in zip(days, [([], first), (first, second), (second, third)]) {
            history.append(RegistryDifference(from: before, to: after).changes, on: day, source: "file")
        }
        let door = id(90_000_101)
        #expect(history.door(door, asKnownOn: days[0].eve) == nil)
        #expect(history.door(door, asKnownOn: days[1].eve)?.name == "Kontaktpunkt")
        #expect(history.door(door, asKnownOn: days[1])?.name == "Mottaket")
        #expect(history.door(door, asKnownOn: days[2]) == nil)
        #expect(
            history.changes(of: door).map(\.change.summary) == ["added 90000101", "changed 90000101: name", "removed 90000101"])
        history.append([], on: days[2], source: "file")
        #expect(history.versions.map(\.number) == [1, 2, 3])
    }
}
