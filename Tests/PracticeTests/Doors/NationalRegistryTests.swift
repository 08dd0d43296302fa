import Foundation
import MadeUpRegistry
import Practice
import Testing

@Suite("A registry of many parties")
struct NationalRegistryTests {
    private static let parties = 1_500
    /// Made once for all of the tests.
    private static let made = Result {
        var maker = NationalRegistry(seed: 2026)
        return DoorRegistry(try maker.book(around: try Oslo.book(), parties: parties))
    }

    let small: DoorRegistry
    let large: DoorRegistry

    init() throws { (small, large) = (try Oslo.registry(), try Self.made.get()) }

    @Test("the same seed makes the same registry, and it reads as it was written")
    func seed() throws {
        var again = NationalRegistry(seed: 2026)
        #expect(try again.book(around: small.book, parties: Self.parties).doors == large.book.doors)
        var other = NationalRegistry(seed: 2027)
        #expect(try other.book(around: small.book, parties: Self.parties).doors != large.book.doors)
        let read = try DoorFile.read([DoorFile.written(large.book)], certificates: DoorFile.noCertificates)
        #expect(read.doors == large.book.doors)
    }

    @Test("strangers from the whole country change no answer for Oslo")
    func sameAnswers() {
        for need in [Need.contactPoint, .bup, .schoolHealth, .ppt] {
            for area in small.book.geography.areas.keys {
                for day in [Oslo.today, Oslo.mergerDay] {
                    #expect(
                        Resolver(large).resolve(need, for: .area(area), on: day)
                            == Resolver(small).resolve(need, for: .area(area), on: day))
                }
            }
        }
    }

    @Test("a search in Oslo shows nothing from the rest of the country")
    func sameHits() {
        let (few, many) = (ServiceSearch(small), ServiceSearch(large))
        for question in ["angst 14 år Sagene", "foreldreveiledning Alna", "helsesykepleier Bjerke", "rus Frogner"] {
            #expect(
                many.search(question, on: Oslo.today).hits.map(\.found) == few.search(question, on: Oslo.today).hits.map(\.found))
        }
    }

    @Test("reviewed against itself nothing is held; with one key changed, that one")
    func review() throws {
        var answer = IncomingAnswer(.everything, doors: large.book.doors, asked: "https://registry.example/export")
        #expect(AnswerReview(answer, against: large.book.doors, today: Oslo.today).held.isEmpty)
        let position = try #require(answer.doors.lastIndex { !$0.certificates.isEmpty })
        answer.doors[position].certificates.removeLast()
        answer.doors[position].certificates.append(DoorCertificate(use: .encryption, fingerprint: SmallRegistry.key))
        let review = AnswerReview(answer, against: large.book.doors, today: Oslo.today)
        #expect(review.held.map(\.change.door) == [answer.doors[position].id] && review.accepted.isEmpty)
        #expect(review.held.first?.suspicions == [.keyReplaced])
    }
}
