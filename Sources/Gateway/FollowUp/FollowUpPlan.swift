import Envelope
import Foundation
import GRDB
import Practice

/// What follows a discharge: for each receiver of the summary why they may have it, what they are to do, and by when. Handed in as
/// JSON beside the document.
public struct FollowUpPlan: Sendable, Hashable {
    public struct Task: Sendable, Hashable, Codable {
        public let what: String
        /// A day, `2026-12-04`.
        public let by: String
    }

    public struct Receiver: Sendable, Hashable, Decodable {
        /// HER-id.
        public let receiver: String
        /// Why they may have it: a law, a consent.
        public let basis: String
        public var tasks: [Task]?
        /// Whether somebody there must say that they take over; when it is left out, whoever has something to do must.
        public var confirm: Bool?

        var mustConfirm: Bool { confirm ?? !(tasks ?? []).isEmpty }
    }

    private struct File: Decodable { let receivers: [Receiver] }

    public let receivers: [Receiver]

    static let mostBytes = 256 << 10

    /// - Throws: ``SubmissionError`` `.followUp`, which says where it is wrong.
    public init(parsing bytes: [UInt8]) throws(SubmissionError) {
        guard bytes.count <= Self.mostBytes else {
            throw Self.refusal("it has \(bytes.count) bytes; at most \(Self.mostBytes) are read")
        }
        let known: [String: Set<String>] = [
            "": ["receivers"], "receivers": ["receiver", "basis", "tasks", "confirm"], "tasks": ["what", "by"],
        ]
        do {
            // A misspelt name would leave something out that nobody misses.
            if let stray = Self.stray(try JSONSerialization.jsonObject(with: Data(bytes)), "", known) {
                throw Self.refusal("it has '\(stray.prefix(40))', which is not known there; see docs/FLOWS.md")
            }
            receivers = try JSONDecoder().decode(File.self, from: Data(bytes)).receivers
        } catch let error as SubmissionError {
            throw error
        } catch {
            throw Self.refusal(
                "it is not of the form {\"receivers\": [{\"receiver\": HER-id, \"basis\": text, \"tasks\": [{\"what\": text, \"by\": day}]}]}"
            )
        }
    }

    private static func stray(_ value: Any, _ place: String, _ known: [String: Set<String>]) -> String? {
        if let list = value as? [Any] { return list.lazy.compactMap { stray($0, place, known) }.first }
        guard let object = value as? [String: Any] else { return nil }
        if let name = object.keys.sorted().first(where: { known[place]?.contains($0) != true }) { return name }
        return object.sorted { $0.key < $1.key }.lazy.compactMap { name, value in
            known[name] == nil ? nil : stray(value, name, known)
        }.first
    }

    static func refusal(_ reason: String) -> SubmissionError {
        SubmissionError(.followUp, "the follow-up plan cannot be used: \(reason)")
    }

    // MARK: - Against the document

    /// What was planned for each receiver, in their order.
    ///
    /// - Throws: ``SubmissionError`` `.followUp` unless each receiver of a discharge summary has one entry that makes sense today.
    func planned(
        for document: DocumentSummary, to named: [RegisteredParty], at now: Date
    ) throws(SubmissionError) -> [PlannedFollowUp] {
        guard document.type.code == MessageType.epikrise.rawValue else {
            throw Self.refusal("it goes with an Epikrise, and this document is of the kind \(document.type.code ?? "unknown")")
        }
        if let stranger = receivers.first(where: { entry in !named.contains { $0.herID.value == entry.receiver } }) {
            throw Self.refusal("it names \(stranger.receiver.prefix(12)), who is no receiver of the document")
        }
        let today = OsloDay(at: now)
        var planned: [PlannedFollowUp] = []
        for party in named {
            let entries = receivers.filter { $0.receiver == party.herID.value }
            guard entries.count == 1 else {
                throw Self.refusal(
                    "\(party.name) (\(party.herID)) has \(entries.count) entries; each receiver needs one, with the basis for sharing"
                )
            }
            try Self.check(entries[0], party, today)
            planned.append(PlannedFollowUp(entries[0]))
        }
        return planned
    }

    private static func check(_ entry: Receiver, _ party: RegisteredParty, _ today: OsloDay) throws(SubmissionError) {
        let who = "\(party.name) (\(party.herID))"
        guard isLine(entry.basis, 200) else { throw refusal("the basis for \(who) must be one line of 3 to 200 letters") }
        let tasks = entry.tasks ?? []
        guard tasks.count <= 20 else { throw refusal("\(who) has \(tasks.count) tasks; at most 20 fit") }
        if entry.mustConfirm, tasks.isEmpty { throw refusal("\(who) is to confirm, and has no tasks") }
        for (number, task) in tasks.enumerated() {
            guard isLine(task.what, 500) else {
                throw refusal("task \(number + 1) of \(who) must be one line of 3 to 500 letters")
            }
            guard let day = OsloDay(task.by) else {
                throw refusal("task \(number + 1) of \(who) must have a day such as 2026-12-04 in 'by'")
            }
            guard day >= today else { throw refusal("task \(number + 1) of \(who) was to be done by \(day), which has passed") }
        }
    }

    private static func isLine(_ text: String, _ most: Int) -> Bool {
        (3...most).contains(text.trimmingCharacters(in: .whitespaces).count)
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    // MARK: - For people

    /// The plan as its receivers read it.
    func text(_ name: (String) -> String) -> String {
        let parts = receivers.map { entry in
            (["\(name(entry.receiver)):"] + (entry.tasks ?? []).map { "- \($0.what) Innen \($0.by)." }
                + (entry.mustConfirm ? ["Gi oss beskjed om hvem hos dere som tar over."] : [])).joined(separator: "\n")
        }
        return "Oppfølging etter utskrivning\n\n" + parts.joined(separator: "\n\n") + "\n"
    }
}

/// The part of a plan for one receiver, on its way into the store.
struct PlannedFollowUp: Sendable {
    let basis: String
    let mustConfirm: Bool
    private let tasks: [FollowUpPlan.Task]
    private var sealed: [UInt8]?

    init(_ entry: FollowUpPlan.Receiver) { (basis, mustConfirm, tasks) = (entry.basis, entry.mustConfirm, entry.tasks ?? []) }

    mutating func seal(with payload: StoredPayload, in vault: PayloadVault) throws(StoreError) {
        guard !tasks.isEmpty, let json = try? JSONEncoder().encode(tasks) else { return }
        sealed = try vault.sealed(String(decoding: json, as: UTF8.self), with: payload)
    }

    func insert(message: Int64, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO followUp (message, basis, confirm, tasks) VALUES (?, ?, ?, ?)",
            arguments: [message, basis, mustConfirm, sealed.map { Data($0) }])
    }
}
