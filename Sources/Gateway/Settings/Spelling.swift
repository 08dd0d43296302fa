/// Finds what someone probably meant to write.
enum Spelling {
    /// The candidate with the fewest differing letters, when few enough differ for it to be a slip; of several, the one that
    /// begins alike the longest. Letter case is ignored.
    ///
    /// - Parameter tolerated: how many letters may differ; by default a third, at least two.
    static func nearest(to word: String, in candidates: some Sequence<String>, tolerated: Int? = nil) -> String? {
        let word = letters(word)
        let tolerated = tolerated ?? max(2, word.count / 3)
        var best: (distance: Int, alike: Int, name: String)?
        for name in candidates {
            let candidate = letters(name)
            guard abs(candidate.count - word.count) <= tolerated else { continue }
            let found = distance(word, candidate)
            guard found <= tolerated, found < word.count else { continue }
            let alike = zip(word, candidate).prefix { $0 == $1 }.count
            if let best, (best.distance, -best.alike, best.name) <= (found, -alike, name) { continue }
            best = (found, alike, name)
        }
        return best?.name
    }

    private static func letters(_ word: String) -> [Unicode.Scalar] { Array(word.lowercased().unicodeScalars.prefix(80)) }

    /// Insertions, deletions, replacements and exchanges of neighbours that lead from one to the other.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
