/// What one MIME message may cost. Every number is checked while the bytes arrive, not after.
public struct MIMELimits: Sendable, Hashable {
    /// Parts of one multipart, the root included.
    public var parts: Int
    /// Bytes of one header block.
    public var headerBytes: Int
    /// Fields of one header block.
    public var headerFields: Int
    /// Bytes of the root part (SOAP), transfer-decoded. It is the only part that is ever held in memory.
    public var rootBytes: Int
    /// Bytes of any other part, transfer-decoded.
    public var partBytes: Int
    /// Bytes of the whole body as received.
    public var totalBytes: Int
    /// Bytes before the first and after the last delimiter.
    public var outsideBytes: Int

    public init(
        parts: Int = 64, headerBytes: Int = 64 << 10, headerFields: Int = 200, rootBytes: Int = 512 << 10,
        partBytes: Int = 2 << 30, totalBytes: Int = 3 << 30, outsideBytes: Int = 64 << 10
    ) {
        (self.parts, self.headerBytes, self.headerFields) = (parts, headerBytes, headerFields)
        (self.rootBytes, self.partBytes, self.totalBytes) = (rootBytes, partBytes, totalBytes)
        self.outsideBytes = outsideBytes
    }
}
