import Foundation
import Practice
import Testing

@Suite("Reforms: who follows whom")
struct RehomingTests {
    let registry: DoorRegistry
    let resolver: Resolver

    init() throws {
        registry = try Oslo.registry()
        resolver = Resolver(registry)
    }

    private func forward(_ door: Int64, place: Place = .unknown, on day: DoorDay = Oslo.mergerDay) -> Rehoming {
        resolver.forward(InFlight(.message(id: "m1"), at: id(door), place: place), on: day, decided: day)
    }

    @Test("until the day nothing moves", arguments: Array(1...15))
    func before(number: Int) {
        #expect(forward(80_000_200 + Int64(number), on: Oslo.mergerDay.eve) == .stays)
    }

    @Test("an old address of a merged bydel leads to the new one, with a note")
    func merged() throws {
        guard case .moves(let note) = forward(80_000_203) else {
            Issue.record("\(forward(80_000_203))")
            return
        }
        #expect(
            note.from == id(80_000_203) && note.to == id(80_000_222) && note.reform == "oslo-2028"
                && note.effective == Oslo.mergerDay)
        #expect(note.bokmaal(in: registry).contains("fra 1. januar 2028"))
    }

    @Test("an old address of a split bydel waits for somebody, unless the place is known")
    func split() {
        #expect(forward(80_000_202) == .undecided([id(80_000_221), id(80_000_222)]))
        guard case .moves(let note) = forward(80_000_202, place: .named("Grünerløkka nord")) else {
            Issue.record("did not move")
            return
        }
        #expect(note.to == id(80_000_222))
        #expect(!String(decoding: note.signedBytes, as: UTF8.self).contains("030102"), "the note holds no place")
    }

    @Test("a protected address is not used to choose")
    func protectedSplit() {
        #expect(
            forward(80_000_202, place: Place(AreaID("0301022"), isProtected: true))
                == .undecided([id(80_000_221), id(80_000_222)]))
    }

    @Test("BUP, PPT and GPs go on", arguments: [80_000_110, 80_000_401, 80_000_402, 80_000_501, 80_000_601] as [Int64])
    func stays(door: Int64) {
        #expect(forward(door, place: .named("Sagene")) == .stays)
        #expect(forward(door) == .stays)
    }

    @Test("without a successor it stays where it is; an ended door without one is stranded")
    func stranded() throws {
        var book = registry.book
        book.doors.removeAll { $0.id == id(80_000_222) }
        #expect(
            Resolver(DoorRegistry(book)).forward(
                InFlight(.message(id: "m"), at: id(80_000_203)), on: Oslo.mergerDay, decided: Oslo.today) == .stays)
        let position = try #require(book.doors.firstIndex { $0.id == id(80_000_203) })
        book.doors[position].period.to = Oslo.mergerDay.eve
        #expect(
            Resolver(DoorRegistry(book)).forward(
                InFlight(.message(id: "m"), at: id(80_000_203)), on: Oslo.mergerDay, decided: Oslo.today) == .stranded)
        #expect(forward(80_000_603, on: Oslo.today) == .stranded, "a retired GP has no successor by rule")
        #expect(forward(5) == .stranded)
    }

    @Test("a message never goes to another organisation without somebody's word")
    func otherOrganisation() throws {
        var book = registry.book
        for door in [id(80_000_203), id(80_000_401)] {
            let position = try #require(book.doors.firstIndex { $0.id == door })
            book.doors[position].period.to = Oslo.today
        }
        let successor = try #require(book.doors.firstIndex { $0.id == id(80_000_222) })
        book.doors[successor].parent = id(80_000_500)
        book.doors[successor].businessType = DoorCode("102", list: "9040")
        book.catchments.append(Catchment(need: .bup, door: id(80_000_501), areas: [AreaID("030103")]))
        let resolver = Resolver(DoorRegistry(book))
        for (door, next) in [(80_000_203, 80_000_222), (80_000_401, 80_000_501)] as [(Int64, Int64)] {
            let item = InFlight(.message(id: "m"), at: id(door), place: .named("Sagene"))
            #expect(resolver.forward(item, on: Oslo.mergerDay, decided: Oslo.today) == .undecided([id(next)]))
        }
    }

    @Test("a closed reception of a hospital is not followed by the bydel's contact point")
    func hospital() throws {
        var book = registry.book
        var reception = try #require(registry[id(80_000_203)])
        (reception.id, reception.parent, reception.area) = (id(80_000_499), id(80_000_400), AreaID("Sagene"))
        reception.period.to = Oslo.today.eve
        book.doors.append(reception)
        let item = InFlight(.message(id: "m"), at: id(80_000_499), place: .named("Sagene"))
        #expect(Resolver(DoorRegistry(book)).forward(item, on: Oslo.today, decided: Oslo.today) == .stranded)
    }

    @Test("a running deadline moves with the same end")
    func deadline() {
        let due = Date(timeIntervalSince1970: 1_830_470_400)
        let item = InFlight(.deadline(messageID: "m1", rule: "assess", due: due), at: id(80_000_203), need: .contactPoint)
        guard case .moves(let note) = resolver.forward(item, on: Oslo.mergerDay, decided: Oslo.today) else {
            Issue.record("did not move")
            return
        }
        #expect(note.subject == item.subject)
        #expect(
            String(decoding: note.signedBytes, as: UTF8.self)
                == "msggw-rehoming-1\ndeadline m1\nrule assess\ndue 1830470400\nfrom 80000203\nto 80000222\nreform oslo-2028\neffective 2028-01-01\ndecided 2026-11-22\n"
        )
    }

    @Test("a line feed in an id cannot make another note")
    func injection() {
        let item = InFlight(.message(id: "m1\nto 666"), at: id(80_000_203))
        guard case .moves(let note) = resolver.forward(item, on: Oslo.mergerDay, decided: Oslo.today) else { return }
        #expect(String(decoding: note.signedBytes, as: UTF8.self).split(separator: "\n").count == 7)
    }

    @Test("the dry run names what changes, what is unclear and what moves, and does nothing")
    func dryRun() throws {
        let due = Date(timeIntervalSince1970: 1_830_470_400)
        let items = [
            InFlight(.message(id: "m1"), at: id(80_000_203)), InFlight(.message(id: "m2"), at: id(80_000_202)),
            InFlight(.deadline(messageID: "m3", rule: "assess", due: due), at: id(80_000_401)),
        ]
        let needs: [Need] = [.contactPoint, .bup, .schoolHealth, .ppt]
        let run = DryRun(registry, on: Oslo.mergerDay, needs: needs, inFlight: items, decided: Oslo.today)
        #expect(run.reforms == ["oslo-2028"] && run.gaps.isEmpty && !run.isClean)
        #expect(run.changes.count == 36, "18 pieces, contact point and school health service")
        let report = run.report(in: registry)
        #expect(report[0] == "dry run for 2028-01-01: reforms oslo-2028")
        #expect(report[1].hasPrefix("UNDECIDED message m2 at 80000202"))
        #expect(report.contains { $0.hasPrefix("move message m1: 80000203 -> 80000222") })
        #expect(report.last == "0 gaps, 36 changes, 2 of 3 under way concerned")
        #expect(DryRun(registry, on: Oslo.mergerDay.eve, needs: needs, inFlight: items, decided: Oslo.today).isClean)
    }

    @Test("a new bydel that nobody answers for is a gap when the old doors end")
    func gap() throws {
        var book = registry.book
        for position in book.doors.indices where book.doors[position].serviceType == DoorCode("02", list: "8666") {
            if book.doors[position].period.from.map({ $0 < Oslo.mergerDay }) ?? true {
                book.doors[position].period.to = Oslo.mergerDay.eve
            }
        }
        book.doors.removeAll { $0.id == id(80_000_224) }
        let run = DryRun(DoorRegistry(book), on: Oslo.mergerDay, needs: [.contactPoint], inFlight: [], decided: Oslo.today)
        #expect(run.gaps.map(\.area) == [AreaID("030108"), AreaID("0301091")])
        #expect(run.report(in: registry)[1].hasPrefix("GAP contact-point 030108 Nordre Aker"))
    }

    @Test("every old contact point has one end in the reform, whatever piece the child lives in")
    func allPieces() {
        let geography = registry.book.geography
        for number in 1...15 {
            let bydel = AreaID("0301" + (number < 10 ? "0" : "") + "\(number)")
            for atom in geography.atoms(of: bydel) {
                guard case .moves(let note) = forward(80_000_200 + Int64(number), place: .area(atom)) else {
                    Issue.record("\(atom)")
                    continue
                }
                #expect(note.to == resolver.resolve(.contactPoint, for: .area(atom), on: Oslo.mergerDay).door)
            }
        }
    }
}
