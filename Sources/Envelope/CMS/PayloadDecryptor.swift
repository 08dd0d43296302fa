import Native

/// Opens a payload envelope while it arrives, in memory that does not grow with it.
///
/// - Warning: What ``update(_:)`` gives out is **not authenticated**. It may go to a place from where it can be thrown away
///   again, and nowhere else, until ``finish()`` has returned. With `.national` protection not even that proves that nobody
///   changed it: there only the message's signature over the envelope does, which has to be verified before a byte is
///   decrypted.
///
/// Every failure to decrypt is one error with one text, and a damaged content key fails where damaged content fails, so that a
/// sender who tries variations learns nothing from the answers (Bleichenbacher 1998, Vaudenay 2002, Manger 2001).
public struct PayloadDecryptor: ~Copyable {
    private let recovery: KeyRecovery
    private var reader = CMSEnvelopeReader()
    private var cipher: CipherDecryption?
    private var facts: CMSFacts?
    private var failed: EnvelopeError?

    /// - Parameter identities: current and former ones of the party; the recipient named in the envelope decides.
    public init(identities: [DecryptionIdentity], policy: CMSPolicy) {
        recovery = KeyRecovery(identities: identities, policy: policy)
    }

    /// The only thing that is ever said when it does not decrypt.
    static let failure = EnvelopeError(.decryptionFailed, reason: "the payload does not decrypt")

    /// Plaintext as far as it is ready, **not authenticated**. Any split of the envelope into chunks gives the same plaintext.
    ///
    /// - Throws: `.cmsMalformed`, `.cmsProfile`, `.notEncryptedToUs`; the same again in every later call.
    public mutating func update(_ chunk: [UInt8]) throws(EnvelopeError) -> [UInt8] { try update(chunk[...]) }

    mutating func update(_ chunk: ArraySlice<UInt8>) throws(EnvelopeError) -> [UInt8] {
        if let failed { throw failed }
        do throws(EnvelopeError) {
            return try decrypt(try reader.update(chunk))
        } catch {
            failed = error
            throw error
        }
    }

    private mutating func decrypt(_ slices: [ArraySlice<UInt8>]) throws(EnvelopeError) -> [UInt8] {
        guard let header = reader.header else { return [] }
        if facts == nil {
            let recovered = try recovery.recover(header)
            facts = recovered.facts
            do {
                cipher = try CipherDecryption(
                    recovered.content.cipher.native, key: recovered.key, vector: recovered.content.vector)
            } catch {
                throw Self.failure
            }
        }
        var plaintext: [UInt8] = []
        for slice in slices {
            do {
                let piece = try cipher?.update(slice) ?? []
                if plaintext.isEmpty { plaintext = piece } else { plaintext += piece }
            } catch {
                throw Self.failure
            }
        }
        return plaintext
    }

    /// The last of the plaintext and how it was protected. Until this returns, nothing of the payload may be used.
    ///
    /// - Throws: `.decryptionFailed` when tag or padding do not fit, `.cmsMalformed` when the envelope is not complete or something
    ///   follows it, `.cmsProfile` for an authentication tag that is not 16 bytes long.
    public consuming func finish() throws(EnvelopeError) -> (rest: [UInt8], facts: CMSFacts) {
        if let failed { throw failed }
        let plaintext = try decrypt(try reader.flush())
        let tag = try reader.finish()
        guard tag == nil || tag?.count == ContentCipher.tagLength else {
            throw EnvelopeError(.cmsProfile, reason: "an authentication tag of \(tag?.count ?? 0) bytes is not read")
        }
        guard let cipher = cipher.take(), let facts, let rest = cipher.finish(tag: tag) else { throw Self.failure }
        return (plaintext + rest, facts)
    }

    /// Opens an envelope that lies in memory. On failure no plaintext is given out.
    public static func open(
        _ envelope: [UInt8], identities: [DecryptionIdentity], policy: CMSPolicy
    ) throws(EnvelopeError) -> (plaintext: [UInt8], facts: CMSFacts) {
        var decryptor = PayloadDecryptor(identities: identities, policy: policy)
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(envelope.count)
        var position = 0
        while position < envelope.count {
            let end = min(position + 65_536, envelope.count)
            plaintext += try decryptor.update(envelope[position..<end])
            position = end
        }
        let (rest, facts) = try decryptor.finish()
        return (plaintext + rest, facts)
    }
}
