import Foundation
import TestSupport
import Testing

/// openssl judges the PKI that every other test relies on.
@Suite struct TestPKITests {
    @Test(arguments: TestOrganisation.allCases)
    func `openssl finds an organisation's certificates valid up to the root, CRLs included`(_ organisation: TestOrganisation)
        throws
    {
        for name in ["signing", "encryption", "p256/signing", "p256/encryption"] {
            let outcome = try verify("\(organisation.rawValue)/\(name).crt")
            #expect(outcome.status == 0, "\(name): \(String(decoding: outcome.err, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        "expired-signing": "certificate has expired",
        "not-yet-valid-signing": "certificate is not yet valid",
        "revoked-signing": "certificate revoked",
        "revoked-encryption": "certificate revoked",
        "other-root-signing": "unable to get local issuer certificate",
        "issued-by-leaf": "unable to get local issuer certificate",
        "self-signed": "self-signed certificate",
        "unknown-critical-extension": "unhandled critical extension",
    ])
    func `openssl refuses the wrong ones for the reason they were made for`(_ name: String, reason: String) throws {
        let outcome = try verify("wrong/\(name).crt")
        #expect(outcome.status != 0)
        #expect(String(decoding: outcome.err, as: UTF8.self).contains(reason))
    }

    @Test(arguments: ["issuing-expired.crl": "CRL has expired", "issuing-not-yet-valid.crl": "CRL is not yet valid"])
    func `openssl refuses a CRL out of its time`(_ name: String, reason: String) throws {
        let outcome = try verify("314000005/signing.crt", crl: "wrong/\(name)")
        #expect(String(decoding: outcome.err, as: UTF8.self).contains(reason))
    }

    @Test func `the CRL from before the revocation does not know of it`() throws {
        #expect(try verify("wrong/revoked-signing.crt", crl: "wrong/issuing-without-revocation.crl").status == 0)
    }

    @Test(arguments: ["314000005/signing.key", "ca/root.key", "wrong/self-signed.key", "tls/server.key"])
    func `a private key is readable by its owner alone`(_ name: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: TestPKI.shared.path(name))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    private func verify(_ name: String, crl: String = "ca/issuing.crl") throws -> Tool.Outcome {
        let pki = TestPKI.shared
        return try Tool.run(
            "openssl",
            [
                "verify", "-attime", String(Int(TestPKI.now.timeIntervalSince1970)), "-crl_check_all",
                "-CAfile", pki.path("ca/root.crt"), "-untrusted", pki.path("ca/issuing.crt"),
                "-CRLfile", pki.path("ca/root.crl"), "-CRLfile", pki.path(crl), pki.path(name),
            ])
    }
}
