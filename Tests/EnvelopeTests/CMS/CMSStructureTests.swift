import Envelope
import Foundation
import TestSupport
import Testing

@Suite("What a blob is, seen without a key")
struct CMSStructureTests {
    @Test("our own forms", arguments: PayloadProtection.allCases)
    func own(protection: PayloadProtection) throws {
        let receiver = try Receiver.rsa()
        let envelope = try PayloadEncryptor.seal(pattern(1000), for: receiver.validated, protection: protection)
        let structure = try CMSStructure.inspect(envelope)
        #expect(structure.contentType == (protection == .strong ? "AuthEnvelopedData" : "EnvelopedData"))
        #expect(structure.isPayloadEnvelope)
        #expect(structure.contentCipher == (protection == .strong ? "AES-256-GCM" : "AES-256-CBC"))
        #expect(structure.recipients.map(\.serialNumber) == [receiver.identity.certificate.serialNumber])
        #expect(structure.recipients.map(\.keyManagement) == [protection == .strong ? "RSA-OAEP" : "RSA PKCS#1 v1.5"])
        #expect(structure.encoding == .der)
        #expect(structure.length == envelope.count)
        #expect(structure.encryptedContentLength == (protection == .strong ? 1000 : 1008))
        #expect(structure.tagLength == (protection == .strong ? 16 : nil))
        #expect(try CMSStructure.inspect(inPieces(envelope, of: 100)).encoding == .ber)
        #expect(try CMSStructure.inspect(inPieces(envelope, of: 100)).encryptedContentLength == structure.encryptedContentLength)
    }

    @Test("named by key identifier, and by an EC key")
    func others() throws {
        let scratch = try Scratch()
        let (rsa, ec) = (try Receiver.rsa(), try Receiver.p256())
        let structure = try CMSStructure.inspect(
            scratch.encrypted(pattern(10), ["-des3", "-keyid", rsa.certificatePath, ec.certificatePath]))
        #expect(structure.recipients.map(\.kind) == ["KeyTransRecipientInfo", "KeyAgreeRecipientInfo"])
        #expect(structure.recipients.allSatisfy { $0.subjectKeyIdentifier?.count == 40 && $0.issuer == nil })
        #expect(structure.contentCipher == "DES-EDE3-CBC")
    }

    @Test("SignedData, data and EncryptedData are no payload envelopes")
    func notAnEnvelope() throws {
        let signed = try openssl(
            "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer",
            try TestPKI.shared.path("314000005/signing.crt"),
            "-inkey", try TestPKI.shared.path("314000005/signing.key"), input: pattern(100))
        let data = try openssl("cms", "-data_create", "-binary", "-outform", "DER", input: pattern(100))
        let encrypted = try openssl(
            "cms", "-EncryptedData_encrypt", "-aes128", "-secretkey", "000102030405060708090A0B0C0D0E0F", "-binary", "-outform",
            "DER",
            input: pattern(100))
        for (bytes, name) in [(signed, "SignedData"), (data, "data"), (encrypted, "EncryptedData")] {
            let structure = try CMSStructure.inspect(bytes)
            #expect(structure.contentType == name)
            #expect(!structure.isPayloadEnvelope)
            #expect(throws: EnvelopeError(.cmsProfile, reason: "")) { try Receiver.rsa().open(bytes) }
        }
    }

    struct Blob: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]

        init(_ name: String, _ bytes: [UInt8]) { (testDescription, self.bytes) = (name, bytes) }

        static let type: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03]
        static let huge: [UInt8] = [0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    }

    static let blobs = [
        Blob("nothing", []), Blob("one byte", [0x30]), Blob("text", Array("-----BEGIN CMS-----\nMIIB".utf8)),
        Blob("XML", Array("<?xml version=\"1.0\"?>".utf8)), Blob("zeros", Array(repeating: 0, count: 100)),
        Blob("an empty sequence", [0x30, 0x00]), Blob("a huge length", [0x30] + Blob.huge + Blob.type),
        Blob("a length of nine octets", [0x30, 0x89] + Array(repeating: 0xFF, count: 9) + Blob.type),
        Blob("a length of 127 octets", [0x30, 0xFF] + Array(repeating: 0, count: 130)),
        Blob("a huge length inside", [0x30, 0x80] + Blob.type + [0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0x31] + Blob.huge),
        Blob("an object reaching out of its own", [0x30, 0x10] + Blob.type + [0xA0, 0x20, 0x30, 0x1E]),
        Blob("a tag number above 30", [0x30, 0x80] + Blob.type + [0xBF, 0x81, 0x01, 0x00]),
        Blob("a primitive of indefinite length", [0x30, 0x80, 0x06, 0x80]),
        Blob("no recipients", [0x30, 0x80] + Blob.type + [0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0x31, 0x00, 0x30, 0x80]),
        Blob(
            "deep nesting",
            [0x30, 0x80] + Blob.type + [0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00]
                + (0..<30_000).flatMap { _ in [0x31, 0x80] as [UInt8] }),
        Blob(
            "a header without end",
            [0x30, 0x80] + Blob.type + [0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0x31, 0x80]
                + (0..<60_000).flatMap { _ in [0x30, 0x00] as [UInt8] }),
    ]

    @Test("malformed bytes are refused at once, in whatever chunks they come", arguments: blobs, [1, 100_000])
    func malformed(blob: Blob, chunk: Int) throws {
        let receiver = try Receiver.rsa()
        #expect(throws: EnvelopeError(.cmsMalformed, reason: "")) { try CMSStructure.inspect(blob.bytes) }
        #expect(throws: EnvelopeError(.cmsMalformed, reason: "")) { try opened(blob.bytes, by: receiver, chunks: [chunk]) }
    }

    @Test(
        "pieces of the content that are none",
        arguments: [
            Blob("another tag", [0x05, 0x00]), Blob("a piece of pieces", [0x24, 0x80, 0x04, 0x01, 0x00, 0x00, 0x00]),
            Blob("indefinite", [0x04, 0x80]), Blob("huge", [0x04] + Blob.huge), Blob("half an end", [0x00, 0x01]),
        ])
    func pieces(blob: Blob) throws {
        let receiver = try Receiver.rsa()
        for protection in PayloadProtection.allCases {
            let envelope = inPieces(
                try PayloadEncryptor.seal(pattern(500), for: receiver.validated, protection: protection), of: 100)
            let start = try #require(firstPiece(in: envelope))
            let changed = Array(envelope[..<start]) + blob.bytes + Array(envelope[start...])
            #expect(throws: EnvelopeError(.cmsMalformed, reason: "")) { try receiver.open(changed) }
        }
    }

    /// Where the first piece of 100 bytes begins.
    private func firstPiece(in envelope: [UInt8]) -> Int? {
        let mark: [UInt8] = [0xA0, 0x80, 0x04, 0x84, 0, 0, 0, 100]
        return envelope.indices.dropLast(mark.count).last { Array(envelope[$0..<($0 + mark.count)]) == mark }.map { $0 + 2 }
    }

    @Test(
        "the payload of a real ebXML message",
        .enabled(
            if: Repository.shared("standards/transport-samples/ebxml") != nil, "the real samples are not beside the checkout"))
    func realSample() throws {
        let folder = try #require(Repository.shared("standards/transport-samples/ebxml"))
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix("payload.p7m") }
        try #require(!files.isEmpty)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: file)))
            let structure = try CMSStructure.inspect(bytes)
            #expect(structure.contentType == "EnvelopedData")
            #expect(["AES-256-CBC", "DES-EDE3-CBC"].contains(structure.contentCipher))
            #expect(structure.recipients.map(\.keyManagement) == ["RSA PKCS#1 v1.5"])
            #expect(throws: EnvelopeError(.notEncryptedToUs, reason: "")) { try Receiver.rsa().open(bytes, allows3DES: true) }
        }
    }
}
