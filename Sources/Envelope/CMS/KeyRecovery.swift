import Native

/// Finds which of our keys an envelope is for, and takes the content key out.
struct KeyRecovery {
    let identities: [DecryptionIdentity]
    let policy: CMSPolicy

    /// The key that opens the content and what may be said about it afterwards.
    struct Recovered: ~Copyable {
        let key: SecretBytes
        let content: ContentEncryption
        let facts: CMSFacts
    }

    /// A damaged content key does not throw here: a random one takes its place, and the content fails in its turn.
    ///
    /// - Throws: `.cmsProfile` for what policy or profile refuse, `.notEncryptedToUs`.
    func recover(_ header: CMSEnvelopeHeader) throws(EnvelopeError) -> Recovered {
        let content = try checked(header)
        guard let (recipient, identity, isExact) = match(header.recipients) else {
            throw EnvelopeError(
                .notEncryptedToUs, reason: "none of the \(header.recipients.count) recipients is one of our certificates")
        }
        let management: KeyManagement
        do {
            management = try KeyManagement(recipient)
        } catch {
            throw error.final
        }
        let isStrong = content.cipher == .aes256GCM && management.isStrong
        guard isStrong || policy.requires == .national else {
            throw EnvelopeError(
                .cmsProfile, reason: "\(management.fact.rawValue) and \(content.cipher.rawValue) are weaker than agreed")
        }
        let facts = CMSFacts(
            protection: isStrong ? .strong : .national, contentCipher: content.cipher, keyManagement: management.fact,
            encoding: header.isDefinite ? .der : .ber, openedWith: identity.certificate,
            deviations: deviations(content, management, isExact: isExact))
        let key = try contentKey(recipient, management, identity, length: content.cipher.native.keyLength)
        return Recovered(key: key, content: content, facts: facts)
    }

    private func checked(_ header: CMSEnvelopeHeader) throws(EnvelopeError) -> ContentEncryption {
        guard header.contentType == .data else {
            throw EnvelopeError(.cmsProfile, reason: "\(header.contentType.name) in an envelope that should hold data")
        }
        guard header.isAuthenticated || policy.requires == .national else {
            throw EnvelopeError(.cmsProfile, reason: "EnvelopedData is weaker than agreed")
        }
        let content: ContentEncryption
        do {
            content = try ContentEncryption(header.encryption, isAuthenticated: header.isAuthenticated)
        } catch {
            throw error.final
        }
        guard content.cipher != .tripleDESCBC || policy.allows3DES else {
            throw EnvelopeError(.cmsProfile, reason: "triple DES is not agreed with this partner")
        }
        return content
    }

    /// The first recipient that is one of us. Names are compared by bytes first, and then as names: some senders write the
    /// issuer anew, with other string types. Our own gateways do not, so strong protection asks for the bytes.
    private func match(_ recipients: [CMSRecipient]) -> (CMSRecipient, DecryptionIdentity, isExact: Bool)? {
        for exactly in policy.requires == .strong ? [true] : [true, false] {
            for recipient in recipients {
                for identity in identities where recipient.names(identity.certificate.native, exactly: exactly) {
                    return (recipient, identity, exactly)
                }
            }
        }
        return nil
    }

    private func deviations(_ content: ContentEncryption, _ management: KeyManagement, isExact: Bool) -> [Deviation] {
        var found: [Deviation] = []
        if content.cipher == .tripleDESCBC {
            found.append(Deviation("triple DES instead of AES", at: "contentEncryptionAlgorithm", severity: .warning))
        }
        if case .transport(.oaep(let hash, let mask)) = management, hash == .sha1 || mask == .sha1 {
            found.append(Deviation("RSA-OAEP with SHA-1", at: "keyEncryptionAlgorithm"))
        }
        if !isExact { found.append(Deviation("the issuer is written otherwise than in the certificate", at: "recipientInfos")) }
        return found
    }

    private func contentKey(
        _ recipient: CMSRecipient, _ management: KeyManagement, _ identity: DecryptionIdentity, length: Int
    ) throws(EnvelopeError) -> SecretBytes {
        let key = identity.key.native
        do {
            switch (management, recipient.kind) {
            case (.transport(let transport), _):
                return try key.decrypt(recipient.encryptedKey, transport, length: length)
            case (.agreement(let agreement, let keyInfo), .keyAgreement(let point?, let material)):
                let agreed = AgreedKey(point: point, wrapped: recipient.encryptedKey)
                return try key.decrypt(
                    agreed, agreement, sharedInfo: agreement.sharedInfo(keyInfo: keyInfo, userKeyingMaterial: material),
                    length: length)
            case (.agreement, _):
                throw EnvelopeError(.cmsProfile, reason: "key agreement without the originator's ephemeral key")
            }
        } catch let error as NativeError {
            throw EnvelopeError(.cmsProfile, reason: "the recipient's key is of another kind: \(error.reason)")
        } catch {
            throw error as? EnvelopeError ?? PayloadDecryptor.failure
        }
    }
}

extension CMSRecipient {
    fileprivate func names(_ certificate: X509Certificate, exactly: Bool) -> Bool {
        switch identifier {
        case .issuerAndSerialNumber(let issuer, let serial):
            guard serial == Array(certificate.serialDER.dropFirst(2)) else { return false }
            return exactly ? issuer == certificate.issuerDER : certificate.isIssued(by: issuer)
        case .subjectKeyIdentifier(let identifier):
            return exactly && certificate.subjectKeyIdentifier == identifier
        case .none: return false
        }
    }
}
