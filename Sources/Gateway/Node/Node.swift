import Envelope
import Foundation
import Logging
import Native
import ServiceLifecycle
import Synchronization

/// One node: its settings, its store, its parties' keys, and the workers that move messages. What the Web room and the
/// commands talk to.
public final class Node: Sendable {
    public let settings: NodeSettings
    public let store: GatewayStore
    public let steps: StepFeed
    /// What is measured; see ``metrics``.
    public let observation: Observation
    /// Which loops are alive.
    public let heartbeats: Heartbeats
    /// Things an operator should know that do not stop the node.
    public let warnings: [String]

    /// What the node works by, and exchanges while it runs.
    let current: CurrentRegistry
    let actor: AuditActor
    let holders: HolderWatch
    let clock: NodeClock
    let logger: Logger
    private let crypto: WorkPool
    /// What takes long: gigabytes. Never the pool that waits for other nodes, or two nodes could wait for one another.
    private let large: WorkPool
    /// For those who look how the node fares: they must not wait behind what they want to see.
    private let looks: WorkPool
    private let events: EventCount
    /// Those that certificates are checked against: read once, when the node starts.
    let revocationLists: [RevocationList]
    let transport: any MessageTransport
    let ids: IDSource
    private let bell = DeliveryBell()
    private let direct = DirectDelivery()
    private let registryVersions = WakeUps()
    private let checkpointer: AuditCheckpointer
    private let received = WakeUps()
    private let deadlines = WakeUps()
    private let intakes = MadeByView<Intake>()
    private let receivingDesks = MadeByView<ReceivingDesk>()
    private let lock = Mutex<StoreLock?>(nil)
    /// Tells people what is pinned on the store's ``AlertBoard``.
    let alertSender: AlertSender
    /// False when somebody else gives the turns: then no other process shares the store, and none can wake this node.
    private let hasThreads: Bool
    private let planted: PlantedFault?

    /// Opens everything and checks it before the first message: settings, keys, certificates, registry, store.
    ///
    /// - Throws: `KeyError`, `RegistryError`, ``StoreError``; each names the thing and the remedy.
    public init(_ settings: NodeSettings, surroundings: Surroundings = .system, logger: Logger) throws {
        ProcessMemory.settled
        let now = surroundings.clock.now()
        self.settings = settings
        (clock, ids, self.logger) = (surroundings.clock, surroundings.ids, logger)
        (hasThreads, planted) = (surroundings.turns == nil, surroundings.planted)
        let trustStore = try TrustMaterial.load(settings.trust)
        revocationLists = trustStore.revocationLists
        let observation = surroundings.observation ?? Observation()
        self.observation = observation
        var surroundings = surroundings
        surroundings.observation = observation
        store = try GatewayStore(
            folder: URL(filePath: settings.store.folder), key: try StoreKey(file: settings.store.keyFile),
            deadlines: settings.deadlines.table, surroundings: surroundings)
        let current = try CurrentRegistry(settings, store: store, trust: trustStore, ids: ids, at: now)
        (self.current, actor) = (current, surroundings.actor)
        events = try store.read { try EventCount(after: $0) }
        warnings = current.view.keys.warnings.map(\.description) + [store.restorationRemark].compactMap { $0 }
        heartbeats = Heartbeats(clock: clock)
        crypto = surroundings.pool(threads: ProcessInfo.processInfo.activeProcessorCount, .crypto)
        large = surroundings.pool(threads: 2, .large)
        looks = surroundings.pool(threads: 1)
        transport = try surroundings.transport ?? Self.curl(settings)
        alertSender = try AlertSender(
            settings, store: store, registry: { current.view.registry }, surroundings: surroundings, heartbeats: heartbeats,
            logger: logger)
        let steps = StepFeed()
        steps.watch { observation.step($0.step, of: $0.message) }
        self.steps = steps
        let holders = HolderWatch(
            current, store: store, settings: settings, clock: clock, wakeUps: WakeUps(), heartbeats: heartbeats, pool: large,
            logger: logger)
        steps.watch { holders.note($0.message, $0.step) }
        self.holders = holders
        let checkpointer = AuditCheckpointer(
            store: store, keys: current.view.keys, node: settings.node.name, clock: clock, heartbeats: heartbeats, logger: logger)
        steps.watch { _ in checkpointer.noteStep() }
        self.checkpointer = checkpointer
    }

    // MARK: - By what the registry says now

    /// Who is who, as the newest version that the node could take says it.
    public var registry: Registry { current.view.registry }
    var keys: KeyRing { current.view.keys }
    var trust: PartnerTrust { current.view.trust }

    /// Takes what is handed in.
    public var intake: Intake { intakes.made(by: current.view, intake) }

    private func intake(by view: RegistryView) -> Intake {
        Intake(
            store: store, registry: view.registry, trust: view.trust, hosted: Set(settings.parties.hosted),
            limits: settings.intake, clock: clock, ids: ids, pool: crypto, actor: actor, observation: observation,
            sealer: view.sealer, direct: direct,
            completeness: CompletenessDesk(mode: settings.checks.completeness, registry: view.registry), sharing: view.sharing,
            attachments: AttachmentDesk(settings, store.vault), onTaken: Self.afterTaking(bell, deadlines, onStep))
    }

    /// What families have said about sharing.
    public var consents: ConsentDesk {
        let view = current.view
        return ConsentDesk(
            sharing: view.sharing, registry: view.registry, clock: clock, ids: ids, actor: actor,
            intake: intakes.made(by: view, intake), answerDays: settings.checks.answerDays,
            onTransition: { [onStep] in onStep($0.message, $0.step) })
    }

    /// What has been received.
    public var inbox: Inbox {
        Inbox(
            store: store, intake: intake, clock: clock, pool: large, softwareVersion: MSGGW.version, actor: actor, onStep: onStep)
    }

    /// Who hears of a message that was taken.
    private static func afterTaking(
        _ bell: DeliveryBell, _ deadlines: WakeUps, _ onStep: @escaping @Sendable (MessageRecord, MessageStep) -> Void
    ) -> @Sendable (PreparedSubmission.Taken) -> Void {
        { taken in
            for transition in taken.transitions where !transition.event.isWorkaday {
                onStep(transition.message, transition.step)
                if taken.direct == nil { bell.ring(transition.message.destination) }
                deadlines.poke(for: transition.message.warnAt)
            }
        }
    }

    private static func curl(_ settings: NodeSettings) throws -> CurlTransport {
        let client = HTTPClient(
            HTTPClientSettings(
                // Content is sealed end to end; whether a partner's TLS certificate was revoked is not looked up yet.
                trustedCertificates: try partnerRoots(settings), revocation: .notChecked,
                allowsPlainLoopback: settings.node.environment == .test,
                idleConnections: settings.delivery.parallel * 2, idleConnectionsPerDestination: settings.delivery.parallel))
        return CurlTransport(client: client, sockets: WorkPool(waiting: settings.delivery.parallel))
    }

    /// TLS to partners is trusted by these certificates and nothing else.
    private static func partnerRoots(_ settings: NodeSettings) throws -> [UInt8] {
        if let file = settings.delivery.caFile { return try FileReader(file, followsLinks: true).read(4 << 20) }
        return try TrustMaterial.rootsPEM(settings.trust)
    }

    // MARK: - What runs

    /// What must hold before ``services`` run and others are answered: nobody else serves the store, and the TLS files can be
    /// used. The store is held until ``stop()``, or the process's end. The process's threads finish their turns from now on.
    ///
    /// - Throws: ``StoreError`` `.inUse`; ``KeyError``.
    public func prepareToServe() throws {
        try settings.http.tls?.check(at: clock.now())
        let claimed = try StoreLock(folder: settings.store.folder)
        lock.withLock { $0 = claimed }
        ProcessScheduling.letThreadsFinishTheirTurns()
    }

    /// Whoever gives messages from other nodes to this one, for as long as it runs.
    public var receiver: any ExchangeReceiver { CurrentDesk { self.receivingDesk } }

    /// The same by the registry of this moment.
    public var receivingDesk: ReceivingDesk { receivingDesks.made(by: current.view, receivingDesk) }

    private func receivingDesk(by view: RegistryView) -> ReceivingDesk {
        ReceivingDesk(
            store: store, registry: view.registry, trust: view.trust, keys: view.keys,
            opener: MessageOpener(vault: store.vault, registry: view.registry, keys: view.keys),
            answers: view.answers, recorder: recorder,
            notices: NoticeDesk(
                store: store, intake: intakes.made(by: view, intake), signing: view.sharing.book.signing,
                answerDays: settings.checks.answerDays),
            bell: bell,
            description: MSGGW.description, limits: MIMELimits(), filing: settings.filing, clock: clock, ids: ids, crypto: crypto,
            large: large, logger: logger,
            planted: planted,
            onOpened: { [received, deadlines, onStep] message, step in
                onStep(message, step)
                // What nobody files here waits for `inbox save`.
                if message.direction == .in, message.due != nil { received.poke() }
                deadlines.poke(for: message.warnAt)
            })
    }

    /// Everything that runs, for a group that stops its services one after the other, the last first.
    public var services: [any ServiceLifecycle.Service] { [lastToStop] + workers }

    /// Signs what the others wrote, so it stops when they, and the doors, have stopped.
    public var lastToStop: any ServiceLifecycle.Service { checkpointer }

    /// Delivery, filing, who watches and who tells, the pipe through which commands wake them, and the sweep at start.
    public var workers: [any ServiceLifecycle.Service] {
        let workers: [any ServiceLifecycle.Service] = [
            store.disk,
            DeliveryWorker(
                store: store, attempt: attempts, recorder: recorder, slots: settings.delivery.parallel,
                clock: clock, bell: bell, direct: direct, heartbeats: heartbeats, logger: logger),
            FilingWorker(
                store: store, inbox: { self.inbox }, settings: settings.filing, clock: clock, pool: crypto, wakeUps: received,
                heartbeats: heartbeats, logger: logger, holder: { [holders] in try await holders.holder(of: $0) }),
            DeadlineWatch(
                store: store, table: store.deadlines, clock: clock, heartbeats: heartbeats, wakeUps: deadlines, logger: logger),
            alertSender,
            OrphanSweep(store: store, clock: clock, pool: crypto, logger: logger),
        ]
        guard hasThreads else { return workers }
        let pipe = WakePipe(folder: settings.store.folder, logger: logger, onWake: lookAgain)
        let retention = RetentionService(
            retention: Retention(store, settings.retention, by: .node), clock: clock, pool: large, logger: logger)
        return workers + refreshes + [registryWatch, holders]
            + [Watchdog(store: store, heartbeats: heartbeats, clock: clock, logger: logger), upkeep, retention, pipe]
    }

    private var refreshes: [any ServiceLifecycle.Service] {
        settings.registry.url.map { RegistryRefresh($0, settings, store, clock, heartbeats, large, logger, registryVersions) }.map
        { [$0] } ?? []
    }

    /// Takes what the registry says anew, while the node runs.
    var registryWatch: RegistryWatch {
        RegistryWatch(
            current, store: store, clock: clock, wakeUps: registryVersions, heartbeats: heartbeats, pool: large, logger: logger,
            onExchange: { [bell, received, holders] in
                holders.wakeUps.poke()
                bell.ringEverywhere()
                received.poke()
            })
    }

    /// Makes every worker look: somebody else has put something into the store.
    package var lookAgain: @Sendable () -> Void {
        { [bell, received, deadlines, checkpointer, registryVersions, alerts = store.alerts] in
            bell.ringEverywhere()
            received.poke()
            deadlines.poke()
            alerts.wakeUps.poke()
            checkpointer.look()
            registryVersions.poke()
        }
    }

    /// Tells the daemon that runs on the same store, if one does, to look for what a command has put there.
    public func wakeDaemon() { settings.wakeDaemon() }

    /// Whether the node can do its work now.
    public func health() async -> HealthReport {
        do {
            try await store.proveThatItCommits(at: clock.now())
            let silent = heartbeats.silent()
            guard silent.isEmpty else {
                return HealthReport(status: .red, details: ["loops": "stopped: \(silent.joined(separator: ", "))"])
            }
            return HealthReport(status: .green)
        } catch {
            return HealthReport(status: .red, details: ["store": "does not take a commit"])
        }
    }

    /// What is answered to whoever asks how the node fares.
    public var metrics: MetricsPage {
        MetricsPage(observation: observation, health: { await self.health() }, look: { await self.lookUp() })
    }

    private func lookUp() async -> LookedUp {
        let now = clock.now()
        do {
            return try await looks.run { [self] in
                var looked = LookedUp()
                looked[.loopsSilent] = [Sample([], Double(heartbeats.silent().count))]
                TrustLook.look(keys, registry, revocationLists, tls: settings.http.tls, at: now, into: &looked)
                StoreLook.look(folder: settings.store.folder, into: &looked)
                do { try store.read { try StoreLook.look($0, events, at: now, into: &looked) } } catch {
                    observation.lookFailed()
                }
                return looked
            }
        } catch {
            // The node is stopping.
            return LookedUp()
        }
    }

    /// Ends calls that are under way. The messages they carried are still due.
    public func stop() async {
        transport.cancel()
        await transport.shutDown()
        await alertSender.shutDown()
        await large.shutDown()
        await looks.shutDown()
        await crypto.shutDown()
        lock.withLock { $0 = nil }
    }

    /// What the end of a process does by itself: the store is free for the next one.
    package func abandon() { lock.withLock { $0 = nil } }

    private var onStep: @Sendable (MessageRecord, MessageStep) -> Void {
        { [steps, name = settings.node.name] in steps.report(StepFeed.Event(node: name, message: $0, step: $1)) }
    }

    /// An attempt for each message, by the registry as it is when its turn begins. It holds on to nothing that holds the worker.
    private var attempts: @Sendable () -> Attempt {
        let first = attempt
        return { [current] in first.by(current.view) }
    }

    private var attempt: Attempt {
        let view = current.view
        return Attempt(
            store: store, view: view, transport: transport,
            settings: settings.delivery,
            clock: clock, crypto: crypto, large: large, planted: planted, observation: observation, onStep: onStep)
    }

    private var recorder: DeliveryRecorder {
        DeliveryRecorder(
            store: store,
            judge: DeliveryJudge(
                schedule: settings.delivery.schedule,
                workingDays: { [calendar = store.deadlines.calendar] count, time in
                    calendar.start(ofWorkingDay: count, before: time)
                }), clock: clock, logger: logger, onStep: onStep)
    }
}

/// What this program calls itself.
public enum MSGGW {
    public static let version = "0.1.0"

    /// `Description` of the ebXML header, HITS 1210.
    static let description = SystemDescription(msh: (name: "msggw", version: version))
}
