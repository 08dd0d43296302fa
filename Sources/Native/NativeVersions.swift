import CLibCurl
import CLibXML2
import COpenSSL

/// Versions of the C libraries that are loaded, not of those this was built with.
package enum NativeVersions {
    package static var all: [(name: String, version: String)] {
        [
            ("OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? "unknown"),
            ("libxml2", String(cString: msggw_xml_version())),
            ("libcurl", curl_version().map { String(String(cString: $0).prefix { $0 != " " }) } ?? "unknown"),
        ]
    }
}
