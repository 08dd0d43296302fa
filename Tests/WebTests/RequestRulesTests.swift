import NIOHTTP1
import Testing

@testable import Web

@Suite("RFC 9112: what a request's header must be")
struct RequestRulesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let fields: [(String, String)]
        let status: UInt?
        var version = HTTPVersion.http1_1
        var method = HTTPMethod.POST
    }

    private static let host = ("Host", "node.test")

    @Test(
        "a header is refused with its status, or taken",
        arguments: [
            Case(testDescription: "length", fields: [host, ("Content-Length", "100")], status: nil),
            Case(testDescription: "chunked", fields: [host, ("transfer-encoding", "Chunked")], status: nil),
            Case(testDescription: "no body", fields: [host], status: nil),
            Case(testDescription: "HTTP/1.0 without host", fields: [], status: nil, version: .http1_0),
            Case(testDescription: "no host", fields: [], status: 400),
            Case(testDescription: "two hosts", fields: [host, host], status: 400),
            Case(
                testDescription: "two equal lengths", fields: [host, ("Content-Length", "3"), ("Content-Length", "3")],
                status: 400),
            Case(testDescription: "list of lengths", fields: [host, ("Content-Length", "3, 3")], status: 400),
            Case(testDescription: "signed length", fields: [host, ("Content-Length", "+3")], status: 400),
            Case(testDescription: "hexadecimal length", fields: [host, ("Content-Length", "0x3")], status: 400),
            Case(testDescription: "empty length", fields: [host, ("Content-Length", "")], status: 400),
            Case(testDescription: "length beyond Int", fields: [host, ("Content-Length", "99999999999999999999")], status: 413),
            Case(testDescription: "length beyond limit", fields: [host, ("Content-Length", "1001")], status: 413),
            Case(
                testDescription: "length and chunked", fields: [host, ("Content-Length", "3"), ("Transfer-Encoding", "chunked")],
                status: 400),
            Case(
                testDescription: "chunked twice",
                fields: [host, ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], status: 400),
            Case(testDescription: "gzip, chunked", fields: [host, ("Transfer-Encoding", "gzip, chunked")], status: 501),
            Case(testDescription: "identity", fields: [host, ("Transfer-Encoding", "identity")], status: 501),
            Case(testDescription: "vertical tab", fields: [host, ("Transfer-Encoding", "\u{0B}chunked")], status: 400),
            Case(
                testDescription: "chunked in HTTP/1.0", fields: [host, ("Transfer-Encoding", "chunked")], status: 400,
                version: .http1_0),
            Case(testDescription: "HTTP/1.2", fields: [host], status: 400, version: HTTPVersion(major: 1, minor: 2)),
            Case(testDescription: "CONNECT", fields: [host], status: 405, method: .CONNECT),
            Case(testDescription: "space in a name", fields: [host, ("X Y", "z")], status: 400),
            Case(testDescription: "line end in a value", fields: [host, ("X", "a\r\nY: b")], status: 400),
            Case(testDescription: "upgrade", fields: [host, ("Upgrade", "x"), ("Connection", "Upgrade")], status: 400),
            Case(testDescription: "upgrade unannounced", fields: [host, ("upgrade", "x")], status: 400),
            Case(testDescription: "upgrade to nothing", fields: [host, ("Connection", "keep-alive,  UPGRADE")], status: 400),
            Case(testDescription: "unknown expectation", fields: [host, ("Expect", "200-ok")], status: 417),
        ])
    func refusal(example: Case) {
        let head = HTTPRequestHead(
            version: example.version, method: example.method, uri: "/ebxml", headers: HTTPHeaders(example.fields))
        #expect(RequestRules.refusal(of: head, maxBodyBytes: 1000)?.code == example.status)
    }

    @Test(
        "connections count per IPv4 address and per IPv6 customer",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
            ("2001:db8::1", "2001:db8:0:0"), ("::1", "0:0:0:0"), ("fe80::", "fe80:0:0:0"),
        ])
    func addressKey(address: String, key: String) {
        #expect(AddressCount.key(address) == key)
    }
}
