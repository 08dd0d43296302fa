import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Why something cannot be done with the registry. Nothing was changed.
public struct RegistryDeskError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was wrong, where, and what to do. No name of a person.
    public let description: String
    init(_ description: String) { self.description = description }
}

/// What came of files that were handed in.
public struct RegistryImportReport: Sendable, Hashable, Encodable {
    public enum Verdict: String, Sendable, Encodable { case accepted, held, refused }

    public struct Line: Sendable, Hashable, Encodable {
        public let verdict: Verdict
        /// HER-id, `lists`, or the file of which nothing was taken.
        public let subject: String
        public let summary: String
        public let suspicions: [String]
    }

    /// The version that it made; absent when nothing changed.
    public let version: Int?
    public let lines: [Line]

    public var isRefused: Bool { lines.contains { $0.verdict == .refused } }
}

/// Where a person changes the registry of a node. Every change is a version, and every word about one is in the audit trail.
public struct RegistryDesk: Sendable {
    private let store: GatewayStore
    private let settings: RegistrySettings
    private let actor: AuditActor
    private let clock: NodeClock

    public init(store: GatewayStore, settings: RegistrySettings, actor: AuditActor, clock: NodeClock = .system) {
        (self.store, self.settings, self.actor, self.clock) = (store, settings, actor, clock)
    }

    /// What the node works by: the newest version in the store; while there is none, the files of the settings.
    public func book() throws -> DoorBook {
        try store.registryVersion() == nil ? RegistryFiles.book(settings.files) : store.registryBook()
    }

    /// Takes what may be believed, holds what needs somebody's word, and refuses the rest.
    ///
    /// The first time, what the files of the settings say becomes version 1: they are what the node has worked by.
    ///
    /// - Parameter isPart: a file of ours, or a list, that leaves out parties says nothing about them.
    /// - Throws: ``RegistryDeskError`` when a file cannot be read, or the registry would not hold together.
    @discardableResult
    public func take(_ files: [String], isPart: Bool = false) async throws -> RegistryImportReport {
        try await take(try files.map { try RegistryHandIn.File($0) }, isPart: isPart)
    }

    @discardableResult
    func take(_ files: [RegistryHandIn.File], isPart: Bool) async throws -> RegistryImportReport {
        let now = clock.now()
        let handIn = try RegistryHandIn(files, isPart: isPart)
        guard handIn.book != nil || !handIn.answers.isEmpty else {
            throw RegistryDeskError(
                handIn.certificates.isEmpty
                    ? "there is no party in it; nothing was taken"
                    : "there are certificates alone; hand in the party that they belong to beside them")
        }
        let version = try store.registryVersion()
        let current = try version == nil ? filesOrNothing() : store.registryBook()
        let review = RegistryReview(
            handIn, against: current, seen: try store.read { try Self.seen($0) }, today: DoorDay(inOsloAt: now))
        try prove(review.after)
        let source = Self.source(handIn)
        let digest = Digest.of(files.flatMap(\.bytes), .sha256)
        let taken = try await store.commit { [actor] database in
            guard try RegistryRows.version(database) == version else { throw Self.overtaken }
            let made = try Write(review, source: source, digest: digest, isFirst: version == nil, actor, now, database).run()
            try RegistryRows.tellOfHeld(at: now, in: database)
            return made
        }
        return RegistryImportReport(version: taken, lines: Self.lines(review))
    }

    /// Where there are no files there is nothing to compare with: the first answer is believed.
    private func filesOrNothing() throws -> DoorBook {
        guard FileManager.default.fileExists(atPath: settings.file) else { return DoorBook() }
        return try RegistryFiles.book(settings.files)
    }

    /// A version that the node could not start with is never made.
    private func prove(_ book: DoorBook) throws {
        do {
            _ = try DoorFile.read([DoorFile.written(book)], certificates: StatedCertificates().reading)
            _ = try Registry(book: book)
        } catch {
            throw RegistryDeskError("with that the registry would not hold together: \(error); nothing was taken")
        }
    }

    static let overtaken = RegistryDeskError("somebody else has changed the registry in the meantime; look at it and try again")

    private static func seen(_ database: Database) throws -> [String: DoorDay] {
        let rows = try Row.fetchAll(database, sql: "SELECT source, day FROM registrySeen")
        return rows.reduce(into: [:]) { seen, row in seen[row["source"] as String] = DoorDay(row["day"] as String) }
    }

    private static func source(_ handIn: RegistryHandIn) -> String {
        let kinds = Set(handIn.answers.map(\.kind.rawValue)).union(handIn.book == nil ? [] : ["file"])
        return kinds.sorted().joined(separator: ", ")
    }

    private static func lines(_ review: RegistryReview) -> [RegistryImportReport.Line] {
        var lines = review.refusals.map {
            RegistryImportReport.Line(
                verdict: .refused, subject: $0.name, summary: "nothing of it was taken", suspicions: $0.suspicions.map(\.rawValue)
            )
        }
        for (verdict, doubts) in [(RegistryImportReport.Verdict.refused, review.refused), (.held, review.held.map(\.doubt))] {
            lines += doubts.map {
                RegistryImportReport.Line(
                    verdict: verdict, subject: $0.change.door.description, summary: $0.change.summary,
                    suspicions: $0.suspicions.map(\.rawValue))
            }
        }
        lines += review.accepted.map {
            RegistryImportReport.Line(
                verdict: .accepted, subject: $0.door.description, summary: $0.summary, suspicions: [])
        }
        if let lists = review.lists {
            lines.append(
                RegistryImportReport.Line(
                    verdict: review.takesLists ? .accepted : .held, subject: RegistryRows.lists,
                    summary: ListNames.summary(from: RegistryRows.lists(of: review.before), to: lists),
                    suspicions: review.takesLists ? [] : ["listsChanged"]))
        }
        return lines
    }
}

// MARK: - What is decided

extension RegistryDesk {
    /// Makes held changes part of the registry, all of them in one version.
    ///
    /// - Parameter subjects: HER-ids, or `lists`.
    /// - Returns: the version.
    /// - Throws: ``RegistryDeskError`` when one of them is not held, or the party has changed since.
    @discardableResult
    public func approve(_ subjects: [String]) async throws -> Int {
        let now = clock.now()
        let numbers = try subjects.map { try Self.number($0) }
        let version = try store.registryVersion()
        var book = try book()
        let rows = try store.read { database in try numbers.map { try Self.open($0, database) } }
        var lists: [UInt8]?
        for row in rows where row.number == 0 {
            guard row.base == RegistryRows.lists(of: book), let told = row.json else { throw Self.changed("the lists") }
            let others = try RegistryFiles.book(
                [DoorFile.written(DoorBook(doors: book.doors)), told], names: ["the registry", "the held lists"], folders: [])
            (book, lists) = (others, told)
        }
        var doors = Dictionary(book.doors.map { ($0.id, $0) }) { first, _ in first }
        for row in rows where row.number != 0 {
            guard let id = DoorID(number: row.number) else { continue }
            guard row.base == doors[id].map({ DoorFile.written($0) }) else { throw Self.changed("\(id)") }
            doors[id] = try row.json.map { try RegistryRows.door(Data($0)) }
        }
        let before = book.doors
        book.doors = doors.values.sorted { $0.id < $1.id }
        try prove(book)
        let changes = RegistryDifference(from: before, to: book.doors).changes
        return try await store.commit { [actor, lists] database in
            guard try RegistryRows.version(database) == version else { throw Self.overtaken }
            let made = try RegistryRows.insert(
                changes, lists: lists, source: "approved", by: actor, at: now, in: database)
            for row in rows {
                try RegistryRows.decide(row.number, "approved", by: actor, at: now, in: database)
                try AuditTrail.append(
                    AuditRecord(
                        at: now, by: actor, action: "registry approved",
                        detail: "\(row.summary) (\(row.suspicions)), version \(made)",
                        digest: row.json.map { Digest.of($0, .sha256) }),
                    in: database)
            }
            try RegistryRows.tellOfHeld(at: now, in: database)
            return made
        }
    }

    /// Says that held changes are not to be believed. The registry stays as it is.
    public func reject(_ subjects: [String]) async throws {
        let now = clock.now()
        let numbers = try subjects.map { try Self.number($0) }
        try await store.commit { [actor] database in
            for number in numbers {
                let row = try Self.open(number, database)
                try RegistryRows.decide(number, "rejected", by: actor, at: now, in: database)
                try AuditTrail.append(
                    AuditRecord(
                        at: now, by: actor, action: "registry rejected", detail: "\(row.summary) (\(row.suspicions))",
                        digest: row.json.map { Digest.of($0, .sha256) }), in: database)
            }
            try RegistryRows.tellOfHeld(at: now, in: database)
        }
    }

    private struct Open: Sendable {
        let number: Int64
        let base, json: [UInt8]?
        let summary, suspicions: String
    }

    private static func open(_ number: Int64, _ database: Database) throws -> Open {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM registryHeld WHERE herId = ? AND decision IS NULL", arguments: [number])
        guard let row else {
            let name = number == 0 ? RegistryRows.lists : String(number)
            throw RegistryDeskError("no change of \(name) is held; see 'msggw registry held'")
        }
        return Open(
            number: number, base: (row["base"] as Data?).map { [UInt8]($0) }, json: (row["json"] as Data?).map { [UInt8]($0) },
            summary: row["summary"], suspicions: row["suspicions"])
    }

    private static func number(_ subject: String) throws(RegistryDeskError) -> Int64 {
        if subject == RegistryRows.lists { return 0 }
        guard let id = DoorID(subject) else {
            throw RegistryDeskError("'\(subject.prefix(40))' is no HER-id: it has 1 to 10 digits")
        }
        return id.number
    }

    private static func changed(_ what: String) -> RegistryDeskError {
        RegistryDeskError("\(what) has changed since that was held; import again, so that it is compared with what holds now")
    }
}

/// One import as it goes into the store.
private struct Write {
    private let review: RegistryReview
    private let source: String
    private let digest: [UInt8]
    private let isFirst: Bool
    private let actor: AuditActor
    private let now: Date
    private let database: Database

    init(
        _ review: RegistryReview, source: String, digest: [UInt8], isFirst: Bool, _ actor: AuditActor, _ now: Date,
        _ database: Database
    ) {
        (self.review, self.source, self.digest, self.isFirst) = (review, source, digest, isFirst)
        (self.actor, self.now, self.database) = (actor, now, database)
    }

    /// - Returns: the version that it made; nil when nothing changed.
    func run() throws -> Int? {
        var made: Int?
        if isFirst, !review.isFirst, !review.isRefusedWholly {
            let all = RegistryDifference(from: [], to: review.before.doors).changes
            made = try RegistryRows.insert(
                all, lists: RegistryRows.lists(of: review.before), source: "settings", by: actor, at: now, in: database)
        }
        let lists = review.takesLists ? review.lists : nil
        if !review.accepted.isEmpty || lists != nil {
            made = try RegistryRows.insert(review.accepted, lists: lists, source: source, by: actor, at: now, in: database)
        }
        for (doubt, kind) in review.held { try RegistryRows.hold(.init(doubt), source: kind, at: now, in: database) }
        let held = Set(review.held.map(\.doubt.change.door))
        for id in review.confirmed.subtracting(held).sorted() {
            try RegistryRows.decide(id.number, "superseded", by: nil, at: now, in: database)
        }
        if let told = review.lists, !review.takesLists {
            let known = RegistryRows.lists(of: review.before)
            let held = RegistryRows.Held(lists: told, base: known, summary: ListNames.summary(from: known, to: told))
            try RegistryRows.hold(held, source: "file", at: now, in: database)
        }
        for (source, day) in review.seen {
            try database.execute(
                sql: "INSERT INTO registrySeen (source, day) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET day = excluded.day",
                arguments: [source, day.description])
        }
        try AuditTrail.append(
            AuditRecord(at: now, by: actor, action: "registry imported", detail: summary(made), digest: digest), in: database)
        return made
    }

    private func summary(_ made: Int?) -> String {
        let refused = review.refused.count + review.refusals.count
        let counts = "\(review.accepted.count) accepted, \(review.held.count) held, \(refused) refused"
        let suspicions = Set(
            (review.refused + review.held.map(\.doubt)).flatMap(\.suspicions) + review.refusals.flatMap(\.suspicions))
        return "\(source): \(counts)" + (made.map { ", version \($0)" } ?? "")
            + (suspicions.isEmpty ? "" : " (\(suspicions.map(\.rawValue).sorted().joined(separator: ", ")))")
    }
}

/// Which lists differ, by their names in the file.
enum ListNames {
    static func summary(from old: [UInt8], to new: [UInt8]) -> String {
        let names = differing(old, new)
        return names.isEmpty ? "no list differs" : "lists that differ: \(names.joined(separator: ", "))"
    }

    static func differing(_ old: [UInt8], _ new: [UInt8]) -> [String] {
        guard let left = try? RegistryNode(json: old), let right = try? RegistryNode(json: new) else { return [] }
        return [
            "agreements", "areas", "reforms", "needs", "catchments", "vocabulary", "services", "deputies", "description",
        ].filter { left[$0] != right[$0] }
    }
}
