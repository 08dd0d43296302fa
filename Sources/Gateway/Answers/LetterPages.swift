import Foundation
public import Practice

/// Makes letters into PDF: by itself, with fonts of this machine, or by the program that the settings name instead.
public struct LetterPages: Sendable {
    /// Of Debian's `fonts-dejavu-core`: regular, then bold. They have the letters of Norwegian, Sámi and most names.
    public static let standardFonts = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map { "/usr/share/fonts/truetype/dejavu/" + $0 }

    private let make: @Sendable (Letter) throws(LetterConverter.Failure) -> [UInt8]

    /// - Parameter fonts: files of the regular and of the bold face; the first stands for both when there is one.
    public init(fonts: [String]) {
        make = { letter throws(LetterConverter.Failure) in
            let faces = try Self.faces(fonts)
            do { return try letter.pdf(faces) } catch { throw LetterConverter.Failure("\(error) (letters.fonts)") }
        }
    }

    init(_ converter: LetterConverter) {
        make = { letter throws(LetterConverter.Failure) in try converter.pdf(of: letter.html) }
    }

    /// What the settings say.
    init(_ settings: LetterSettings) {
        self = settings.converter.isEmpty ? LetterPages(fonts: settings.fonts) : LetterPages(LetterConverter(settings))
    }

    /// - Throws: why it was not made, without a word of the letter.
    public func pdf(of letter: Letter) throws(LetterConverter.Failure) -> [UInt8] { try make(letter) }

    /// - Throws: which font cannot be used, and what to do.
    static func faces(_ fonts: [String]) throws(LetterConverter.Failure) -> LetterFonts {
        guard let first = fonts.first else { throw LetterConverter.Failure("no fonts are set (letters.fonts)") }
        let regular = try font(first)
        return LetterFonts(regular: regular, bold: fonts.count > 1 ? try font(fonts[1]) : regular)
    }

    private static func font(_ path: String) throws(LetterConverter.Failure) -> FontFile {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw LetterConverter.Failure(
                "the font \(path) cannot be read; install fonts-dejavu-core, or name other TrueType fonts in letters.fonts")
        }
        do { return try FontFile(Array(bytes)) } catch { throw LetterConverter.Failure("\(path): \(error) (letters.fonts)") }
    }
}
