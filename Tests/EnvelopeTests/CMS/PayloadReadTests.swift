import Envelope
import TestSupport
import Testing

@Suite("What openssl encrypts, we decrypt")
struct PayloadReadTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let options: [String]
        var isEC = false
        let cipher: CMSContentCipher
        let management: CMSKeyManagement
        var encoding = CMSEncoding.der
        var protection = PayloadProtection.national
        var deviations = 0
        var testDescription: String { name }
    }

    static let oaep = ["-keyopt", "rsa_padding_mode:oaep"]
    static let oaepSHA256 = oaep + ["-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256"]
    static let ecdh = ["-keyopt", "ecdh_kdf_md:sha256", "-aes256-wrap"]

    static let cases = [
        Case(name: "AES-256-CBC", options: ["-aes256"], cipher: .aes256CBC, management: .rsaPKCS1v15),
        Case(name: "AES-192-CBC", options: ["-aes192"], cipher: .aes192CBC, management: .rsaPKCS1v15),
        Case(name: "AES-128-CBC", options: ["-aes128"], cipher: .aes128CBC, management: .rsaPKCS1v15),
        Case(name: "triple DES", options: ["-des3"], cipher: .tripleDESCBC, management: .rsaPKCS1v15, deviations: 1),
        Case(name: "BER", options: ["-aes256", "-stream"], cipher: .aes256CBC, management: .rsaPKCS1v15, encoding: .ber),
        Case(name: "by key identifier", options: ["-aes256", "-keyid"], cipher: .aes256CBC, management: .rsaPKCS1v15),
        Case(name: "AES-256-GCM and v1.5", options: ["-aes-256-gcm"], cipher: .aes256GCM, management: .rsaPKCS1v15),
        Case(name: "AES-128-GCM", options: ["-aes-128-gcm"] + oaepSHA256, cipher: .aes128GCM, management: .rsaOAEP),
        Case(name: "OAEP with SHA-1", options: ["-aes-256-gcm"], cipher: .aes256GCM, management: .rsaOAEP, deviations: 1),
        Case(
            name: "OAEP with SHA-256", options: ["-aes-256-gcm"] + oaepSHA256, cipher: .aes256GCM, management: .rsaOAEP,
            protection: .strong),
        Case(
            name: "P-256", options: ["-aes-256-gcm"] + ecdh, isEC: true, cipher: .aes256GCM, management: .ecdh,
            protection: .strong),
        Case(
            name: "P-256 by key identifier", options: ["-aes-256-gcm", "-keyid"] + ecdh, isEC: true, cipher: .aes256GCM,
            management: .ecdh, protection: .strong),
        Case(
            name: "P-256, AES-128 key wrap, CBC", options: ["-aes256", "-keyopt", "ecdh_kdf_md:sha256", "-aes128-wrap"],
            isEC: true,
            cipher: .aes256CBC, management: .ecdh),
    ]

    /// `openssl` wants the recipient before the options that belong to its key.
    private func options(_ item: Case, _ receiver: Receiver) -> [String] {
        let padding = item.name == "OAEP with SHA-1" ? Self.oaep : []
        let ofKey = item.options.firstIndex(of: "-keyopt") ?? item.options.endIndex
        return Array(item.options[..<ofKey]) + ["-recip", receiver.certificatePath] + Array(item.options[ofKey...]) + padding
    }

    @Test("in each of the forms", arguments: cases)
    func forms(item: Case) throws {
        let receiver = try item.isEC ? Receiver.p256() : Receiver.rsa()
        for size in [0, 1, 16, 3000, 100_000] {
            let envelope = try scratch.encrypted(pattern(size), options(item, receiver))
            let (plaintext, facts) = try receiver.open(envelope, requires: item.protection, allows3DES: true)
            #expect(plaintext == pattern(size))
            #expect(facts.contentCipher == item.cipher)
            #expect(facts.keyManagement == item.management)
            #expect(facts.encoding == item.encoding)
            #expect(facts.protection == item.protection)
            #expect(facts.deviations.count == item.deviations)
        }
    }

    @Test("but nothing weaker than strong when strong was agreed", arguments: cases.filter { $0.protection == .national })
    func weaker(item: Case) throws {
        let receiver = try item.isEC ? Receiver.p256() : Receiver.rsa()
        let envelope = try scratch.encrypted(pattern(100), options(item, receiver))
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) {
            try receiver.open(envelope, requires: .strong, allows3DES: true)
        }
    }

    @Test("P-384")
    func p384() throws {
        let receiver = try Receiver.p384(in: scratch)
        let envelope = try scratch.encrypted(pattern(100), ["-aes-256-gcm", "-recip", receiver.certificatePath] + Self.ecdh)
        #expect(try receiver.open(envelope, requires: .strong).plaintext == pattern(100))
    }

    @Test("for several recipients, whichever we are, and with a former key")
    func several() throws {
        let (first, second, third) = (try Receiver.rsa(), try Receiver.otherRSA(), try Receiver.p256())
        let envelope = try scratch.encrypted(
            pattern(100), ["-aes256", first.certificatePath, second.certificatePath])
        for receiver in [first, second] {
            let identities = [third.identity, receiver.identity]
            let (plaintext, facts) = try PayloadDecryptor.open(
                envelope, identities: identities, policy: CMSPolicy(requires: .national))
            #expect(plaintext == pattern(100))
            #expect(facts.openedWith == receiver.identity.certificate)
        }
        #expect(throws: EnvelopeError(.notEncryptedToUs, reason: "")) { try third.open(envelope) }
        #expect(throws: EnvelopeError(.notEncryptedToUs, reason: "")) {
            try PayloadDecryptor.open(envelope, identities: [], policy: CMSPolicy(requires: .national))
        }
    }

    @Test("beside a recipient with a shared key, which is passed over")
    func otherKinds() throws {
        let receiver = try Receiver.rsa()
        let envelope = try scratch.encrypted(
            pattern(100),
            [
                "-aes256", "-secretkey", "000102030405060708090A0B0C0D0E0F", "-secretkeyid", "C0FEE0", "-pwri_password", "x",
                receiver.certificatePath,
            ])
        #expect(try receiver.open(envelope).plaintext == pattern(100))
        #expect(
            try CMSStructure.inspect(envelope).recipients.map(\.kind).sorted() == [
                "KEKRecipientInfo", "KeyTransRecipientInfo", "PasswordRecipientInfo",
            ])
    }

    @Test("triple DES only where it was allowed")
    func tripleDES() throws {
        let receiver = try Receiver.rsa()
        let envelope = try scratch.encrypted(pattern(100), ["-des3", receiver.certificatePath])
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) { try receiver.open(envelope) }
        #expect(try receiver.open(envelope, allows3DES: true).facts.deviations.map(\.severity) == [.warning])
    }

    @Test("not single DES, RC2 or Camellia", arguments: ["-des", "-rc2-40", "-camellia256"])
    func ciphers(option: String) throws {
        let receiver = try Receiver.rsa()
        let legacy = option != "-camellia256" ? ["-provider", "legacy", "-provider", "default"] : []
        let envelope = try scratch.encrypted(pattern(100), [option] + legacy + [receiver.certificatePath])
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) { try receiver.open(envelope, allows3DES: true) }
    }

    @Test("not ChaCha20-Poly1305, which openssl cannot write either")
    func chaCha20() throws {
        let receiver = try Receiver.rsa()
        let tree = DERTree(try PayloadEncryptor.seal(pattern(100), for: receiver.validated, protection: .strong))
        let identifier: [UInt8] = [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x03, 0x12]
        let envelope = tree.replacing([1, 0, 2, 1, 0], with: identifier).encoded
        #expect(try CMSStructure.inspect(envelope).contentCipher == "ChaCha20-Poly1305")
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) { try receiver.open(envelope) }
    }

    @Test("not key agreement with SHA-1, openssl's default")
    func sha1Agreement() throws {
        let receiver = try Receiver.p256()
        let envelope = try scratch.encrypted(pattern(100), ["-aes256", "-recip", receiver.certificatePath])
        #expect(throws: EnvelopeError(.cmsProfile, reason: "")) { try receiver.open(envelope) }
    }
}
