import Foundation
import Logging
import Native
import ServiceLifecycle

/// Fetches the registry on its schedule and takes it as an import does: what may be believed becomes a version, the rest waits for
/// somebody's word.
struct RegistryRefresh: Service {
    private let url: String
    private let desk: RegistryDesk
    private let every: Duration
    private let fetch: @Sendable () async throws -> (status: Int, body: [UInt8])
    private let cancel: @Sendable () -> Void
    private let clock: NodeClock
    private let heartbeats: Heartbeats
    private let logger: Logger
    /// Whoever takes new versions.
    private let versions: WakeUps?

    /// How long after a failure it is tried again, unless the schedule is shorter.
    static let afterFailure: Duration = .seconds(3600)

    init(
        _ url: String, desk: RegistryDesk, every: Duration, clock: NodeClock, heartbeats: Heartbeats, logger: Logger,
        versions: WakeUps? = nil, cancel: @escaping @Sendable () -> Void = {},
        fetch: @escaping @Sendable () async throws -> (status: Int, body: [UInt8])
    ) {
        (self.url, self.desk, self.every, self.fetch, self.cancel) = (url, desk, every, fetch, cancel)
        (self.clock, self.heartbeats, self.logger, self.versions) = (clock, heartbeats, logger, versions)
    }

    /// Over HTTPS, with the issuers of the settings. Redirects are not followed.
    init(
        _ url: String, _ settings: NodeSettings, _ store: GatewayStore, _ clock: NodeClock, _ heartbeats: Heartbeats,
        _ pool: WorkPool, _ logger: Logger, _ versions: WakeUps
    ) {
        let desk = RegistryDesk(store: store, settings: settings.registry, actor: .node, clock: clock)
        let client = HTTPClient(
            HTTPClientSettings(
                trustedCertificates: [], revocation: .notChecked, allowsPlainLoopback: settings.node.environment == .test,
                idleConnections: 0))
        let fetch = { @Sendable () async throws -> (status: Int, body: [UInt8]) in
            try await pool.run {
                // Read each time: issuers are renewed while the node runs.
                client.replace(
                    HTTPClientSettings(
                        trustedCertificates: try Self.issuers(settings), revocation: .notChecked,
                        allowsPlainLoopback: settings.node.environment == .test, idleConnections: 0))
                let answer = try client.post(HTTPPost(getting: url, maximumAnswerBytes: Registry.largestFile))
                return (answer.status, answer.body)
            }
        }
        self.init(
            url, desk: desk, every: settings.registry.refresh, clock: clock, heartbeats: heartbeats, logger: logger,
            versions: versions, cancel: { client.cancel() }, fetch: fetch)
    }

    private static func issuers(_ settings: NodeSettings) throws -> [UInt8] {
        if let file = settings.registry.caFile { return try FileReader(file, followsLinks: true).read(4 << 20) }
        return try TrustMaterial.rootsPEM(settings.trust)
    }

    func run() async throws {
        let loop = LookLoop(
            name: "registry", wakeUps: WakeUps(), clock: clock, heartbeats: heartbeats, limit: .seconds(1800))
        await withGracefulShutdownHandler {
            await loop.run { _ in await look() }
        } onGracefulShutdown: {
            cancel()
        }
    }

    /// - Returns: when to fetch again.
    func look() async -> Date {
        do {
            let answer = try await fetch()
            guard answer.status == 200 else {
                throw RegistryDeskError("\(url) answered HTTP \(answer.status); nothing was taken")
            }
            let file = RegistryHandIn.File(name: url, bytes: answer.body, folder: "/")
            tell(try await desk.take([file], isPart: false))
            return clock.now() + every.seconds
        } catch {
            logger.error(
                "The registry cannot be refreshed; the node works by what it has", metadata: [LogKey.reason: "\(error)"])
            return clock.now() + min(every, Self.afterFailure).seconds
        }
    }

    private func tell(_ report: RegistryImportReport) {
        let counts = Dictionary(grouping: report.lines, by: \.verdict).mapValues(\.count)
        let metadata: Logger.Metadata = [
            "accepted": "\(counts[.accepted] ?? 0)", "held": "\(counts[.held] ?? 0)", "refused": "\(counts[.refused] ?? 0)",
        ]
        if counts[.held] != nil || counts[.refused] != nil {
            logger.warning(
                "Not all that the registry says may be believed; see 'msggw registry held' and the audit trail",
                metadata: metadata)
        } else if report.version != nil {
            logger.notice("The registry has a new version", metadata: metadata)
        }
        if report.version != nil { versions?.poke() }
    }
}

extension RegistryRefresh: CustomStringConvertible {
    var description: String { "RegistryRefresh" }
}
