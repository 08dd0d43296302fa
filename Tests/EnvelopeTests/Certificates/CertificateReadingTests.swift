import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("Certificates are read whole or not at all")
struct CertificateReadingTests {
    static func certificate(_ name: String) throws -> Certificate { try Certificate(pem: TestPKI.shared.pem("\(name).crt")) }

    @Test(
        "the organisation number is found in each of its four places",
        arguments: [
            ("314000005/signing", "314000005"), ("shapes/seid1-signing", "314000005"), ("shapes/number-in-o", "314000005"),
            ("shapes/number-in-ou", "314000005"), ("wrong/other-organisation", "314000080"),
            ("wrong/no-organisation-number", nil),
        ] as [(String, String?)])
    func organisationNumber(name: String, number: String?) throws {
        #expect(try Self.certificate(name).organisationNumber == number)
    }

    @Test("a sub-unit's number does not take the place of the legal entity's")
    func subUnit() throws {
        let certificate = try Self.certificate("shapes/sub-unit-in-ou")
        #expect(certificate.organisationNumber == "314000005")
        #expect(certificate.subUnitNumber == "314000080")
        #expect(try Self.certificate("314000005/signing").subUnitNumber == nil)
    }

    @Test("what a certificate says of itself")
    func facts() throws {
        let certificate = try Self.certificate("314000005/p256/signing")
        #expect(certificate.keyKind == .ec(.p256))
        #expect(certificate.keyUsage == .nonRepudiation)
        #expect(!certificate.isSelfSigned)
        #expect(certificate.notBefore < TestPKI.now && TestPKI.now < certificate.notAfter)
        #expect(certificate.subject.contains("Sagene legesenter"))
        #expect(try Certificate(pem: TestPKI.shared.pem("ca/root.crt")).isSelfSigned)
    }

    @Test("letters outside ASCII stay letters in a name")
    func letters() throws {
        #expect(try Self.certificate("314000048/signing").subject.contains("Grünerløkka"))
    }

    @Test("serial number and fingerprint are those of the openssl command")
    func agreesWithOpenSSL() throws {
        let certificate = try Self.certificate("314000005/signing")
        let told = try Tool.run(
            "openssl",
            [
                "x509", "-in", TestPKI.shared.path("314000005/signing.crt"), "-noout", "-serial", "-fingerprint", "-sha256",
                "-dates",
                "-dateopt", "iso_8601",
            ])
        let text = String(decoding: told.out, as: UTF8.self).replacing(":", with: "")
        #expect(text.contains("serial=\(certificate.serialNumber)\n"))
        #expect(text.contains(certificate.sha256.map { String(format: "%02X", $0) }.joined()))
        let end = Date.ISO8601FormatStyle().dateSeparator(.dash).format(certificate.notAfter).replacing(":", with: "")
        #expect(text.contains(end.replacing("T", with: " ")))
    }

    @Test("bytes after a certificate, a byte too few and none at all are refused", arguments: [1, -1, -5000])
    func wrongLength(change: Int) throws {
        let der = try TestPKI.shared.der("314000005/signing.crt")
        let changed = change > 0 ? der + [UInt8](repeating: 0, count: change) : Array(der.dropLast(-change))
        #expect(throws: EnvelopeError(.certificateMalformed, reason: "")) { try Certificate(der: changed) }
    }

    @Test("two certificates where one is expected are refused, and so is none")
    func wrongCount() throws {
        let bundle = try TestPKI.shared.pem("ca/bundle.pem")
        #expect(try Certificate.all(pem: bundle).count == 2)
        #expect(throws: EnvelopeError(.certificateMalformed, reason: "")) { try Certificate(pem: bundle) }
        #expect(throws: EnvelopeError(.certificateMalformed, reason: "")) { try Certificate(pem: Array("no PEM".utf8)) }
        #expect(throws: EnvelopeError(.certificateMalformed, reason: "")) {
            try Certificate.all(pem: bundle + Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8))
        }
    }

    @Test("equality is that of the bytes")
    func equality() throws {
        let pem = try TestPKI.shared.pem("314000005/signing.crt")
        let (one, two) = (try Certificate(pem: pem), try Certificate(der: Certificate(pem: pem).der))
        #expect(one == two && one.hashValue == two.hashValue)
        #expect(try one != Self.certificate("314000005/encryption"))
    }
}

@Suite("Keys belong to their certificates")
struct IdentityTests {
    static func key(_ name: String) throws -> Envelope.PrivateKey {
        try Envelope.PrivateKey(pem: TestPKI.shared.pem("\(name).key"))
    }

    @Test("a fitting pair", arguments: ["314000005", "314000005/p256", "314000005/rsa2048"])
    func fitting(folder: String) throws {
        let certificate = try CertificateReadingTests.certificate("\(folder)/signing")
        let signing = try SigningIdentity(key: Self.key("\(folder)/signing"), certificate: certificate)
        #expect(signing.certificate == certificate)
        let encryption = try CertificateReadingTests.certificate("\(folder)/encryption")
        let decryption = try DecryptionIdentity(key: Self.key("\(folder)/encryption"), certificate: encryption)
        #expect(decryption.certificate == encryption)
    }

    @Test("another's key is refused")
    func foreignKey() throws {
        let certificate = try CertificateReadingTests.certificate("314000005/signing")
        for name in ["314000013/signing", "314000005/p256/signing"] {
            let key = try Self.key(name)
            #expect(throws: EnvelopeError(.keyMalformed, reason: "")) { try SigningIdentity(key: key, certificate: certificate) }
        }
    }

    @Test("a certificate for encryption does not sign, nor the other way")
    func wrongUse() throws {
        let encryption = (try Self.key("314000005/encryption"), try CertificateReadingTests.certificate("314000005/encryption"))
        let signing = (try Self.key("314000005/p256/signing"), try CertificateReadingTests.certificate("314000005/p256/signing"))
        #expect(throws: EnvelopeError(.certificateKeyUsage, reason: "")) {
            try SigningIdentity(key: encryption.0, certificate: encryption.1)
        }
        #expect(throws: EnvelopeError(.certificateKeyUsage, reason: "")) {
            try DecryptionIdentity(key: signing.0, certificate: signing.1)
        }
    }

    @Test("a short key is refused")
    func shortKey() throws {
        let (key, certificate) = (try Self.key("wrong/rsa1024"), try CertificateReadingTests.certificate("wrong/rsa1024"))
        #expect(throws: EnvelopeError(.certificateKeyTooShort, reason: "")) {
            try SigningIdentity(key: key, certificate: certificate)
        }
    }

    @Test("an encrypted key opens with its passphrase alone, and nobody is asked for one")
    func passphrase() throws {
        let made = try Tool.run(
            "openssl",
            ["pkcs8", "-topk8", "-in", TestPKI.shared.path("314000005/p256/signing.key"), "-passout", "pass:correct"])
        #expect(try Envelope.PrivateKey(pem: made.out, passphrase: Array("correct".utf8)).kind == .ec(.p256))
        for passphrase in [nil, Array("wrong".utf8), []] {
            #expect(throws: EnvelopeError(.keyMalformed, reason: "")) {
                try Envelope.PrivateKey(pem: made.out, passphrase: passphrase)
            }
        }
        #expect(throws: EnvelopeError(.keyMalformed, reason: "")) { try Envelope.PrivateKey(pem: Array("nothing".utf8)) }
    }
}
