import Envelope
import Foundation
import Native

/// Makes the bytes that go out: the document with its attachments, encrypted for the receiver, under a header signed by the
/// sender. Once for each message.
struct MessageSealer: Sendable {
    let vault: PayloadVault
    let spool: Spool
    let registry: Registry
    let trust: PartnerTrust
    let keys: KeyRing
    let kinds: MessageKindTable
    let description: SystemDescription
    let ids: IDSource

    /// - Parameter plain: the document, when whoever asks has it in memory.
    /// - Throws: ``SealingError``. Spooled files of a sealing that failed are deleted.
    func seal(_ message: MessageRecord, parts: [PartRecord], document plain: [UInt8]? = nil, at now: Date) throws -> WireMessage {
        guard let sender = HERID(message.sender), let receiver = HERID(message.receiver), let document = parts.first else {
            throw SealingError(.damaged, "the stored message names no parties or has no document")
        }
        let agreement = try agreement(between: sender, and: receiver, for: message)
        let certificate: ValidatedCertificate
        do { certificate = try trust.trusted(receiver, use: .encryption, at: now) } catch {
            throw SealingError(error.isTemporary ? .tryLater : .receiver, "the receiver's certificate cannot be used: \(error)")
        }
        let encryption = PartEncryption(vault: vault, spool: spool, certificate: certificate, protection: agreement.protection)
        var encrypted: [EncryptedPart] = []
        do {
            let attachments = Array(parts.dropFirst())
            let xml = try self.document(plain ?? vault.bytes(of: document.payload), attachments, agreement.protection)
            let kind = kind(of: message, document: xml)
            encrypted.append(try encryption.encrypt(xml, contentID: document.contentID))
            if agreement.protection == .strong {
                for attachment in attachments { encrypted.append(try encryption.encrypt(attachment)) }
            }
            return try wire(message, kind, agreement, encrypted, from: sender, to: receiver, at: now)
        } catch {
            for case .file(let name) in encrypted.map(\.place) { spool.delete(name) }
            throw error
        }
    }

    /// The agreement may have changed since the message was taken. It may have become stronger, never weaker.
    private func agreement(between sender: HERID, and receiver: HERID, for message: MessageRecord) throws -> Agreement {
        let agreement: Agreement
        do { agreement = try registry.agreement(between: sender, and: receiver) } catch {
            throw SealingError(.receiver, "\(error)")
        }
        guard agreement.protection == .strong || message.protection == .national else {
            throw SealingError(
                .weakened,
                "the agreement \(agreement.cpaID) is now weaker than what this message was taken for; nothing is sent under it")
        }
        return agreement
    }

    // MARK: - The document

    private func document(_ xml: [UInt8], _ attachments: [PartRecord], _ protection: PayloadProtection) throws -> [UInt8] {
        if attachments.isEmpty { return xml }
        let added = try attachments.map { part in
            Attachment(
                mimeType: part.mediaType, description: try part.title.map { try vault.text(of: $0, with: part.payload) },
                content: protection == .strong
                    ? .reference("cid:" + part.contentID) : .embedded(try vault.bytes(of: part.payload)))
        }
        do { return try ClinicalDocument.attach(added, to: xml) } catch {
            throw SealingError(.document, "the attachments cannot be put into the document: \(error)")
        }
    }

    // MARK: - The envelope

    private func wire(
        _ message: MessageRecord, _ kind: MessageKind?, _ agreement: Agreement, _ parts: [EncryptedPart], from sender: HERID,
        to receiver: HERID, at now: Date
    ) throws -> WireMessage {
        let identity: SigningIdentity
        do { identity = try keys.signing(for: sender) } catch { throw SealingError(.keys, "\(error)") }
        guard identity.certificate.notAfter > now else {
            throw SealingError(.keys, "our signing certificate for \(sender) has run out; put a new one in and restart the node")
        }
        do {
            let header = try header(message, kind, agreement, from: sender, to: receiver, at: now)
            let sealed = try parts.map { SealedPart(contentID: try ContentID($0.contentID), sha256: $0.sha256) }
            let envelope = try EnvelopeSealer.seal(
                header, syncReply: agreement.signals == .synchronous ? SyncReply() : nil, parts: sealed, with: identity)
            let isStrong = agreement.protection == .strong
            let layout = try MessageLayout(
                boundary: boundary(), soap: envelope.soap,
                rootID: try ContentID("soap.\(message.messageID)@msggw"), rootEncoding: isStrong ? .binary : .base64,
                parts: try parts.map {
                    MessageLayout.Part(
                        contentID: try ContentID($0.contentID),
                        contentType: isStrong
                            ? "application/pkcs7-mime; smime-type=authEnveloped-data"
                            : "application/pkcs7-mime; smime-type=enveloped-data",
                        encoding: isStrong ? .binary : .base64, length: $0.length)
                })
            return WireMessage(layout, parts: parts, envelope)
        } catch let error as EnvelopeError {
            throw SealingError(.envelope, "the envelope cannot be made: \(error)")
        } catch let error as RegistryError {
            throw SealingError(.receiver, "\(error)")
        }
    }

    /// 244 random bits: no ciphertext holds it by chance.
    private func boundary() -> String {
        "msggw-" + String(decoding: (ids.next() + ids.next()).utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    /// An AppRec travels as the kind that it answers: same service, roles swapped.
    private func kind(of message: MessageRecord, document: [UInt8]) -> MessageKind? {
        let type = MessageType(rawValue: message.kind)
        guard type == .appRec else { return kinds[type] }
        guard case .appRec(let receipt)? = try? ClinicalDocument(parsing: document), let original = receipt.original.type.code
        else { return nil }
        return kinds[MessageType(rawValue: original)]?.appRec
    }

    private func header(
        _ message: MessageRecord, _ kind: MessageKind?, _ agreement: Agreement, from sender: HERID, to receiver: HERID,
        at now: Date
    ) throws(RegistryError) -> MessageHeader {
        MessageHeader(
            from: try registry.headerParty(sender, under: agreement, role: kind?.senderRole),
            to: try registry.headerParty(receiver, under: agreement, role: kind?.receiverRole),
            cpaID: agreement.cpaID,
            conversationID: message.conversationID,
            service: agreement.service.map { Service($0) } ?? kind?.service ?? Service(message.kind),
            action: agreement.action ?? kind?.action ?? message.kind,
            messageData: MessageData(messageID: message.messageID, timestamp: EbXMLTimestamp(now)), duplicateElimination: true,
            description: description)
    }
}

/// Why a message cannot be made ready to go out.
struct SealingError: Error, Sendable, CustomStringConvertible {
    enum Code: Sendable { case damaged, receiver, weakened, document, keys, envelope, tryLater }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }

    var isTemporary: Bool {
        switch code {
        // What an operator or the registry can mend is waited for: a certificate that has run out loses no message.
        case .tryLater, .receiver, .keys: true
        case .damaged, .weakened, .document, .envelope: false
        }
    }
}

extension WireMessage {
    /// Small parts go into `body`, so that the whole message is one column; spooled ones are named.
    fileprivate init(_ layout: MessageLayout, parts: [EncryptedPart], _ envelope: SignedEnvelope) {
        var pieces: [Piece] = []
        var body: [UInt8] = []
        body.reserveCapacity(parts.allSatisfy { $0.length <= PayloadVault.rowLimit } ? layout.totalLength : 0)
        func append(_ bytes: [UInt8]) {
            body += bytes
            if case .bytes(let count)? = pieces.last {
                pieces[pieces.count - 1] = .bytes(count + bytes.count)
            } else {
                pieces.append(.bytes(bytes.count))
            }
        }
        for segment in layout.segments {
            switch segment {
            case .bytes(let bytes): append(bytes)
            case .part(let index, let encoding):
                switch (parts[index].place, encoding) {
                case (.memory(let bytes), .binary): append(bytes)
                case (.memory(let bytes), .base64):
                    var encoder = Base64LineEncoder()
                    append(encoder.encode(bytes) + encoder.finish())
                case (.file(let name), .binary):
                    pieces.append(.binary(file: name, length: parts[index].length, sha256: Data(parts[index].sha256)))
                case (.file(let name), .base64):
                    pieces.append(.base64(file: name, length: parts[index].length, sha256: Data(parts[index].sha256)))
                }
            }
        }
        let isWhole = pieces.count <= 1 && parts.allSatisfy { if case .memory = $0.place { true } else { false } }
        self.init(
            headers: layout.headers.map { ($0.name, $0.value) }, pieces: isWhole ? [] : pieces, body: body,
            soap: envelope.soap)
        (made, soapStart) = (envelope, layout.soapStart)
    }
}
