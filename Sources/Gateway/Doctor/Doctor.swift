import Envelope
import Foundation
import GRDB
import Logging

/// Looks at everything a node needs, says what is wrong and what to do about it. It changes nothing but that a store of an
/// older version is brought up to date, as every command does.
///
/// One fault does not hide the next: what can be looked at without the faulty thing is looked at.
public struct Doctor: Sendable {
    /// Whom to ask whether they are there.
    public enum Partners: Sendable {
        case none
        /// One party of each endpoint.
        case endpoints
        /// Every active party that another node hosts.
        case all
    }

    private let folder: String
    private let environment: [String: String]
    private let surroundings: Surroundings

    public init(folder: String, environment: [String: String], surroundings: Surroundings = .system) {
        (self.folder, self.environment, self.surroundings) = (folder, environment, surroundings)
    }

    public func examine(asking partners: Partners = .endpoints) async -> DoctorReport {
        var report = DoctorReport()
        let settings: NodeSettings
        do { settings = try NodeSettings(folder: folder, environment: environment) } catch {
            report.wrong(
                "configuration", error.description,
                "correct \(folder)/\(NodeSettings.fileName), or name another folder with --node")
            return report
        }
        report.ok(
            "configuration",
            "\(settings.folder)/\(NodeSettings.fileName) holds for node \(settings.node.name) (\(settings.node.environment.rawValue))"
        )
        let now = surroundings.clock.now()
        SystemClock.examine(&report)
        let isTrusting = examineTrust(settings, &report, at: now)
        let registry = examineRegistry(settings, &report, at: now)
        examineTLS(settings, &report, at: now)
        DiskRoom.examine(settings.store.folder, &report)
        AttachmentTools.examine(settings, &report)
        let hasStore = examineStore(settings, &report, at: now)
        guard isTrusting, registry != nil, hasStore else { return report }
        // Its keys are looked at by opening it, as `serve` does.
        let node: Node
        do {
            node = try Node(
                settings, surroundings: surroundings, logger: Logger(label: "msggw", factory: { _ in SwiftLogNoOpLogHandler() }))
        } catch let error as KeyError {
            report.wrong("keys", error.description, error.remedy)
            return report
        } catch {
            report.wrong("node", "\(error)", "correct what is named; 'msggw serve' would stop for the same reason")
            return report
        }
        OwnCertificates.examine(node, &report, at: now)
        await examinePartners(node, partners, &report)
        await node.stop()
        return report
    }

    // MARK: - What is trusted, and who is who

    private func examineTrust(_ settings: NodeSettings, _ report: inout DoctorReport, at now: Date) -> Bool {
        do {
            let trust = try TrustMaterial.load(settings.trust)
            let expired = trust.roots.filter { $0.notAfter < now }
            if expired.isEmpty {
                report.ok("trust", "\(trust.roots.count) root and \(trust.intermediates.count) intermediate certificates")
            } else {
                report.warn(
                    "trust", "\(expired.count) of \(trust.roots.count) root certificates have expired",
                    "take them out of trust.roots")
            }
            for list in trust.revocationLists { examine(list, &report, at: now) }
            if trust.revocationLists.isEmpty, settings.trust.revocation == .required {
                report.wrong(
                    "trust", "there is no revocation list, so no certificate can be said to hold",
                    "put the issuers' CRLs into trust.revocationLists")
            }
            return true
        } catch {
            report.wrong("trust", error.description, error.remedy)
            return false
        }
    }

    private func examine(_ list: RevocationList, _ report: inout DoctorReport, at now: Date) {
        guard let next = list.nextUpdate else {
            return report.warn(
                "trust", "the revocation list of \(list.issuer) does not say when the next one comes",
                "ask the issuer for one that does")
        }
        let hours = Int(next.timeIntervalSince(now) / 3600)
        if hours < 0 {
            report.wrong(
                "trust",
                "the revocation list of \(list.issuer) ran out \(-hours) hours ago: messages are held until there is a new one",
                "fetch the list again and restart the node")
        } else if hours < 12 {
            report.warn(
                "trust", "the revocation list of \(list.issuer) runs out in \(hours) hours", "see that the next one is fetched")
        } else {
            report.ok("trust", "the revocation list of \(list.issuer) holds for \(hours) hours")
        }
    }

    private func examineRegistry(_ settings: NodeSettings, _ report: inout DoctorReport, at now: Date) -> Registry? {
        do {
            let registry = try Registry.current(of: settings)
            report.ok("registry", "\(registry.name) names \(registry.parties.count) parties")
            for party in settings.parties.hosted {
                do { _ = try registry.activeParty(party, at: now) } catch {
                    report.wrong("registry", "\(error)", "correct parties.hosted, or the party in the registry")
                }
            }
            return registry
        } catch {
            report.wrong("registry", "\(error)", "correct the file, or put back the last one that worked")
            return nil
        }
    }

    private func examineTLS(_ settings: NodeSettings, _ report: inout DoctorReport, at now: Date) {
        guard let tls = settings.http.tls else {
            if settings.node.environment == .production {
                report.warn(
                    "tls", "the node itself speaks plain HTTP",
                    "let a proxy before it speak TLS, or set http.certificate and http.key")
            }
            return
        }
        do {
            try tls.check(at: now)
            report.ok("tls", "\(tls.certificate) and its key can be used")
        } catch { report.wrong("tls", error.description, error.remedy) }
    }

    // MARK: - The store

    private func examineStore(_ settings: NodeSettings, _ report: inout DoctorReport, at now: Date) -> Bool {
        do {
            let store = try GatewayStore(
                folder: URL(filePath: settings.store.folder), key: try StoreKey(file: settings.store.keyFile))
            report.ok("store", "\(settings.store.folder) opens with its key, and a commit waits for the disk")
            guard try StoreWork.examinePages(store, &report) else { return false }
            try StoreWork.examine(store, &report, at: now)
            let held = try store.heldRegistryChanges().count
            if held > 0 {
                report.warn(
                    "registry", "\(held) changes of the registry wait for somebody's word",
                    "look at them with 'msggw registry held', ask the other side, then approve or reject")
            }
            return true
        } catch let error as KeyError {
            report.wrong("store", error.description, error.remedy)
        } catch let error as StoreError {
            report.wrong(
                "store", error.reason,
                error.code == .damaged ? StoreFile.remedy : "see docs/OPERATIONS.md, or put the store back from a backup")
        } catch {
            report.wrong("store", "\(error)", "see docs/OPERATIONS.md, or put the store back from a backup")
        }
        return false
    }

    // MARK: - Partners

    private func examinePartners(_ node: Node, _ partners: Partners, _ report: inout DoctorReport) async {
        var rest = node.candidates(partners, at: surroundings.clock.now())[...]
        var results: [PingResult] = []
        await withTaskGroup(of: PingResult?.self) { group in
            for candidates in rest.prefix(8) { group.addTask { await node.ping(firstOf: candidates) } }
            rest = rest.dropFirst(8)
            for await result in group {
                if let result { results.append(result) }
                if let next = rest.popFirst() { group.addTask { await node.ping(firstOf: next) } }
            }
        }
        for result in results.sorted(by: { $0.party < $1.party }) { report.add(result) }
    }
}

extension Node {
    /// Whom to ask: each element is one question, and the parties of which one that answers is enough. None that this node
    /// hosts itself, nor what lies at the same endpoint.
    func candidates(_ which: Doctor.Partners, at now: Date) -> [[HERID]] {
        let own = Set(keys.parties.compactMap { try? registry.endpoint(for: $0) })
        let others = registry.parties.filter { party in
            party.isActive(at: now) && !keys.hosts(party.herID) && party.endpoint.map { !own.contains($0) } ?? false
        }
        switch which {
        case .none: return []
        case .all: return others.map { [$0.herID] }
        case .endpoints:
            // Services first: an organisation often has an endpoint that only its services are hosted at.
            let ordered = others.filter { $0.kind != .organisation } + others.filter { $0.kind == .organisation }
            var places: [String] = []
            var byPlace: [String: [HERID]] = [:]
            for party in ordered {
                let place = party.endpoint ?? ""
                if byPlace[place] == nil { places.append(place) }
                if byPlace[place, default: []].count < 5 { byPlace[place, default: []].append(party.herID) }
            }
            return places.compactMap { byPlace[$0] }
        }
    }

    /// Asks one after another until one answers, or it is clear that nobody can.
    func ping(firstOf parties: [HERID]) async -> PingResult? {
        var first: PingResult?
        for party in parties {
            let result = await ping(party)
            switch result.outcome {
            case .answered, .unknownThere, .unreachable: return result
            case .notProved, .notAsked: first = first ?? result
            }
        }
        return first
    }
}

extension DoctorReport {
    mutating func add(_ result: PingResult) {
        let who = "\(result.name) (\(result.party))"
        let reason = result.reason ?? ""
        switch result.outcome {
        case .answered: ok("partner", "\(who) answered in \(result.milliseconds ?? 0) ms, signed")
        case .unknownThere:
            warn(
                "partner", "\(who) is there and signs, but does not know a ping: \(reason)", "nothing, unless messages to it fail"
            )
        case .notProved:
            wrong(
                "partner", "\(who): \(reason)",
                "check its endpoint \(result.endpoint ?? "") in the registry, and its certificates")
        case .unreachable:
            wrong(
                "partner", "\(who) cannot be reached: \(reason)",
                "check the network to \(result.endpoint ?? "its endpoint"), or ask the partner")
        case .notAsked:
            wrong("partner", "\(who) cannot be written to: \(reason)", "correct the registry, or take the party out of it")
        }
    }
}
