import Testing

@testable import Gateway

@Suite("Small numbers")
struct SmallNumbersTests {
    private typealias Edge = SmallNumbers.Edge

    /// A total that is the sum of its parts.
    private static func parts(_ counts: Int...) -> SmallNumbers {
        SmallNumbers(
            [Edge(from: 0, to: 1, count: counts.reduce(0, +))] + counts.map { Edge(from: 1, to: 0, count: $0) })
    }

    @Test("none hides nothing else: a category that nobody is in is no reason to hide the others")
    func none() {
        #expect(Self.parts(20, 0, 0).shown == [.count(20), .count(20), .few, .few])
        #expect(Self.parts(0, 0).shown == [.few, .few, .few])
    }

    @Test("five is shown, four is not, nor is none")
    func boundary() {
        #expect(Self.parts(5, 5).shown == [.count(10), .count(5), .count(5)])
        #expect(Self.parts(9, 4).shown.last == .few)
        #expect(Self.parts(9, 0).shown.last == .few)
    }

    @Test("one small part is not left to be worked out from the total and the others")
    func difference() {
        let shown = Self.parts(30, 12, 3).shown
        #expect(shown == [.count(45), .count(30), .hidden, .few])
    }

    @Test("two small parts whose sum would tell both are not left alone either")
    func sums() {
        for (one, other) in [(4, 4), (4, 3), (3, 3), (4, 1)] {
            #expect(Self.parts(20, one, other).shown[1] == .hidden, "\(one) and \(other)")
        }
        // Either of them may be none, and the other all four.
        #expect(Self.parts(20, 2, 2).shown == [.count(24), .count(20), .few, .few])
        #expect(Self.parts(20, 3, 0).shown == [.count(23), .count(20), .few, .few])
    }

    @Test("a total of parts that are all small tells nothing of them")
    func allSmall() {
        let shown = Self.parts(3, 3).shown
        #expect(shown.allSatisfy { $0.value == nil })
        #expect(Self.parts(1, 1).shown == [.few, .few, .few])
    }

    /// Rows and columns with their totals: 0 all, 1 its rows, 2 and 3 rows, 4 and 5 columns, 6 behind them.
    private static func table(_ cells: [[Int]]) -> [Edge] {
        let (width, rows) = (cells[0].count, cells.count)
        let all = cells.joined().reduce(0, +)
        var edges = [Edge(from: 0, to: 1, count: all)]
        for (row, counts) in cells.enumerated() {
            edges.append(Edge(from: 1, to: 2 + row, count: counts.reduce(0, +)))
            for (column, count) in counts.enumerated() {
                edges.append(Edge(from: 2 + row, to: 2 + rows + column, count: count))
            }
        }
        for column in 0..<width {
            edges.append(Edge(from: 2 + rows + column, to: 0, count: cells.reduce(0) { $0 + $1[column] }))
        }
        return edges
    }

    @Test(
        "in a table nothing small can be worked out by rows, by columns or by both, whatever the numbers: tried against every table that there is"
    )
    func everyTable() {
        let tables = [
            [[1, 6], [7, 6]], [[1, 6], [6, 2]], [[4, 4], [6, 7]], [[0, 3], [5, 6]], [[3, 3], [3, 3]], [[1, 0], [0, 1]],
            [[5, 5], [5, 4]],
            [[2, 5], [1, 5]],
        ]
        for cells in tables {
            let edges = Self.table(cells)
            let shown = SmallNumbers(edges).shown
            let isAllHidden = shown.allSatisfy { $0 == .hidden }
            var possible: [Int: Set<Int>] = [:]
            for number in 0..<(11 * 11 * 11 * 11) {
                let values = [number % 11, number / 11 % 11, number / 121 % 11, number / 1331]
                let other = Self.table([[values[0], values[1]], [values[2], values[3]]])
                let agrees = zip(shown, other).allSatisfy { shown, edge in
                    switch shown {
                    case .count(let count): edge.count == count
                    case .few: edge.count < 5
                    case .hidden: edge.count >= 5 || isAllHidden
                    }
                }
                if agrees { for index in edges.indices { possible[index, default: []].insert(other[index].count) } }
            }
            for index in edges.indices where (1...4).contains(edges[index].count) {
                #expect(shown[index].value == nil && possible[index]?.contains(0) == true, "\(cells): \(shown), \(index)")
            }
        }
    }

    @Test("nothing is hidden where nothing is small")
    func nothingSmall() {
        #expect(SmallNumbers(Self.table([[5, 17], [9, 100]])).shown.allSatisfy { $0.value != nil })
        #expect(SmallNumbers([]).shown.isEmpty)
    }
}
