/// The two written forms of Norwegian a letter can be in. The raw value is the language tag of the letter.
public enum WrittenLanguage: String, Sendable, Hashable, CaseIterable, Codable {
    case bokmal = "nb"
    case nynorsk = "nn"
}
