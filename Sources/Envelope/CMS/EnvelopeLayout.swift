import Native

/// The bytes around the encrypted content: what stands before it, and how long all of it is.
///
/// Written from the inside out, because each length counts what is in it. The structures are those of ``CMSEnvelopeHeader``.
struct EnvelopeLayout {
    /// Everything before the first byte of ciphertext.
    let header: [UInt8]
    /// The whole envelope.
    let length: Int

    /// - Parameter contentLength: of the plaintext.
    init(recipientInfo: [UInt8], content: ContentEncryption, contentLength: Int) {
        let cipher = content.cipher.native
        let ciphertext = cipher.isAuthenticated ? contentLength : (contentLength / cipher.blockLength + 1) * cipher.blockLength
        let trailer = cipher.isAuthenticated ? 2 + ContentCipher.tagLength : 0
        let type: ObjectIdentifier = cipher.isAuthenticated ? .authEnvelopedData : .envelopedData

        var header = DER.header(DER.context(0), length: ciphertext)
        header = ObjectIdentifier.data.der + content.der + header
        header = DER.header(DER.sequence, length: header.count + ciphertext) + header
        // Version 0 in both kinds: one recipient, named by issuer and serial number, of version 0 (or in AuthEnvelopedData any).
        header = DER.encode(integer: 0) + DER.encode(DER.set, recipientInfo) + header
        header = DER.header(DER.sequence, length: header.count + ciphertext + trailer) + header
        header = DER.header(DER.constructed(0), length: header.count + ciphertext + trailer) + header
        header = type.der + header
        header = DER.header(DER.sequence, length: header.count + ciphertext + trailer) + header

        self.header = header
        length = header.count + ciphertext + trailer
    }
}
