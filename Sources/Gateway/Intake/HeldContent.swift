/// Bytes to go with a document that lie in no file: made here, or received before.
struct HeldContent: Sendable {
    enum Source: Sendable {
        case bytes([UInt8])
        case stored(StoredPayload)
    }

    let source: Source
    let mediaType: String

    var length: Int {
        switch source {
        case .bytes(let bytes): bytes.count
        case .stored(let payload): payload.length
        }
    }

    /// A payload of its own: what was received goes at its own time, and so does what is sent.
    func stored(in vault: PayloadVault) throws -> StoredPayload {
        switch source {
        case .bytes(let bytes): return try vault.store(bytes)
        case .stored(let payload):
            var writer = try vault.writer()
            try vault.read(payload) { try writer.write($0) }
            return try writer.finish()
        }
    }
}
