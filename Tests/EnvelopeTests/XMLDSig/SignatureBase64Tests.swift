import Foundation
import Testing

@testable import Envelope

@Suite("The base64 of signatures")
struct SignatureBase64Tests {
    @Test("reads back what it writes, wherever white space stands in it", arguments: 0..<50)
    func roundTrip(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
        let text = SignatureBase64.encode(bytes)
        #expect(text == Array(Data(bytes).base64EncodedString().utf8))
        #expect(SignatureBase64.decode(text) == bytes)
        for blank in [UInt8](" \t\r\n".utf8) {
            for place in 0...text.count {
                #expect(SignatureBase64.decode(Array(text[..<place]) + [blank] + text[place...]) == bytes)
            }
        }
    }

    @Test(
        "reads no other spelling",
        arguments: [
            "A", "AA", "AAA", "AAAAA", "AA=", "AA===", "AAA==", "AAAA=", "AAAA==", "====", "=", "AA==AAAA", "AAA=AAAA", "AA=A=",
            "AB==", "AAB=", "AAA-", "AA_A", "AAAA!", "AAAA!AAA", "!AAAAAAA", "AAA\u{E5}", "AA\0A", "AAAA\u{A0}AAAA",
        ])
    func refused(text: String) {
        #expect(SignatureBase64.decode(Array(text.utf8)) == nil)
    }
}
