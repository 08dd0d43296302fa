import COpenSSL

/// Owns one `X509_STORE` that holds what the operator configured and nothing else: no system store, no fetching.
///
/// `@unchecked`: after `init` the store is only looked up in, which OpenSSL guards with a lock of its own.
package final class CertificateStore: @unchecked Sendable {
    package enum Refusal: Sendable, Equatable {
        case expired, notYetValid, revoked, revocationUnknown, keyTooShort, algorithm, wrongUse, untrusted
    }

    package enum Verdict: Sendable {
        /// The path from the certificate to the root, both included.
        case trusted(path: [X509Certificate])
        /// `depth` counts from the certificate (0) to the root; `reason` is OpenSSL's.
        case refused(Refusal, reason: String, depth: Int)
    }

    private let pointer: OpaquePointer
    private let untrusted: OpaquePointer
    /// Keep what the two hold pointers to.
    private let kept: [X509Certificate]
    private let hasPinnedIntermediate: Bool
    /// Dotted object identifiers; the path must be good for one of them. Empty: any policy, or none.
    private let policies: Set<String>

    /// - Parameters:
    ///   - roots: where a path may end. One that is not self-signed is an intermediate pinned as an anchor.
    ///   - intermediates: may stand in a path; trusted for nothing by themselves.
    ///   - policies: dotted object identifiers, one of which the path must be good for; empty for any.
    package init(
        roots: [X509Certificate], intermediates: [X509Certificate], revocationLists: [X509RevocationList],
        policies: Set<String> = []
    ) throws(NativeError) {
        guard let store = X509_STORE_new(), let stack = OPENSSL_sk_new_null() else {
            throw .fromOpenSSL(calling: "X509_STORE_new")
        }
        (pointer, untrusted, kept) = (store, stack, roots + intermediates)
        self.policies = policies
        hasPinnedIntermediate = roots.contains { !$0.isSelfSigned }
        for root in roots where X509_STORE_add_cert(store, root.pointer) != 1 {
            throw .fromOpenSSL(calling: "X509_STORE_add_cert")
        }
        for list in revocationLists where X509_STORE_add_crl(store, list.pointer) != 1 {
            throw .fromOpenSSL(calling: "X509_STORE_add_crl")
        }
        for intermediate in intermediates where OPENSSL_sk_push(stack, UnsafeRawPointer(intermediate.pointer)) <= 0 {
            throw .fromOpenSSL(calling: "OPENSSL_sk_push")
        }
    }

    deinit {
        X509_STORE_free(pointer)
        OPENSSL_sk_free(untrusted)
    }

    /// Builds and checks the path. RFC 5280 §6, with OpenSSL's strict checks and at least 112 bits of security (RSA 2048,
    /// SHA-224) everywhere in it.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - checkRevocation: every certificate but the root needs a list that is valid at `time`.
    ///   - forTLSServer: the purpose is checked as OpenSSL's `sslserver` does.
    package func verify(
        _ certificate: X509Certificate, at time: Int64, checkRevocation: Bool, forTLSServer: Bool
    ) throws(NativeError) -> Verdict {
        guard let context = X509_STORE_CTX_new(), X509_STORE_CTX_init(context, pointer, certificate.pointer, untrusted) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw .fromOpenSSL(calling: "X509_STORE_CTX_init") }
        defer {
            X509_STORE_CTX_free(context)
            ERR_clear_error()
        }
        X509_VERIFY_PARAM_set_flags(parameters, flags(checkRevocation: checkRevocation))
        for policy in policies.isEmpty ? [Self.anyPolicy] : policies {
            guard let object = OBJ_txt2obj(policy, 1), X509_VERIFY_PARAM_add0_policy(parameters, object) == 1 else {
                throw .fromOpenSSL(calling: "X509_VERIFY_PARAM_add0_policy")
            }
        }
        X509_VERIFY_PARAM_set_time(parameters, Int(time))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        X509_VERIFY_PARAM_set_depth(parameters, 8)
        if forTLSServer { X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) }
        if X509_verify_cert(context) == 1 { return try verdict(onPathOf: context, from: certificate) }
        let error = X509_STORE_CTX_get_error(context)
        return .refused(
            Refusal(error), reason: String(cString: X509_verify_cert_error_string(Int(error))),
            depth: Int(X509_STORE_CTX_get_error_depth(context)))
    }

    private static let anyPolicy = "2.5.29.32.0"

    private func flags(checkRevocation: Bool) -> UInt {
        var flags = UInt(X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK)
        if checkRevocation {
            flags |= UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
            flags |= UInt(X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS)
        }
        if hasPinnedIntermediate { flags |= UInt(X509_V_FLAG_PARTIAL_CHAIN) }
        if !policies.isEmpty { flags |= UInt(X509_V_FLAG_EXPLICIT_POLICY) }
        return flags
    }

    /// What OpenSSL's own checks leave out of RFC 5280.
    private func verdict(
        onPathOf context: OpaquePointer, from certificate: X509Certificate
    ) throws(NativeError) -> Verdict {
        let path = try path(of: context, from: certificate)
        for (depth, link) in path.enumerated() where !link.isSelfSigned && link.extensionCriticality("2.5.29.35") == nil {
            return .refused(.untrusted, reason: "no authority key identifier", depth: depth)
        }
        if path.contains(where: \.hasExcludedNames), let leaf = path.first, leaf.dnsNames.contains(where: { $0.contains("*") }) {
            return .refused(.untrusted, reason: "a wildcard name below excluded names", depth: 0)
        }
        return .trusted(path: path)
    }

    /// OpenSSL's path is of the very objects it was given, so nothing is read again.
    private func path(
        of context: OpaquePointer, from certificate: X509Certificate
    ) throws(NativeError) -> [X509Certificate] {
        let chain = X509_STORE_CTX_get0_chain(context)
        var path: [X509Certificate] = []
        for position in 0..<max(0, OPENSSL_sk_num(chain)) {
            let link = OpaquePointer(OPENSSL_sk_value(chain, position))
            guard let known = ([certificate] + kept).first(where: { $0.pointer == link }) else {
                throw NativeError(.openSSL, reason: "OpenSSL built a path of certificates it was not given")
            }
            path.append(known)
        }
        return path
    }
}

extension CertificateStore.Refusal {
    /// From OpenSSL's `X509_V_ERR_…`. What is not named here is a path that does not hold.
    fileprivate init(_ error: Int32) {
        switch error {
        case X509_V_ERR_CERT_HAS_EXPIRED: self = .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: self = .notYetValid
        case X509_V_ERR_CERT_REVOKED: self = .revoked
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL: self = .keyTooShort
        case X509_V_ERR_CA_MD_TOO_WEAK: self = .algorithm
        case X509_V_ERR_INVALID_PURPOSE: self = .wrongUse
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, X509_V_ERR_CRL_HAS_EXPIRED,
            X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE,
            X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
            X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_DIFFERENT_CRL_SCOPE,
            X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            self = .revocationUnknown
        default: self = .untrusted
        }
    }
}
