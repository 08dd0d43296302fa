import Envelope
import Foundation
import Native
import Practice

/// That a message has another holder, signed by the party of ours that it concerns.
struct SignedNote: Sendable {
    let message: HeldMessage
    let note: RehomingNote
    /// For whoever follows the message, in bokmål.
    let text: String
    let signature: [UInt8]
    let certificate: [UInt8]

    var digest: [UInt8] { Digest.of(note.signedBytes, .sha256) }

    init(_ note: RehomingNote, of message: HeldMessage, in registry: DoorRegistry, with keys: KeyRing) throws {
        (self.message, self.note) = (message, note)
        text = note.bokmaal(in: registry)
        // A party that the node no longer hosts leaves its messages to those that it does.
        let party = HERID(message.own).flatMap { keys.hosts($0) ? $0 : nil } ?? keys.parties[0]
        let identity = try keys.signing(for: party)
        signature = try DetachedSignature.make(over: note.signedBytes, with: identity)
        certificate = identity.certificate.der
    }
}
