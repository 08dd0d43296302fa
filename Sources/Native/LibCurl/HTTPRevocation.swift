import CLibCurl
import COpenSSL

/// Puts revocation lists that lie in memory into the store libcurl checks a server against.
final class HTTPRevocation {
    private let lists: [X509RevocationList]

    init(_ lists: [X509RevocationList]) { self.lists = lists }

    /// The lists must outlive the call that `handle` makes.
    func attach(to handle: borrowing CurlHandle) throws(HTTPClientError) {
        let own = Unmanaged.passUnretained(self).toOpaque()
        try handle.check(msggw_curl_set_pointer(handle.pointer, CURLOPT_SSL_CTX_DATA, own))
        try handle.check(
            msggw_curl_set_tls_callback(handle.pointer) { _, context, own in
                guard let context, let own else { return CURLE_SSL_CRL_BADFILE }
                let revocation = Unmanaged<HTTPRevocation>.fromOpaque(own).takeUnretainedValue()
                return revocation.fill(OpaquePointer(context)) ? CURLE_OK : CURLE_SSL_CRL_BADFILE
            })
    }

    private func fill(_ context: OpaquePointer) -> Bool {
        guard let store = SSL_CTX_get_cert_store(context) else { return false }
        for list in lists where X509_STORE_add_crl(store, list.pointer) != 1 { return false }
        return X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)) == 1
    }
}
