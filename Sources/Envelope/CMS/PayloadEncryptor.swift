import Native

/// Writes a payload envelope while its content passes by, in memory that does not grow with it.
///
/// DER throughout. Key, nonce and ephemeral key pair are new for each envelope and never leave it.
public struct PayloadEncryptor: ~Copyable {
    /// Bytes of the whole envelope, known before the first is written.
    public let encryptedLength: Int

    private var cipher: CipherEncryption
    private var header: [UInt8]
    private var remaining: Int

    /// - Parameters:
    ///   - recipient: validated for `.encryption`.
    ///   - contentLength: exactly how many bytes will follow.
    /// - Throws: `.certificateKeyUsage` for a certificate validated for something else; `.certificateAlgorithm` when its key cannot
    ///   be used with that protection: `.national` is RSA only, `.strong` is RSA, P-256 and P-384; `.cmsProfile` for a length that
    ///   no envelope can have.
    public init(
        for recipient: ValidatedCertificate, protection: PayloadProtection, contentLength: Int
    ) throws(EnvelopeError) {
        guard recipient.use == .encryption else {
            throw EnvelopeError(.certificateKeyUsage, reason: "\(recipient.certificate.label) is not validated for encryption")
        }
        // GCM ends at 2^36 - 32 bytes. NIST SP 800-38D §5.2.1.1.
        guard (0...(1 << 36) - 32).contains(contentLength) else {
            throw EnvelopeError(.cmsProfile, reason: "a content of \(contentLength) bytes")
        }
        do {
            let content = ContentEncryption(
                cipher: protection == .strong ? .aes256GCM : .aes256CBC,
                vector: try PublicRandom.bytes(protection == .strong ? 12 : 16))
            let key = try SecretBytes.random(count: content.cipher.native.keyLength)
            let recipientInfo = try RecipientWriting.recipientInfo(for: recipient.certificate, protection, key)
            let layout = EnvelopeLayout(recipientInfo: recipientInfo, content: content, contentLength: contentLength)
            cipher = try CipherEncryption(content.cipher.native, key: key, vector: content.vector)
            header = layout.header
            encryptedLength = layout.length
            remaining = contentLength
        } catch let error as NativeError {
            throw EnvelopeError(
                .keyMalformed, reason: "nothing can be encrypted to \(recipient.certificate.label): \(error.reason)")
        } catch {
            throw error as? EnvelopeError ?? EnvelopeError(.keyMalformed, reason: "nothing can be encrypted")
        }
    }

    /// The envelope as far as it is ready.
    ///
    /// - Throws: `.cmsProfile` when more comes than was announced.
    public mutating func update(_ plaintext: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard plaintext.count <= remaining else {
            throw EnvelopeError(
                .cmsProfile, reason: "the content is longer than announced, by \(plaintext.count - remaining) bytes")
        }
        remaining -= plaintext.count
        let ciphertext: [UInt8]
        do {
            ciphertext = try cipher.update(plaintext[...])
        } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
        guard !header.isEmpty else { return ciphertext }
        // Room for the tag too: a small envelope is then not copied once more.
        var envelope = header
        header = []
        envelope.reserveCapacity(envelope.count + ciphertext.count + 64)
        envelope += ciphertext
        return envelope
    }

    /// The end of the envelope.
    ///
    /// - Throws: `.cmsProfile` when less came than was announced.
    public consuming func finish() throws(EnvelopeError) -> [UInt8] {
        guard remaining == 0 else {
            throw EnvelopeError(.cmsProfile, reason: "the content is shorter than announced, by \(remaining) bytes")
        }
        let header = header
        do {
            let (rest, tag) = try cipher.finish()
            return header + rest + (tag.isEmpty ? [] : DER.encode(DER.octetString, tag))
        } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
    }

    /// The envelope of a content that lies in memory.
    public static func seal(
        _ plaintext: [UInt8], for recipient: ValidatedCertificate, protection: PayloadProtection
    ) throws(EnvelopeError) -> [UInt8] {
        var encryptor = try PayloadEncryptor(for: recipient, protection: protection, contentLength: plaintext.count)
        let envelope = try encryptor.update(plaintext)
        return envelope + (try encryptor.finish())
    }
}
