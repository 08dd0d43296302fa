/// For whom a text is and what is asked of it.
public struct ReadingProfile: Sendable, Hashable {
    /// What the first two sentences must say.
    public enum Answer: String, Sendable, Hashable, CaseIterable { case none, rejection, acceptance, forwarding }
    /// Whom the text speaks to.
    public enum Address: String, Sendable, Hashable, CaseIterable { case nobody, one, several }

    public var answer: Answer
    public var address: Address
    /// The readability index, in tenths: from `hard` on the text must be put right, from `heavy` on it should be. Of fewer than
    /// ``wordsForIndex`` words the index says too little, and it never must.
    public var heavyLixTenths: Int
    public var hardLixTenths: Int
    /// Words in a sentence, more than which should or must be put right.
    public var longSentence: Int
    public var hardSentence: Int
    /// More words than this want headings.
    public var wordsWithoutHeading: Int
    /// A part of a letter: what stands before and after it is not known here, so an abbreviation may be explained there.
    public var isPart: Bool

    public init(
        answer: Answer = .none, address: Address = .nobody, heavyLixTenths: Int = 350, hardLixTenths: Int = 450,
        longSentence: Int = 20, hardSentence: Int = 30, wordsWithoutHeading: Int = 150, isPart: Bool = false
    ) {
        (self.answer, self.address) = (answer, address)
        (self.heavyLixTenths, self.hardLixTenths) = (heavyLixTenths, hardLixTenths)
        (self.longSentence, self.hardSentence) = (longSentence, hardSentence)
        (self.wordsWithoutHeading, self.isPart) = (wordsWithoutHeading, isPart)
    }

    public static let wordsForIndex = 30
    /// A part of a letter, written by a clinician for a family: no answer and nobody addressed is asked of a part.
    public static let part = ReadingProfile(wordsWithoutHeading: 250, isPart: true)
    /// A whole letter to the guardians.
    public static func guardians(_ answer: Answer) -> ReadingProfile { ReadingProfile(answer: answer, address: .several) }
    /// A whole letter to a child or a young person.
    public static func young(_ answer: Answer) -> ReadingProfile { ReadingProfile(answer: answer, address: .one) }
}
