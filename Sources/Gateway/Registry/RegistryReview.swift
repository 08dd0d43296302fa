import Envelope
import Foundation
import Practice

/// Holds what was handed in against what is believed, answer by answer, and says what comes of it. Nothing is written here.
struct RegistryReview {
    let before: DoorBook
    private(set) var after: DoorBook
    private(set) var accepted: [DoorChange] = []
    private(set) var held: [(doubt: AnswerReview.Doubt, source: String)] = []
    private(set) var refused: [AnswerReview.Doubt] = []
    /// Answers of which nothing was taken.
    private(set) var refusals: [(name: String, suspicions: [Suspicion])] = []
    /// What each source said of its own day.
    private(set) var seen: [String: DoorDay] = [:]
    /// Whom the answers spoke of and said no more than is known.
    private(set) var confirmed: Set<DoorID> = []
    /// What is held beside the parties: the lists as handed in, when they differ from those that are known.
    private(set) var lists: [UInt8]?
    /// Whether they are taken at once: there was nothing before.
    private(set) var takesLists = false
    /// Whether nothing was known: then the first answer is believed.
    var isFirst: Bool { before.doors.isEmpty && RegistryRows.lists(of: before) == RegistryRows.noLists }
    /// Whether nothing comes of it.
    var isRefusedWholly: Bool {
        accepted.isEmpty && held.isEmpty && lists == nil && !(refused.isEmpty && refusals.isEmpty)
    }

    /// - Parameters:
    ///   - current: what is believed.
    ///   - seen: the last day of each source.
    init(_ handIn: RegistryHandIn, against current: DoorBook, seen last: [String: DoorDay], today: DoorDay) {
        (before, after) = (current, current)
        var pool = handIn.certificates
        for certificate in Self.certificates(of: current) { pool.add(certificate) }
        for answer in handIn.answers { take(answer, pool, last, today) }
        accepted = RegistryDifference(from: before.doors, to: after.doors).changes
        guard let book = handIn.book else { return }
        let (known, told) = (RegistryRows.lists(of: current), RegistryRows.lists(of: book))
        guard told != known, !handIn.isPart || told != RegistryRows.noLists else { return }
        lists = told
        takesLists = isFirst
        if takesLists { after = Self.book(after, lists: book) }
    }

    private static func certificates(of book: DoorBook) -> [Certificate] {
        var seen: Set<String> = []
        return book.doors.flatMap(\.certificates).compactMap(\.stated).filter { seen.insert($0).inserted }
            .compactMap { try? Certificate(pem: Array($0.utf8)) }
    }

    /// The doors of the one, and everything else of the other.
    static func book(_ doors: DoorBook, lists: DoorBook) -> DoorBook {
        var book = lists
        book.doors = doors.doors
        return book
    }

    private mutating func take(
        _ answer: RegistryHandIn.Answer, _ pool: CertificatePool, _ last: [String: DoorDay], _ today: DoorDay
    ) {
        let known = Dictionary(after.doors.map { ($0.id, $0) }) { first, _ in first }
        let doors = answer.doors.map { door in
            answer.kind == .file ? door : door.told(by: answer.kind, knowing: known[door.id], pool)
        }
        var rules = AnswerReview.Rules()
        rules.lastServerDay = last[answer.source]
        let incoming = IncomingAnswer(
            answer.scope, doors: doors, asked: answer.name, receivedBytes: answer.bytes, serverDay: answer.serverDay)
        let review = AnswerReview(incoming, against: after.doors, today: today, rules: rules)
        guard review.refusal.isEmpty else {
            refusals.append((answer.name, review.refusal))
            return
        }
        held += review.held.map { ($0, answer.kind.rawValue) }
        refused += review.refused
        after.doors = review.applied(to: after.doors)
        if let day = answer.serverDay { seen[answer.source] = day }
        let doubted = Set((review.held + review.refused).map(\.change.door))
        confirmed.formUnion(doors.map(\.id).filter { !doubted.contains($0) })
    }
}

extension Door {
    /// The door as a national answer tells it, with what the national registry does not know of it: the area that it is for, how
    /// messages to it are protected, where its node takes them, and certificates themselves in place of their names.
    func told(by kind: RegistryHandIn.Kind, knowing known: Door?, _ pool: CertificatePool) -> Door {
        var door = self
        door.certificates = certificates.flatMap { pool.resolved($0, holding: known?.certificates ?? []) }
        guard let known else { return door }
        door.area = area ?? known.area
        door.municipality = municipality ?? known.municipality
        door.capabilities = capabilities ?? known.capabilities
        door.endpoints = known.endpoints.filter { $0.type == DoorEndpoint.ebXML } + endpoints
        // An answer that names no certificate says nothing of them.
        if certificates.isEmpty { door.certificates = known.certificates }
        if kind == .rest {
            // Which it does not have.
            (door.isActive, door.hprNumber) = (known.isActive, hprNumber ?? known.hprNumber)
        }
        return door
    }
}

/// What differs between two registries, and what an import of the second would make of it. For looking, before anything is done.
public enum RegistryComparison {
    public static func report(from old: DoorBook, to new: DoorBook, today: DoorDay) -> [RegistryImportReport.Line] {
        let review = AnswerReview(IncomingAnswer(.everything, doors: new.doors, asked: ""), against: old.doors, today: today)
        let judged = Dictionary(
            (review.held + review.refused).map { ($0.change.door, $0.suspicions) }
        ) { first, _ in first }
        var lines = RegistryDifference(from: old.doors, to: new.doors).changes.map { change in
            let suspicions = judged[change.door] ?? review.refusal
            let verdict: RegistryImportReport.Verdict =
                suspicions.isEmpty ? .accepted : suspicions.allSatisfy(\.mayBeApproved) ? .held : .refused
            return RegistryImportReport.Line(
                verdict: verdict, subject: change.door.description, summary: change.summary,
                suspicions: suspicions.map(\.rawValue))
        }
        let (known, told) = (RegistryRows.lists(of: old), RegistryRows.lists(of: new))
        if known != told {
            lines.append(
                RegistryImportReport.Line(
                    verdict: .held, subject: RegistryRows.lists, summary: ListNames.summary(from: known, to: told),
                    suspicions: ["listsChanged"]))
        }
        return lines
    }
}
