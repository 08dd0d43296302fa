import Foundation
import MadeUpRegistry
import Practice
import Testing

@Suite("Search by what services do")
struct ServiceSearchTests {
    let search: ServiceSearch

    init() throws { search = ServiceSearch(try Oslo.registry()) }

    private func names(_ text: String, on day: DoorDay = Oslo.today) -> [String] {
        search.search(text, on: day).hits.map { name($0) }
    }

    private func name(_ hit: ServiceSearch.Hit) -> String {
        switch hit.found {
        case .offer(let offer): offer.name
        case .door(let door): search.registry[door]?.name ?? ""
        }
    }

    @Test("angst 14 år Sagene: the bydel's own talks for youth come first, with the reasons")
    func anxiety() throws {
        let answer = search.search("angst 14 år Sagene", on: Oslo.today)
        let first = try #require(answer.hits.first)
        #expect(name(first) == "Samtalerommet")
        #expect(
            search.bokmaal(first) == [
                "hjelper med angst og uro («angst»)", "er for Sagene", "er for 12–20 år", "kan kontaktes uten henvisning",
            ])
        #expect(answer.query.ages == 14...14 && answer.query.areas == [AreaID("030103")])
        #expect(answer.contactPoints == [id(80_000_203)])
        #expect(answer.notUnderstood.isEmpty)
    }

    @Test("one word finds the same service in every bydel, whatever it is called there", arguments: Oslo.bydeler)
    func sameWord(bydel: String) throws {
        let first = try #require(search.search("foreldreveiledning \(bydel)", on: Oslo.today).hits.first)
        guard case .offer(let offer) = first.found else {
            Issue.record("\(first)")
            return
        }
        #expect(offer.id.hasSuffix("-familie"))
        #expect(!offer.name.lowercased().contains("foreldreveiledning"), "no name gives it away")
    }

    @Test(
        "the forms and words that people use lead to the same term",
        arguments: [
            ("engstelig", "angst"), ("angsten", "angst"), ("panikkanfall", "angst"), ("angstbehandling", "angst"),
            ("bekymringer", "angst"),
            ("foreldrerettleiing", "foreldreveiledning"), ("veiledning til foreldre", "foreldreveiledning"),
            ("foreldreveiledningen", "foreldreveiledning"),
            ("skolevegring", "skolefravaer"), ("vil ikke på skolen", "skolefravaer"), ("skuleangst", "skolefravaer"),
            ("deprimert", "nedstemthet"),
            ("mobbes", "mobbing"), ("søvnproblemene", "sovn"), ("ADHD", "konsentrasjon"), ("helsesøster", "skolehelsetjeneste"),
            ("foreldrevegledning", "foreldreveiledning"), ("skilsmise", "samlivsbrudd"),
        ])
    func terms(written: String, term: String) {
        #expect(
            search.understand(written, on: Oslo.today).words.map(\.term).contains(term),
            "\(search.understand(written, on: Oslo.today))")
    }

    @Test(
        "ages are read as people write them",
        arguments: [
            ("angst 14 år", 14...14), ("14-åring med angst", 14...14), ("14åring", 14...14), ("fjorten år gammel", 14...14),
            ("10-12 år", 10...12),
            ("mobbing 7 års", 7...7),
        ])
    func ages(text: String, ages: ClosedRange<Int>) {
        #expect(search.understand(text, on: Oslo.today).ages == ages)
    }

    @Test("a number without years is no age", arguments: ["angst 14", "2028 angst", "bydel 3", "angst 300 år"])
    func noAge(text: String) {
        #expect(search.understand(text, on: Oslo.today).ages == nil)
    }

    @Test("what is for another age is not shown")
    func otherAge() {
        #expect(!names("angst 7 år Sagene").contains("Samtalerommet"))
        #expect(
            names("angst 7 år Sagene").contains("Psykologtjenesten for barn og unge, Bydel Sagene"), "wider help is still found")
        #expect(names("angst 20 år Sagene").contains("Samtalerommet") && !names("angst 21 år Sagene").contains("Samtalerommet"))
    }

    @Test("nothing of another bydel is shown, and what is for the whole city is")
    func otherBydel() {
        for hit in search.search("psykisk helse rus Sagene", on: Oslo.today, limit: 100).hits {
            guard case .offer(let offer) = hit.found else { continue }
            #expect(["030103", "0301"].contains(offer.area.value))
        }
        #expect(names("rus Sagene").contains("Ung Arena Test, ungdomssamtaler"))
    }

    @Test("Gamle Oslo is not Oslo, Nordstrand not Søndre Nordstrand")
    func longestName() {
        #expect(search.understand("angst Gamle Oslo", on: Oslo.today).areas == [AreaID("030101")])
        #expect(search.understand("angst i Søndre Nordstrand", on: Oslo.today).areas == [AreaID("030115")])
        #expect(search.understand("sagenes tilbud", on: Oslo.today).areas == [AreaID("030103")])
    }

    @Test("doors that nobody has described are found by their service type")
    func byServiceType() {
        let answer = search.search("utredning BUP", on: Oslo.today)
        let doors = answer.hits.compactMap { if case .door(let door) = $0.found { door } else { nil } }
        #expect(Set(doors) == [id(80_000_401), id(80_000_402), id(80_000_501)])
    }

    @Test("a local name is found by its words, and a word nobody knows is said")
    func localName() throws {
        #expect(names("fyrlykta").first == "Fyrlykta")
        let answer = search.search("kvantefysikk Sagene", on: Oslo.today)
        #expect(answer.hits.isEmpty && answer.notUnderstood == ["kvantefysikk"])
        #expect(answer.contactPoints == [id(80_000_203)], "somebody to ask is named all the same")
    }

    @Test("after the merger the old and the new name find the services of the place")
    func afterMerger() {
        #expect(names("angst Sagene", on: Oslo.mergerDay).first == "Samtalerommet")
        #expect(names("angst Sentrum nord", on: Oslo.mergerDay).contains("Samtalerommet"))
        let nurses = search.search("helsesykepleier Sagene", on: Oslo.mergerDay).hits.filter {
            $0.why.contains { if case .does = $0 { true } else { false } }
        }
        #expect(nurses.map(name) == ["Helsestasjons- og skolehelsetjenesten Bydel Sentrum nord"], "the ended one is gone")
    }

    @Test("a rejection finds the way onward in the family's bydel, what needs no referral first")
    func onward() throws {
        let answer = search.wayOnward(terms: ["angst", "skolefravaer"], place: .named("Sagene"), age: 14, on: Oslo.today)
        let first = try #require(answer.hits.first)
        guard case .offer(let offer) = first.found else {
            Issue.record("no offer")
            return
        }
        #expect(offer.access == .direct && offer.area == AreaID("030103"))
        #expect(answer.hits.map(name).contains("Nærværsteamet Sagene"))
        #expect(answer.contactPoints == [id(80_000_203)])
    }

    @Test("for a protected address the way onward names nothing local")
    func protectedOnward() {
        let answer = search.wayOnward(
            terms: ["angst"], place: Place(AreaID("030103"), isProtected: true), age: 14, on: Oslo.today)
        #expect(answer.hits.isEmpty && answer.contactPoints.isEmpty && answer.query.areas.isEmpty)
    }

    @Test(
        "a pasted letter, signs alone and nothing at all are answered",
        arguments: ["", "   ", "!!!", String(repeating: "angst og uro ", count: 5_000), "år", "14 år"])
    func odd(text: String) {
        #expect(search.search(text, on: Oslo.today).hits.count <= 10)
    }

    @Test("any text of any letters is answered, the same way twice")
    func anything() {
        let letters = Array("abcdeæøåßжa1 3.-«år»\u{301}\u{1F600}\n")
        for seed in UInt64(1)...300 {
            var numbers = SeededNumbers(seed: seed)
            let text = String((0..<Int.random(in: 0...40, using: &numbers)).map { _ in letters.randomElement(using: &numbers)! })
            #expect(search.search(text, on: Oslo.today) == search.search(text, on: Oslo.today))
        }
    }

    @Test(
        "word forms meet",
        arguments: [
            ("foreldre", "foreldrenes"), ("barn", "barnet"), ("ungdom", "ungdommer"), ("samtale", "samtalene"),
            ("angst", "angsten"),
        ])
    func stems(one: String, other: String) {
        #expect(WordForms.stem(one) == WordForms.stem(other))
    }

    @Test("short words keep their letters", arguments: ["rus", "uro", "ute", "far", "mor"])
    func short(word: String) {
        #expect(WordForms.stem(word) == word)
    }
}
