import Envelope
import Foundation
import TestSupport
import Testing

@Suite("What we encrypt, openssl decrypts")
struct PayloadWrittenTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    enum Form: String, CaseIterable, CustomTestStringConvertible {
        case national, strongRSA, strongP256, strongP384
        var testDescription: String { rawValue }

        var protection: PayloadProtection { self == .national ? .national : .strong }

        func receiver(_ scratch: Scratch) throws -> Receiver {
            switch self {
            case .national, .strongRSA: try .rsa()
            case .strongP256: try .p256()
            case .strongP384: try .p384(in: scratch)
            }
        }

        /// What `openssl cms -print` must show.
        var structure: [String] {
            switch self {
            case .national:
                [
                    "pkcs7-envelopedData", "version: 0", "d.issuerAndSerialNumber", "rsaEncryption", "parameter: NULL",
                    "contentType: pkcs7-data", "aes-256-cbc",
                ]
            case .strongRSA:
                [
                    "id-smime-ct-authEnvelopedData", "version: 0", "rsaesOaep", "sha256", "mgf1", "aes-256-gcm",
                    "INTEGER           :10",
                ]
            case .strongP256, .strongP384:
                [
                    "id-smime-ct-authEnvelopedData", "version: 3", "dhSinglePass-stdDH-sha256kdf-scheme", "id-aes256-wrap",
                    "aes-256-gcm",
                ]
            }
        }
    }

    @Test("of any size", arguments: Form.allCases, [0, 1, 15, 16, 17, 5000])
    func sizes(form: Form, size: Int) throws {
        let (receiver, content) = (try form.receiver(scratch), pattern(size))
        let envelope = try PayloadEncryptor.seal(content, for: receiver.validated, protection: form.protection)
        #expect(try scratch.decrypted(envelope, by: receiver) == content)
        let (plaintext, facts) = try receiver.open(envelope, requires: form.protection)
        #expect(plaintext == content)
        #expect(facts.protection == form.protection)
        #expect(facts.encoding == .der)
        #expect(facts.deviations.isEmpty)
        #expect(facts.openedWith == receiver.identity.certificate)
    }

    @Test("with the structure that was agreed", arguments: Form.allCases)
    func structure(form: Form) throws {
        let receiver = try form.receiver(scratch)
        let envelope = try PayloadEncryptor.seal(pattern(100), for: receiver.validated, protection: form.protection)
        let printed = String(decoding: try openssl("cms", "-cmsout", "-print", "-inform", "DER", input: envelope), as: UTF8.self)
        for fact in form.structure { #expect(printed.contains(fact), "\(fact)") }
        // Whatever openssl parses and writes again in DER is byte for byte what we wrote.
        #expect(try openssl("cms", "-cmsout", "-inform", "DER", "-outform", "DER", input: envelope) == envelope)
    }

    @Test("in as many bytes as it said beforehand", arguments: Form.allCases, [0, 1, 15, 16, 127, 128, 255, 256, 65_519, 65_536])
    func length(form: Form, size: Int) throws {
        let receiver = try form.receiver(scratch)
        var encryptor = try PayloadEncryptor(for: receiver.validated, protection: form.protection, contentLength: size)
        let announced = encryptor.encryptedLength
        var envelope: [UInt8] = []
        for byte in pattern(size).chunked(1000) { envelope += try encryptor.update(byte) }
        envelope += try encryptor.finish()
        #expect(envelope.count == announced)
        #expect(try receiver.open(envelope).plaintext == pattern(size))
    }

    @Test("nothing in one envelope comes back in another")
    func fresh() throws {
        let receiver = try Receiver.rsa()
        for protection in PayloadProtection.allCases {
            let envelopes = try (0..<8).map { _ in
                try PayloadEncryptor.seal(pattern(64), for: receiver.validated, protection: protection)
            }
            #expect(Set(envelopes.map { Array($0.suffix(80)) }).count == 8)
        }
    }
}

@Suite("What cannot be encrypted as agreed is refused")
struct PayloadNotWrittenTests {
    @Test("national protection to an EC key")
    func nationalEC() throws {
        let receiver = try Receiver.p256()
        #expect(throws: EnvelopeError(.certificateAlgorithm, reason: "")) {
            try PayloadEncryptor.seal([1], for: receiver.validated, protection: .national)
        }
    }

    @Test("to a certificate that was validated for signing", arguments: PayloadProtection.allCases)
    func signing(protection: PayloadProtection) throws {
        let certificate = try Certificate(pem: TestPKI.shared.pem("314000013/signing.crt"))
        let validated = try Receiver.store().validate(certificate, for: .signing, at: TestPKI.now, revocation: .notChecked)
        #expect(throws: EnvelopeError(.certificateKeyUsage, reason: "")) {
            try PayloadEncryptor.seal([1], for: validated, protection: protection)
        }
    }

    @Test("more bytes than announced, or fewer", arguments: PayloadProtection.allCases, [-1, 1])
    func length(protection: PayloadProtection, difference: Int) throws {
        let receiver = try Receiver.rsa()
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) {
            var encryptor = try PayloadEncryptor(for: receiver.validated, protection: protection, contentLength: 100)
            _ = try encryptor.update(pattern(50))
            _ = try encryptor.update(pattern(50 + difference))
            _ = try encryptor.finish()
        }
    }

    @Test("a length that cannot be", arguments: [-1, 1 << 36, .max])
    func impossible(length: Int) throws {
        let receiver = try Receiver.rsa()
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) {
            _ = try PayloadEncryptor(for: receiver.validated, protection: .strong, contentLength: length).encryptedLength
        }
    }
}

extension Array {
    func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
