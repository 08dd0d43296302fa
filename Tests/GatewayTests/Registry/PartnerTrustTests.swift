import Envelope
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Who may speak for a party")
struct PartnerTrustTests {
    private func partners(
        signing: [String] = ["314000013/signing"], encryption: [String] = ["314000013/encryption"],
        lists: [String] = ["ca/root.crl", "ca/issuing.crl"]
    ) throws -> PartnerTrust {
        PartnerTrust(
            registry: try TestRegistry.registry(signing: signing, encryption: encryption),
            trust: try TestRegistry.trust(lists: lists), revocation: .required)
    }

    @Test("the certificate that the registry names and the roots confirm")
    func trusted() throws {
        let partners = try partners()
        let signing = try partners.trusted(TestRegistry.bup, use: .signing, at: TestPKI.now)
        #expect(try signing.certificate == TestRegistry.certificate("314000013/signing"))
        let encryption = try partners.trusted(TestRegistry.bup, use: .encryption, at: TestPKI.now)
        #expect(try encryption.certificate == TestRegistry.certificate("314000013/encryption"))
    }

    @Test(
        "a certificate that does not hold is refused with its reason, and not as something temporary",
        arguments: [
            ("wrong/other-organisation", EnvelopeError.Code.organisationMismatch),
            ("wrong/no-organisation-number", .organisationMismatch), ("314000021/signing", .organisationMismatch),
        ])
    func refused(name: String, code: EnvelopeError.Code) throws {
        let partners = try partners(signing: [name])
        let error = try #require(throws: RegistryError.self) {
            try partners.trusted(TestRegistry.bup, use: .signing, at: TestPKI.now)
        }
        #expect(error.code == .untrusted)
        #expect(error.underlying?.code == code)
        #expect(!error.isTemporary)
    }

    @Test("a signing certificate does not encrypt, and an encryption certificate does not sign")
    func use() throws {
        let partners = try partners(signing: ["314000013/encryption"], encryption: ["314000013/signing"])
        for use in [CertificateUse.signing, .encryption] {
            let error = try #require(throws: RegistryError.self) {
                try partners.trusted(TestRegistry.bup, use: use, at: TestPKI.now)
            }
            #expect(error.underlying?.code == .certificateKeyUsage)
        }
    }

    @Test("unknown revocation is to be asked again, not a refusal")
    func revocationUnknown() throws {
        let partners = try partners(lists: [])
        let error = try #require(throws: RegistryError.self) {
            try partners.trusted(TestRegistry.bup, use: .signing, at: TestPKI.now)
        }
        #expect(error.code == .revocationUnknown)
        #expect(error.isTemporary)
    }

    @Test("what was trusted is not trusted outside its time, before or after")
    func time() throws {
        let partners = try partners()
        let until = try partners.trusted(TestRegistry.bup, use: .signing, at: TestPKI.now).validUntil
        #expect(try partners.trusted(TestRegistry.bup, use: .signing, at: until.addingTimeInterval(-1)).validUntil == until)
        for time in [until, Date(timeIntervalSince1970: 1_700_000_000)] {
            #expect(throws: RegistryError.self) { try partners.trusted(TestRegistry.bup, use: .signing, at: time) }
        }
    }

    @Test("while one certificate replaces another both count, and one that does not hold hides none that does")
    func replacement() throws {
        let names = ["wrong/other-organisation", "314000013/signing", "314000013/p256/signing"]
        let partners = try partners(signing: names)
        let trusted = try partners.allTrusted(TestRegistry.bup, use: .signing, at: TestPKI.now)
        #expect(try Set(trusted.map(\.certificate)) == Set(names.dropFirst().map(TestRegistry.certificate)))
    }

    @Test("a message's certificate counts only when it is the one that the registry names, byte for byte")
    func presented() throws {
        let partners = try partners()
        let held = try TestRegistry.certificate("314000013/signing")
        #expect(try partners.trusted(TestRegistry.bup, presenting: held, at: TestPKI.now).certificate == held)
        #expect(try partners.trusted(TestRegistry.bup, presenting: nil, at: TestPKI.now).certificate == held)
        for name in ["314000013/p256/signing", "314000021/signing", "wrong/other-root-signing"] {
            let error = try #require(throws: RegistryError.self) {
                try partners.trusted(TestRegistry.bup, presenting: TestRegistry.certificate(name), at: TestPKI.now)
            }
            #expect(error.underlying?.code == .signerMismatch)
        }
        #expect(try partners.trusted(TestRegistry.bup, presentingDER: held.der, at: TestPKI.now).certificate == held)
        for other in [[], Array(held.der.dropLast()), held.der + [0]] {
            let error = try #require(throws: RegistryError.self) {
                try partners.trusted(TestRegistry.bup, presentingDER: other, at: TestPKI.now)
            }
            #expect(error.underlying?.code == .signerMismatch)
        }
    }

    @Test("a party that the registry does not know, or knows no certificate of, has nobody to speak for it")
    func nobody() throws {
        let partners = try partners()
        #expect(throws: RegistryError(.noCertificate, reason: "")) {
            try partners.trusted(TestRegistry.gp, use: .signing, at: TestPKI.now)
        }
        #expect(throws: RegistryError(.unknownParty, reason: "")) {
            try partners.trusted(#require(HERID("999")), use: .signing, at: TestPKI.now)
        }
    }

    @Test("a certificate is validated once for all messages within its time, and again when its time is over")
    func once() throws {
        let calls = Mutex(0)
        let trust = try TestRegistry.trust()
        let partners = PartnerTrust(registry: try TestRegistry.registry()) { certificate, use, time throws(EnvelopeError) in
            calls.withLock { $0 += 1 }
            return try trust.validate(certificate, for: use, at: time, revocation: .required)
        }
        for second in 0..<100 {
            let time = TestPKI.now.addingTimeInterval(TimeInterval(second))
            for party in [TestRegistry.hospital, TestRegistry.bup] { _ = try partners.trusted(party, use: .signing, at: time) }
        }
        #expect(calls.withLock { $0 } == 1)
        let until = try partners.trusted(TestRegistry.bup, use: .signing, at: TestPKI.now).validUntil
        #expect(throws: RegistryError.self) { try partners.trusted(TestRegistry.bup, use: .signing, at: until) }
        #expect(calls.withLock { $0 } == 2)
    }
}
