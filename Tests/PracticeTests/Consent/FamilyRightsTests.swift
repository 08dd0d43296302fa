import Foundation
import Practice
import Testing

@Suite("Who of a family may write, and read")
struct FamilyRightsTests {
    private let born: OsloDay
    private let (twelve, sixteen): (Date, Date)

    init() throws {
        born = try #require(OsloDay("2014-03-17"))
        twelve = AgeRules.standard.reaches(12, born: born)
        sixteen = AgeRules.standard.reaches(16, born: born)
    }

    private func refusal(
        _ role: FamilyRights.Role, kept: Bool = false, at instant: Date
    ) -> FamilyRights.Refusal.Kind? {
        do throws(FamilyRights.Refusal) {
            try FamilyRights(role, isKept: kept, born: born).checkWriting(at: instant)
            return nil
        } catch { return error.kind }
    }

    private func readers(_ role: FamilyRights.Role, kept: Bool = false, at instant: Date) -> [FamilyRights.Role] {
        FamilyRights.Role.allCases.filter { FamilyRights(role, isKept: kept, born: born).mayRead($0, at: instant) }
    }

    @Test("under twelve the guardians write and read, to the second before midnight")
    func underTwelve() {
        #expect(refusal(.guardian, at: twelve - 1) == nil)
        #expect(refusal(.youngPerson, at: twelve - 1) == .tooYoungForOwnMail)
        #expect(refusal(.together, at: twelve - 1) == .tooYoungForOwnMail)
        #expect(readers(.guardian, at: twelve - 1) == [.guardian])
        #expect(refusal(.youngPerson, at: twelve) == nil)
    }

    @Test("from twelve the child writes too, and may keep its own from the guardians; nobody keeps anything else")
    func twelveToSixteen() {
        for role in FamilyRights.Role.allCases { #expect(refusal(role, at: twelve) == nil) }
        #expect(refusal(.youngPerson, kept: true, at: twelve) == nil)
        #expect(refusal(.guardian, kept: true, at: twelve) == .keptBySomebodyElse)
        #expect(refusal(.together, kept: true, at: twelve) == .keptBySomebodyElse)
        #expect(readers(.youngPerson, at: sixteen - 1) == [.guardian, .youngPerson])
        #expect(readers(.youngPerson, kept: true, at: sixteen - 1) == [.youngPerson])
        #expect(readers(.guardian, at: sixteen - 1) == [.guardian])
        #expect(readers(.together, at: sixteen - 1) == [.guardian, .youngPerson])
    }

    @Test("at midnight of the sixteenth birthday the guardians lose what was not written together, and the young person gets it")
    func sixteenAtMidnight() {
        #expect(refusal(.guardian, at: sixteen - 1) == nil && refusal(.guardian, at: sixteen) == .youngPersonDecides)
        #expect(refusal(.youngPerson, kept: true, at: sixteen) == .keptBySomebodyElse)
        for role in [FamilyRights.Role.guardian, .youngPerson] { #expect(readers(role, at: sixteen) == [.youngPerson]) }
        #expect(readers(.together, at: sixteen) == [.guardian, .youngPerson])
        #expect(readers(.youngPerson, kept: true, at: sixteen) == [.youngPerson])
    }

    @Test("nobody writes for a child that is not born, and a refusal says what to do")
    func unborn() {
        #expect(refusal(.guardian, at: born.start - 1) == .notBorn)
        #expect(refusal(.guardian, at: born.start) == nil)
        for (role, instant) in [(FamilyRights.Role.youngPerson, twelve - 1), (.guardian, sixteen), (.guardian, born.start - 1)] {
            do throws(FamilyRights.Refusal) {
                try FamilyRights(role, born: born).checkWriting(at: instant)
                Issue.record("not refused")
            } catch { #expect(error.description.hasSuffix(".")) }
        }
    }
}
