/// Counts of persons that are to be shown to somebody who must not learn of any one person.
///
/// A count below five is not shown, and neither is one from which it could be worked out that there is somebody in it. The counts
/// stand in a network: each is an edge, and at each node what comes in is what goes out, as rows and columns of a table add
/// up to their totals. Everybody who reads the figures knows that too. So it is tried out whether each count from one to four
/// could, as far as the reader knows, be none; while one could not, the smallest figure beside it is hidden too. That a count is
/// none may be worked out: it tells of nobody.
struct SmallNumbers: Sendable {
    /// Counts from here on are shown.
    static let least = 5

    struct Edge: Sendable {
        let from: Int
        let to: Int
        let count: Int
    }

    enum Shown: Sendable, Hashable {
        case count(Int)
        /// Below ``SmallNumbers/least``.
        case few
        /// Shown, it would tell of another that is small.
        case hidden

        var value: Int? { if case .count(let count) = self { count } else { nil } }
    }

    private let edges: [Edge]
    private let nodes: Int
    private(set) var shown: [Shown]
    /// Where even hiding all that is not small tells of one that is, none says any more whether it is small.
    private var tellsNothing = false

    /// - Parameter edges: counts that add up: at every node as much comes in as goes out.
    init(_ edges: [Edge]) {
        self.edges = edges
        nodes = (edges.flatMap { [$0.from, $0.to] }.max() ?? -1) + 1
        shown = edges.map { $0.count < Self.least ? .few : .count($0.count) }
        protect()
    }

    private mutating func protect() {
        for small in smallOnes {
            while !isProtected(small) {
                guard let next = nextToHide(for: small) else { return hideAll() }
                shown[next] = .hidden
            }
        }
        // Hiding one for the sake of another never tells more of a third: nothing that was possible becomes impossible.
        showAgain()
    }

    private var smallOnes: [Int] { edges.indices.filter { (1..<Self.least).contains(edges[$0].count) } }

    /// What was hidden in vain, the largest first.
    private mutating func showAgain() {
        let hidden = edges.indices.filter { shown[$0] == .hidden }
        for edge in hidden.sorted(by: { edges[$0].count > edges[$1].count }) {
            shown[edge] = .count(edges[edge].count)
            if !smallOnes.allSatisfy({ isProtected($0) }) { shown[edge] = .hidden }
        }
    }

    /// As of six that are three and three: that there are six or so tells that neither is none.
    private mutating func hideAll() {
        tellsNothing = true
        shown = shown.map { _ in .hidden }
    }

    /// Whether a reader must hold it possible that there is nobody in it. As many as there are they hold possible in any case, so
    /// they do not know how many.
    func isProtected(_ small: Int) -> Bool { isPossible(small, being: 0) }

    /// The smallest count that stands on a way around the small one; what is nearest first, so that little is hidden.
    private func nextToHide(for small: Int) -> Int? {
        let near = Set([edges[small].from, edges[small].to])
        let candidates = edges.indices.filter { shown[$0].value != nil }
        let beside = candidates.filter { near.contains(edges[$0].from) || near.contains(edges[$0].to) }
        return (beside.isEmpty ? candidates : beside).min { (edges[$0].count, $0) < (edges[$1].count, $1) }
    }

    /// Between which numbers a reader knows a count to be, before adding anything up.
    private func bounds(_ edge: Int) -> (low: Int, high: Int) {
        switch shown[edge] {
        case .count(let count): (count, count)
        case .few: (0, Self.least - 1)
        case .hidden: (tellsNothing ? 0 : Self.least, Self.beyond)
        }
    }

    private static let beyond = 1 << 40

    /// Whether everything that is shown agrees with that count being `value`: a circulation within the bounds exists (Hoffman).
    private func isPossible(_ chosen: Int, being value: Int) -> Bool {
        var flow = MaximumFlow(nodes: nodes + 2)
        let (source, sink) = (nodes, nodes + 1)
        var needed = 0
        for edge in edges.indices {
            let (low, high) = edge == chosen ? (value, value) : bounds(edge)
            flow.add(edges[edge].from, edges[edge].to, high - low)
            flow.add(source, edges[edge].to, low)
            flow.add(edges[edge].from, sink, low)
            needed += low
        }
        return flow.most(from: source, to: sink) == needed
    }
}

/// As much as goes through a network whose edges take so much each: shortest ways first (Edmonds and Karp).
private struct MaximumFlow {
    private var ends: [Int] = []
    /// What an edge still takes; its opposite stands beside it.
    private var room: [Int] = []
    private var leaving: [[Int]]

    init(nodes: Int) { leaving = Array(repeating: [], count: nodes) }

    mutating func add(_ from: Int, _ to: Int, _ most: Int) {
        guard most > 0 else { return }
        leaving[from].append(ends.count)
        (ends, room) = (ends + [to], room + [most])
        leaving[to].append(ends.count)
        (ends, room) = (ends + [from], room + [0])
    }

    mutating func most(from source: Int, to sink: Int) -> Int {
        var total = 0
        while let way = way(from: source, to: sink) {
            let amount = way.map { room[$0] }.min() ?? 0
            for edge in way {
                room[edge] -= amount
                room[edge ^ 1] += amount
            }
            total += amount
        }
        return total
    }

    private func way(from source: Int, to sink: Int) -> [Int]? {
        var cameBy: [Int: Int] = [:]
        var reached = [source]
        var next = 0
        while next < reached.count, cameBy[sink] == nil {
            for edge in leaving[reached[next]] where room[edge] > 0 && ends[edge] != source && cameBy[ends[edge]] == nil {
                cameBy[ends[edge]] = edge
                reached.append(ends[edge])
            }
            next += 1
        }
        guard cameBy[sink] != nil else { return nil }
        var (way, node) = ([Int](), sink)
        while node != source, let edge = cameBy[node] {
            way.append(edge)
            node = ends[edge ^ 1]
        }
        return way
    }
}
