import Envelope
import Foundation
import Native

/// A part as it goes out: CMS bytes, in memory or spooled, with the digest that the header's signature covers.
struct EncryptedPart: Sendable {
    enum Place: Sendable {
        case memory([UInt8])
        case file(String)
    }

    let contentID: String
    let place: Place
    let length: Int
    let sha256: [UInt8]
}

/// Encrypts parts for one receiver. Large ones stream from the vault into the spool; the plaintext is never whole in
/// memory and never on the disk.
struct PartEncryption {
    let vault: PayloadVault
    let spool: Spool
    let certificate: ValidatedCertificate
    let protection: PayloadProtection

    /// Encrypts bytes that are in memory anyway.
    func encrypt(_ plaintext: [UInt8], contentID: String) throws -> EncryptedPart {
        try encrypt(contentID: contentID, length: plaintext.count) { try $0(plaintext) }
    }

    func encrypt(_ part: PartRecord) throws -> EncryptedPart {
        try encrypt(contentID: part.contentID, length: part.payload.length) { try vault.read(part.payload, into: $0) }
    }

    private func encrypt(contentID: String, length: Int, source: (([UInt8]) throws -> Void) throws -> Void) throws
        -> EncryptedPart
    {
        var output: PartOutput
        do {
            output = try PartOutput(
                encryptor: PayloadEncryptor(for: certificate, protection: protection, contentLength: length),
                file: length > PayloadVault.rowLimit / 2 ? UUID().uuidString.lowercased() + ".cms" : nil, spool: spool)
        } catch let error as EnvelopeError { throw SealingError(.envelope, "\(error)") }
        try source { try output.take($0) }
        return try output.finish(contentID: contentID)
    }
}

/// Where the ciphertext of one part goes while it is made.
private struct PartOutput: ~Copyable {
    private var encryptor: PayloadEncryptor
    private var digest: Digest
    private var file: DurableFile?
    private let name: String?
    private var memory: [UInt8] = []
    private var length = 0

    init(encryptor: consuming PayloadEncryptor, file name: String?, spool: Spool) throws {
        self.encryptor = encryptor
        digest = Digest(.sha256)
        self.name = name
        file = if let name { try DurableFile(creating: spool.path(name), disk: spool.disk) } else { nil }
    }

    mutating func take(_ plaintext: [UInt8]) throws {
        try put(try encryptor.update(plaintext))
    }

    consuming func finish(contentID: String) throws -> EncryptedPart {
        let rest = try encryptor.finish()
        digest.update(rest)
        let total = length + rest.count
        if let file = file.take(), let name {
            try file.write(rest)
            try file.finish()
            return EncryptedPart(contentID: contentID, place: .file(name), length: total, sha256: digest.finish())
        }
        var whole = memory
        memory = []
        whole += rest
        return EncryptedPart(contentID: contentID, place: .memory(whole), length: total, sha256: digest.finish())
    }

    private mutating func put(_ bytes: [UInt8]) throws {
        digest.update(bytes)
        length += bytes.count
        if file != nil {
            try file?.write(bytes)
        } else if memory.isEmpty {
            memory = bytes
        } else {
            memory += bytes
        }
    }
}
