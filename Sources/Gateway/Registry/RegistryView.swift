import Envelope
import Foundation
import Synchronization

/// All of a node that follows from one version of the registry: who is who, which certificates count, and this node's own keys as
/// they lay in their folder when it was made. One for all messages of its time, and not a copy for each.
final class RegistryView: Sendable {
    /// nil while the node works by the files of its settings.
    let version: Int?
    let registry: Registry
    let keys: KeyRing
    let trust: PartnerTrust
    let sealer: MessageSealer
    let sharing: SharingDesk

    init(
        version: Int?, registry: Registry, keys: KeyRing, trust: PartnerTrust, sealer: MessageSealer, sharing: SharingDesk
    ) {
        (self.version, self.registry, self.keys, self.trust) = (version, registry, keys, trust)
        (self.sealer, self.sharing) = (sealer, sharing)
    }

    var answers: AnswerReader { AnswerReader(trust: trust, registry: registry) }
}

/// What follows from a view, made for the first message that needs it.
final class MadeByView<Made: Sendable>: Sendable {
    private let last = Mutex<(view: RegistryView, made: Made)?>(nil)

    func made(by view: RegistryView, _ make: (RegistryView) -> Made) -> Made {
        if let last = last.withLock({ $0 }), last.view === view { return last.made }
        let made = make(view)
        last.withLock { $0 = (view, made) }
        return made
    }
}

/// What the node works by now. A message takes the view once, when its turn begins, and keeps it to the end of that turn; so no
/// message sees half of one version and half of the next.
final class CurrentRegistry: Sendable {
    private let state: Mutex<RegistryView>
    private let settings: NodeSettings
    private let store: GatewayStore
    private let trust: TrustStore
    private let ids: IDSource

    /// - Throws: why the node cannot start with what the registry says, with the remedy.
    init(_ settings: NodeSettings, store: GatewayStore, trust: TrustStore, ids: IDSource, at now: Date) throws {
        (self.settings, self.store, self.trust, self.ids) = (settings, store, trust, ids)
        state = Mutex(try Self.view(settings, store, trust, ids, at: now))
    }

    var view: RegistryView { state.withLock { $0 } }

    /// A view of the newest version; nil when that is the one in use.
    ///
    /// - Throws: as at start. The node goes on as it was.
    func newer(at now: Date) throws -> RegistryView? {
        guard try store.registryVersion() != view.version else { return nil }
        return try Self.view(settings, store, trust, ids, at: now)
    }

    /// From now on every message begins with this one.
    func exchange(_ view: RegistryView) { state.withLock { $0 = view } }

    private static func view(
        _ settings: NodeSettings, _ store: GatewayStore, _ trustStore: TrustStore, _ ids: IDSource, at now: Date
    ) throws -> RegistryView {
        // Read first: when another version comes in between, this one is taken for the older, and looked at again.
        let version = try store.registryVersion()
        let registry = try Registry.current(settings.registry, in: store)
        let keys = try KeyRing(
            folder: settings.parties.keys, parties: settings.parties.hosted, registry: registry, trust: trustStore,
            revocation: settings.trust.revocation, at: now)
        let trust = PartnerTrust(registry: registry, trust: trustStore, revocation: settings.trust.revocation)
        let sealer = MessageSealer(
            vault: store.vault, spool: store.spool, registry: registry, trust: trust, keys: keys, kinds: .standard,
            description: MSGGW.description, ids: ids)
        let signing = ConsentSigning(
            registry: registry, keys: keys, signers: AuditSigners(trust: trustStore, organisations: nil))
        return RegistryView(
            version: version, registry: registry, keys: keys, trust: trust, sealer: sealer,
            sharing: SharingDesk(
                mode: settings.checks.consent, book: ConsentBook(store: store, signing: signing),
                mailbox: settings.letters.mailbox))
    }
}
