/// One of the two faces that a letter is set in.
enum PageFace: Int, Sendable, CaseIterable {
    case regular
    case bold
}

/// How a kind of text stands on the page. All measures in points of 1/72 inch.
struct PageStyle: Sendable {
    let face: PageFace
    let size: Double
    let leading: Double
    let before: Double
    let indent: Double

    static let title = PageStyle(face: .bold, size: 18, leading: 23, before: 0, indent: 0)
    static let heading = PageStyle(face: .bold, size: 13, leading: 18, before: 16, indent: 0)
    static let text = PageStyle(face: .regular, size: 11.5, leading: 17, before: 9, indent: 0)
    static let item = PageStyle(face: .regular, size: 11.5, leading: 17, before: 4, indent: 20)
    /// A line right below the one before it.
    static let line = PageStyle(face: .regular, size: 11.5, leading: 17, before: 0, indent: 0)
}

/// What of a line belongs to one element of the letter's structure.
struct PageRun: Sendable {
    let element: Int
    let face: PageFace
    let size: Double
    let x: Double
    let text: String
}

struct PageLine: Sendable {
    let runs: [PageRun]
    let leading: Double
    let before: Double
}

/// Lines that stay on one page.
struct PageChunk: Sendable {
    var lines: [PageLine]

    /// - Parameter isFirst: nothing stands above it.
    func height(isFirst: Bool) -> Double {
        lines.enumerated().reduce(0) { $0 + $1.element.leading + (isFirst && $1.offset == 0 ? 0 : $1.element.before) }
    }
}

/// Breaks text into lines and lines into pages.
struct PageLayout {
    /// A4, with margins of 22 mm.
    static let (width, height, margin) = (595.28, 841.89, 62.4)

    private let measure: (String, PageFace) throws(PageError) -> Double
    private var chunks: [PageChunk] = []
    /// A heading never stands at the foot of a page.
    private var waiting: [PageLine] = []

    /// - Parameter measure: the width of a text at size 1.
    init(measure: @escaping (String, PageFace) throws(PageError) -> Double) { self.measure = measure }

    /// Puts a text below what there is.
    ///
    /// - Parameters:
    ///   - element: which element of the structure it is.
    ///   - label: what stands before it, and which element that is.
    ///   - keepsNext: what comes below it stands on the same page.
    ///   - goesOn: the element has more lines than these.
    mutating func add(
        _ text: String, _ style: PageStyle, element: Int, label: (text: String, element: Int)? = nil, keepsNext: Bool = false,
        goesOn: Bool = false
    ) throws(PageError) {
        let broken = try lines(of: text, style)
        var lines: [PageLine] = []
        for (index, line) in broken.enumerated() {
            // The space that the line was broken at is still read out.
            let isLast = index == broken.count - 1 && !goesOn
            let run = PageRun(
                element: element, face: style.face, size: style.size, x: Self.margin + style.indent,
                text: isLast ? line : line + " ")
            let labels = index > 0 ? [] : label.map { Self.run($0, style) } ?? []
            lines.append(PageLine(runs: labels + [run], leading: style.leading, before: index == 0 ? style.before : 0))
        }
        if keepsNext {
            waiting += lines
        } else {
            close(lines)
        }
    }

    private static func run(_ label: (text: String, element: Int), _ style: PageStyle) -> [PageRun] {
        [
            PageRun(
                element: label.element, face: style.face, size: style.size, x: margin + style.indent - 16,
                text: label.text)
        ]
    }

    /// At least two lines of a text stand together.
    private mutating func close(_ lines: [PageLine]) {
        var rest = lines[...]
        let first = rest.count <= 3 ? rest.count : 2
        chunks.append(PageChunk(lines: waiting + rest.prefix(first)))
        waiting = []
        rest = rest.dropFirst(first)
        while !rest.isEmpty {
            let count = rest.count == 2 ? 2 : 1
            chunks.append(PageChunk(lines: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
    }

    /// The pages, each with its lines and where each stands, from the top.
    func pages() -> [[(line: PageLine, baseline: Double)]] {
        let room = Self.height - 2 * Self.margin
        var pages: [[(line: PageLine, baseline: Double)]] = [[]]
        var used = 0.0
        for chunk in chunks + (waiting.isEmpty ? [] : [PageChunk(lines: waiting)]) {
            if used > 0, used + chunk.height(isFirst: false) > room {
                pages.append([])
                used = 0
            }
            for line in chunk.lines {
                used += (used == 0 ? 0 : line.before) + line.leading
                pages[pages.count - 1].append((line, Self.height - Self.margin - used + 0.28 * line.leading))
            }
        }
        return pages
    }

    // MARK: - Lines

    /// Broken at spaces; a word that is wider than the page, within itself.
    private func lines(of text: String, _ style: PageStyle) throws(PageError) -> [String] {
        let room = (Self.width - 2 * Self.margin - style.indent) / style.size
        let space = try measure(" ", style.face)
        var (lines, line, used): ([String], String, Double) = ([], "", 0)
        for word in text.split(whereSeparator: { $0 == " " || $0.isNewline }) {
            for piece in try pieces(of: String(word), room, style.face) {
                let width = try measure(piece.text, style.face)
                if line.isEmpty {
                    (line, used) = (piece.text, width)
                } else if !piece.isBroken, used + space + width <= room {
                    line += " " + piece.text
                    used += space + width
                } else {
                    lines.append(line)
                    (line, used) = (piece.text, width)
                }
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// - Returns: the word, or as much of it as a line holds at a time; those after the first begin a line.
    private func pieces(
        of word: String, _ room: Double, _ face: PageFace
    ) throws(PageError) -> [(text: String, isBroken: Bool)] {
        if try measure(word, face) <= room { return [(word, false)] }
        var (pieces, piece): ([(String, Bool)], String) = ([], "")
        for character in word {
            if !piece.isEmpty, try measure(piece + String(character), face) > room {
                pieces.append((piece, !pieces.isEmpty))
                piece = ""
            }
            piece.append(character)
        }
        return pieces + [(piece, !pieces.isEmpty)]
    }
}
