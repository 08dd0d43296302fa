import Foundation
import MadeUpRegistry
import Practice
import Testing

@Suite("Resolving by need")
struct ResolverTests {
    let registry: DoorRegistry
    let resolver: Resolver

    init() throws {
        registry = try Oslo.registry()
        resolver = Resolver(registry)
    }

    @Test("every bydel's contact point and school health service until the merger", arguments: Array(Oslo.bydeler.enumerated()))
    func untilMerger(number: Int, bydel: String) {
        for day in [Oslo.today, Oslo.mergerDay.eve] {
            #expect(
                resolver.resolve(.contactPoint, for: .named("Bydel \(bydel)"), on: day).door == id(Int64(80_000_201 + number)))
            #expect(resolver.resolve(.schoolHealth, for: .named(bydel), on: day).door == id(Int64(80_000_301 + number)))
        }
    }

    @Test(
        "from the merger's first day the old name leads to the new door",
        arguments: [
            ("Gamle Oslo", 21), ("Sagene", 22), ("Frogner", 23), ("Nordre Aker", 24), ("Stovner", 25), ("Østensjø", 26),
            ("Nordstrand", 27),
        ])
    func afterMerger(bydel: String, number: Int64) {
        let answer = resolver.resolve(.contactPoint, for: .named(bydel), on: Oslo.mergerDay)
        #expect(answer.door == id(80_000_200 + number))
        #expect(
            answer.why.contains {
                if case .areaEnded(_, let last, let now, "oslo-2028") = $0 {
                    last == Oslo.mergerDay.eve && now.count == 1
                } else {
                    false
                }
            })
        #expect(answer.why.contains { if case .replaced(_, by: [id(80_000_200 + number)]) = $0 { true } else { false } })
    }

    @Test("a bydel that was split leads nowhere until somebody says which part", arguments: ["Grünerløkka", "Bjerke", "Alna"])
    func split(bydel: String) throws {
        let answer = resolver.resolve(.contactPoint, for: .named(bydel), on: Oslo.mergerDay)
        guard case .several(let candidates) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(candidates.count == 2)
        #expect(candidates.allSatisfy { $0.atoms.count == 1 })
        let text = answer.bokmaal(in: registry).joined(separator: "\n")
        #expect(text.contains("ingen er valgt"))
    }

    @Test(
        "the part of a split bydel has its door",
        arguments: [("Grünerløkka sør", 21), ("Grünerløkka nord", 22), ("Alna nord", 25), ("Alna sør", 26)])
    func part(name: String, number: Int64) {
        #expect(resolver.resolve(.contactPoint, for: .named(name), on: Oslo.mergerDay).door == id(80_000_200 + number))
        #expect(resolver.resolve(.contactPoint, for: .named(name), on: Oslo.mergerDay.eve).door != nil)
    }

    @Test(
        "BUP goes by catchment and says so",
        arguments: [("Bjerke", 80_000_401), ("Sagene", 80_000_401), ("Alna", 80_000_402), ("Gamle Oslo", 80_000_501)])
    func bup(bydel: String, door: Int64) {
        let answer = resolver.resolve(.bup, for: .named(bydel), on: Oslo.today)
        #expect(answer.door == id(door))
        #expect(answer.why.contains { if case .catchment(id(door), _) = $0 { true } else { false } })
        #expect(answer.bokmaal(in: registry)[0].contains("HER-id \(door)"))
    }

    @Test("a new bydel across two catchments gives both BUP and chooses none")
    func newBydelTwoCatchments() {
        let answer = resolver.resolve(.bup, for: .named("Groruddalen"), on: Oslo.mergerDay)
        guard case .several(let candidates) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(candidates.map(\.door) == [id(80_000_401), id(80_000_402)])
        #expect(resolver.resolve(.bup, for: .named("Grorud"), on: Oslo.mergerDay).door == id(80_000_401))
    }

    @Test("PPT is the municipality's in every bydel")
    func ppt() {
        for bydel in Oslo.bydeler + ["Oslo"] {
            #expect(resolver.resolve(.ppt, for: .named(bydel), on: Oslo.today).door == id(80_000_110), "\(bydel)")
        }
    }

    @Test("a municipality with many contact points gives all and chooses none")
    func wholeCity() {
        guard case .several(let candidates) = resolver.resolve(.contactPoint, for: .named("Oslo"), on: Oslo.today).outcome else {
            Issue.record("chose one")
            return
        }
        #expect(candidates.count == 15)
    }

    @Test("the GP is whom the register of GPs names, as long as the address is valid")
    func generalPractitioner() {
        func outcome(_ gp: AssignedGP) -> Resolution.Outcome {
            resolver.resolve(.generalPractitioner, for: .unknown, on: Oslo.today, gp: gp).outcome
        }
        #expect(outcome(.door(id(80_000_601))) == .found(id(80_000_601)))
        #expect(outcome(.door(id(80_000_603))) == .expired(id(80_000_603), lastDay: DoorDay("2025-06-30")))
        #expect(outcome(.door(id(80_000_600))) == .none(.gpIsNoPerson))
        #expect(outcome(.door(id(77))) == .none(.gpNotRegistered))
        #expect(outcome(.none) == .none(.noGP))
        #expect(outcome(.unknown) == .none(.gpNotAsked))
    }

    @Test("the retired GP was the right one on the last day and not on the next")
    func lastDay() {
        let retired = AssignedGP.door(id(80_000_603))
        func answer(_ day: String) -> DoorID? {
            resolver.resolve(.generalPractitioner, for: .unknown, on: DoorDay(day)!, gp: retired).door
        }
        #expect(answer("2025-06-30") == id(80_000_603))
        #expect(answer("2025-07-01") == nil)
        #expect(answer("2024-12-31") == nil)
    }

    @Test("nothing about place is in the answer for a protected address, whatever was known")
    func protected() {
        let bydeler = Oslo.bydeler.map { AreaID($0) } + registry.book.geography.areas.keys
        var answers: Set<Resolution> = []
        for need in [Need.contactPoint, .bup, .schoolHealth, .ppt, .generalPractitioner] {
            for area in bydeler {
                let answer = resolver.resolve(
                    need, for: Place(area, isProtected: true), on: Oslo.today, gp: .door(id(80_000_601)))
                #expect(answer.outcome == .protected && answer.why.isEmpty)
                answers.insert(answer)
                let text = answer.bokmaal(in: registry).joined()
                #expect(!Oslo.bydeler.contains { text.contains($0) } && !text.contains("80000"))
            }
        }
        #expect(answers.count == 5, "the answer depends on the need and the day alone")
    }

    @Test(
        "what cannot be answered says why",
        arguments: [(Place.named("Bærum"), Resolution.Absence.unknownPlace), (.unknown, .noPlace)])
    func nowhere(place: Place, absence: Resolution.Absence) {
        #expect(resolver.resolve(.bup, for: place, on: Oslo.today).outcome == .none(absence))
    }

    @Test("an unknown need and an area outside every catchment are two answers")
    func nobody() throws {
        #expect(resolver.resolve(Need("dentist"), for: .named("Sagene"), on: Oslo.today).outcome == .none(.unknownNeed))
        var book = registry.book
        book.catchments.removeAll { $0.areas.contains(AreaID("030103")) }
        #expect(Resolver(DoorRegistry(book)).resolve(.bup, for: .named("Sagene"), on: Oslo.today).outcome == .none(.noCatchment))
    }

    @Test("a catchment that has ended is expired, one that begins is not yet")
    func catchmentDays() throws {
        var book = registry.book
        book.catchments = [
            Catchment(
                need: .bup, door: id(80_000_401), areas: [AreaID("030103")],
                period: DoorPeriod(from: DoorDay("2026-01-01"), to: DoorDay("2026-06-30")))
        ]
        let resolver = Resolver(DoorRegistry(book))
        func outcome(_ day: String) -> Resolution.Outcome {
            resolver.resolve(.bup, for: .named("Sagene"), on: DoorDay(day)!).outcome
        }
        #expect(outcome("2025-12-31") == .notYet(id(80_000_401), firstDay: DoorDay("2026-01-01")))
        #expect(outcome("2026-01-01") == .found(id(80_000_401)))
        #expect(outcome("2026-06-30") == .found(id(80_000_401)))
        #expect(outcome("2026-07-01") == .expired(id(80_000_401), lastDay: DoorDay("2026-06-30")))
    }

    @Test("two doors for the same area are both named and none is chosen")
    func twoFit() throws {
        var book = registry.book
        var twin = try #require(registry[id(80_000_203)])
        twin.id = id(80_000_299)
        book.doors.append(twin)
        let answer = Resolver(DoorRegistry(book)).resolve(.contactPoint, for: .named("Sagene"), on: Oslo.today)
        guard case .several(let candidates) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(candidates.map(\.door) == [id(80_000_203), id(80_000_299)])
    }

    @Test("a door of the bydel goes before one of the whole city")
    func narrower() throws {
        var book = registry.book
        var wide = try #require(registry[id(80_000_203)])
        (wide.id, wide.area, wide.municipality) = (id(80_000_299), nil, AreaID("0301"))
        book.doors.append(wide)
        let answer = Resolver(DoorRegistry(book)).resolve(.contactPoint, for: .named("Sagene"), on: Oslo.today)
        #expect(answer.door == id(80_000_203))
        #expect(answer.why.contains(.narrower(id(80_000_203), than: [id(80_000_299)])))
    }

    @Test("a door that the registry calls inactive, or whose organisation it does, is not chosen")
    func inactive() throws {
        for target in [id(80_000_203), id(80_000_100)] {
            var book = registry.book
            let position = try #require(book.doors.firstIndex { $0.id == target })
            book.doors[position].isActive = false
            let answer = Resolver(DoorRegistry(book)).resolve(.contactPoint, for: .named("Sagene"), on: Oslo.today)
            #expect(answer.outcome == .expired(id(80_000_203), lastDay: nil))
            #expect(answer.why.contains(.inactive(id(80_000_203))))
        }
    }

    @Test("a hospital's or a GP's message reception is no contact point of the bydel")
    func otherBusiness() throws {
        var book = registry.book
        var stranger = try #require(registry[id(80_000_203)])
        (stranger.id, stranger.parent, stranger.area) = (id(80_000_499), id(80_000_400), AreaID("Sagene"))
        book.doors.append(stranger)
        #expect(Resolver(DoorRegistry(book)).resolve(.contactPoint, for: .named("Sagene"), on: Oslo.today).door == id(80_000_203))
    }

    @Test("without a successor the old door is kept after the merger, and the answer says so")
    func kept() throws {
        var book = registry.book
        book.doors.removeAll { $0.id == id(80_000_222) }
        let answer = Resolver(DoorRegistry(book)).resolve(.contactPoint, for: .named("Sagene"), on: Oslo.mergerDay)
        #expect(answer.door == id(80_000_203))
        #expect(answer.why.contains(.keptForLackOfSuccessor(id(80_000_203))))
    }

    @Test("whatever the registry says, a door that is found is open that day, is active, and is for all of the place")
    func foundIsRight() throws {
        var found = 0
        for seed in UInt64(1)...60 {
            var numbers = SeededNumbers(seed: seed)
            var book = registry.book
            for position in book.doors.indices {
                switch Int.random(in: 0..<6, using: &numbers) {
                case 0: book.doors[position].isActive = false
                case 1: book.doors[position].period.to = DoorDay(number: Oslo.today.number + .random(in: -2...2, using: &numbers))
                case 2:
                    book.doors[position].period.from = DoorDay(number: Oslo.today.number + .random(in: -2...2, using: &numbers))
                default: break
                }
            }
            let registry = DoorRegistry(book)
            for need in [Need.contactPoint, .bup, .schoolHealth, .ppt] {
                for area in book.geography.areas.keys.sorted() {
                    let day = [Oslo.today, Oslo.mergerDay][Int.random(in: 0...1, using: &numbers)]
                    guard let answer = Resolver(registry).resolve(need, for: .area(area), on: day).door else { continue }
                    found += 1
                    let door = try #require(registry.complete(answer))
                    #expect(door.isActive && door.period.contains(day), "seed \(seed) \(need) \(area) \(day)")
                    let reach =
                        need == .bup
                        ? book.catchments.filter { $0.door == answer }.flatMap {
                            $0.areas.flatMap { book.geography.atoms(of: $0) }
                        }
                        : registry.area(of: answer).map { book.geography.atoms(of: $0) } ?? []
                    if need != .ppt { #expect(Set(book.geography.atoms(of: area)).isSubset(of: reach)) }
                }
            }
        }
        #expect(found > 500)
    }

    @Test("the same question gives the same answer whatever order the doors stand in")
    func order() throws {
        var numbers = SeededNumbers(seed: 4)
        for _ in 0..<5 {
            var book = registry.book
            book.doors.shuffle(using: &numbers)
            book.catchments.shuffle(using: &numbers)
            let shuffled = Resolver(DoorRegistry(book))
            for bydel in Oslo.bydeler {
                for need in [Need.contactPoint, .bup, .ppt] {
                    for day in [Oslo.today, Oslo.mergerDay] {
                        #expect(
                            shuffled.resolve(need, for: .named(bydel), on: day).outcome
                                == resolver.resolve(need, for: .named(bydel), on: day).outcome)
                    }
                }
            }
        }
    }
}
