import Envelope
import Foundation

/// The private keys of the parties that this node speaks for, read and checked once at start.
///
/// A party's keys lie in `<keys>/<HER-id>/`, its parent's HER-id, or its organisation number; the first folder there is counts.
/// In it lie `signing.key` and `signing.crt`, `encryption.key` and `encryption.crt`, and for former encryption keys, which
/// partners use a while longer, `encryption-<anything>.key` and `.crt`.
public struct KeyRing: Sendable {
    /// The parties in the order of the settings.
    public let parties: [HERID]
    /// What does not stop the node but needs someone's eye: the revocation of an own certificate cannot be told now.
    public let warnings: [KeyError]
    private let keys: [HERID: PartyKeys]

    /// Reads and checks the keys of every party.
    ///
    /// - Parameters:
    ///   - folder: `parties.keys` of the settings.
    ///   - now: for which the certificates must hold.
    /// - Throws: the first reason why a party could not sign or decrypt, with its remedy.
    public init(
        folder: String, parties: [HERID], registry: Registry, trust: TrustStore, revocation: RevocationRule, at now: Date
    ) throws(KeyError) {
        guard !parties.isEmpty else {
            throw KeyError(
                .notHosted, reason: "this node speaks for nobody", remedy: "set parties.hosted to the HER-ids of its parties")
        }
        var keys: [HERID: PartyKeys] = [:]
        var byFolder: [KeyFolder: PartyKeys] = [:]
        for herID in parties {
            let place = try KeyFolder(of: herID, in: folder, registry: registry)
            if byFolder[place] == nil {
                byFolder[place] = try PartyKeys(place, party: herID, trust: trust, revocation: revocation, at: now)
            }
            keys[herID] = byFolder[place]
        }
        self.parties = parties
        self.keys = keys
        self.warnings = byFolder.values.flatMap(\.warnings).sorted { $0.description < $1.description }
    }

    public func hosts(_ party: HERID) -> Bool { keys[party] != nil }

    /// What the party signs with.
    public func signing(for party: HERID) throws(KeyError) -> SigningIdentity { try own(party).signing }

    /// What the party opens payloads with, the current one first; never empty.
    public func decryption(for party: HERID) throws(KeyError) -> [DecryptionIdentity] { try own(party).decryption }

    private func own(_ party: HERID) throws(KeyError) -> PartyKeys {
        if let keys = keys[party] { return keys }
        throw KeyError(
            .notHosted, party: party, reason: "is none of this node's parties",
            remedy: "add it to parties.hosted, or use the node that it belongs to")
    }
}

/// Where a party's keys lie, and whose they must be.
struct KeyFolder: Hashable {
    let path: String
    let organisationNumber: String

    init(of herID: HERID, in folder: String, registry: Registry) throws(KeyError) {
        var names: [String] = []
        let organisationNumber: String
        do {
            organisationNumber = try registry.party(herID).organisationNumber
            var next: HERID? = herID
            while let party = next {
                names.append(party.value)
                next = try registry.party(party).parent
            }
        } catch {
            throw KeyError(.notHosted, reason: "\(error)", remedy: "correct parties.hosted or the registry")
        }
        let places = (names + [organisationNumber]).map { "\(folder)/\($0)" }
        guard let path = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw KeyError(
                .missing, file: places.last, party: herID, reason: "is not there, nor a folder named after a HER-id",
                remedy: "make the folder with signing.key, signing.crt, encryption.key and encryption.crt")
        }
        (self.path, self.organisationNumber) = (path, organisationNumber)
    }
}
