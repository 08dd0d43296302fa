import Envelope

/// What came of one sample.
public enum SampleVerdict: String, Sendable, Hashable, CaseIterable {
    /// Read, nothing to remark; a signature, if there is one, verifies.
    case accepted
    /// Read, and its signature, if there is one, verifies; what the sender does differently is in the reason.
    case acceptedWithDeviations = "accepted-with-deviations"
    /// Of a kind that is read, and refused: malformed, or its signature does not verify.
    case refused
    /// Not a format msggw reads.
    case skipped
}

/// One sample, its verdict and the reason in one line, without anything that names a person.
public struct JudgedSample: Sendable, Hashable, CustomStringConvertible {
    /// Folder and path below it, with slashes.
    public let name: String
    public let verdict: SampleVerdict
    public let reason: String

    public init(name: String, verdict: SampleVerdict, reason: String) {
        (self.name, self.verdict, self.reason) = (name, verdict, reason)
    }

    public var description: String { "\(name): \(verdict.rawValue): \(reason)" }
}

extension JudgedSample {
    init(name: String, _ inspection: Inspection) {
        switch inspection.outcome {
        case .unreadable where inspection.failure == nil:
            self.init(
                name: name, verdict: .skipped, reason: "not a format msggw reads (\(inspection.looksLike ?? "nothing known"))")
        case .unreadable, .signatureFails:
            self.init(name: name, verdict: .refused, reason: Self.refusal(inspection))
        case .readable where inspection.deviations.isEmpty:
            self.init(name: name, verdict: .accepted, reason: Self.what(inspection))
        case .readable:
            self.init(
                name: name, verdict: .acceptedWithDeviations,
                reason: "\(Self.what(inspection)); \(Self.remarks(inspection.deviations))")
        }
    }

    private static func refusal(_ inspection: Inspection) -> String {
        let failure = inspection.failure ?? inspection.signature?.error
        let place = failure?.place.map { " (\($0))" } ?? ""
        return "\(inspection.kind.rawValue): \(failure.map { "\($0.code): \($0.reason)" } ?? "no reason given")\(place)"
    }

    /// What it is and what the signature is worth.
    private static func what(_ inspection: Inspection) -> String {
        var words = [inspection.kind.rawValue]
        if let document = inspection.document {
            words.append([document.format, document.type].compactMap { $0 }.joined(separator: " "))
        }
        if let header = inspection.ebXML, header.manifest != nil { words.append("\(header.service) \(header.action)") }
        if let fault = inspection.fault?.code { words.append(fault) }
        if let cipher = inspection.cms?.contentCipher { words.append(cipher) }
        if let certificates = inspection.certificates {
            words.append("\(certificates.count) certificate\(certificates.count == 1 ? "" : "s")")
        }
        switch inspection.signature?.status {
        case .verifies: words.append("signature verifies")
        case .unsigned: words.append("unsigned")
        case .fails, .partsMissing, nil: break
        }
        return words.joined(separator: ", ")
    }

    /// Warnings first, each kind once, at most five.
    private static func remarks(_ deviations: [Inspection.Tolerated]) -> String {
        var seen: Set<String> = []
        let sorted = deviations.filter { $0.severity == "warning" } + deviations.filter { $0.severity != "warning" }
        let single = sorted.filter { seen.insert("\($0.place): \($0.what)").inserted }
        let shown = single.prefix(5).map { "\($0.severity): \($0.place): \($0.what)" }
        let more = single.count > 5 ? ["and \(single.count - 5) more"] : []
        return (shown + more).joined(separator: "; ")
    }
}
