/// What was looked at on a node, and what is wrong with it.
public struct DoctorReport: Sendable, Codable, Hashable {
    public enum Verdict: String, Sendable, Codable, CaseIterable, Comparable {
        case ok
        /// It works, and somebody should look at it.
        case warning
        /// It does not work, or will not soon.
        case wrong

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
    }

    /// One thing that was looked at.
    public struct Finding: Sendable, Codable, Hashable {
        /// Which part of the node: configuration, clock, keys, certificates, trust, registry, disk, store, queue, partner.
        public let area: String
        public let verdict: Verdict
        /// What was found, with the file, party or figure.
        public let found: String
        /// What to do about it; nil when there is nothing to do.
        public let remedy: String?
    }

    public private(set) var findings: [Finding] = []

    /// The worst of all findings.
    public var verdict: Verdict { findings.map(\.verdict).max() ?? .ok }

    mutating func ok(_ area: String, _ found: String) {
        findings.append(Finding(area: area, verdict: .ok, found: found, remedy: nil))
    }

    mutating func warn(_ area: String, _ found: String, _ remedy: String) {
        findings.append(Finding(area: area, verdict: .warning, found: found, remedy: remedy))
    }

    mutating func wrong(_ area: String, _ found: String, _ remedy: String) {
        findings.append(Finding(area: area, verdict: .wrong, found: found, remedy: remedy))
    }
}
