import Foundation
import Gateway
import Native

/// One HTTP request on its way, and what can be read on its outside. The checker reads bytes by itself: the node's own
/// readers are what is being tested.
struct Parcel: Sendable {
    let contentType: String?
    let headers: [ExchangeHeader]
    let bytes: [UInt8]
    let facts: WireFacts

    /// Pulls the whole body.
    init(_ post: HTTPPost) throws {
        var bytes: [UInt8] = []
        while true {
            let piece = try post.body.next()
            if piece.isEmpty { break }
            bytes += piece
        }
        self.bytes = bytes
        headers = post.headers.map { ExchangeHeader(name: $0.name, value: $0.value) }
        contentType = headers.first { $0.name.lowercased() == "content-type" }?.value
        facts = WireFacts(bytes)
    }
}

/// What a message's SOAP part says, found by looking for its elements.
struct WireFacts: Sendable, Hashable {
    let messageID: String
    /// HER-id of `eb:From`.
    let sender: String
    /// What a signal is about.
    let refersTo: String?
    let isAcknowledgment: Bool
    let isError: Bool

    var isSignal: Bool { isAcknowledgment || isError }

    init(_ body: [UInt8]) {
        let soap = Self.soap(of: body)
        messageID = Self.text(after: "<eb:MessageId>", in: soap) ?? ""
        refersTo = Self.text(after: "<eb:RefToMessageId>", in: soap)
        let from = soap.place(of: "<eb:From>").map { soap[$0.upperBound...] } ?? []
        sender = Self.text(after: "eb:type=\"HER\">", in: from) ?? ""
        isAcknowledgment = soap.place(of: "<eb:Acknowledgment ") != nil
        isError = soap.place(of: "<eb:ErrorList ") != nil
    }

    /// The SOAP part comes first, as it is or in base64; a signal is nothing else.
    private static func soap(of body: [UInt8]) -> ArraySlice<UInt8> {
        var part = body[...]
        var isBase64 = false
        if body.starts(with: Array("--".utf8)), let headers = body[...].place(of: "\r\n\r\n") {
            isBase64 = body[..<headers.lowerBound].place(of: "base64") != nil
            part = body[headers.upperBound...]
            if let end = part.place(of: "\r\n--") { part = part[..<end.lowerBound] }
        } else {
            isBase64 = body.first != UInt8(ascii: "<")
        }
        guard isBase64 else { return part }
        return Data(base64Encoded: Data(part), options: .ignoreUnknownCharacters).map { Array($0)[...] } ?? []
    }

    private static func text(after tag: String, in soap: ArraySlice<UInt8>) -> String? {
        guard let start = soap.place(of: tag) else { return nil }
        return String(decoding: soap[start.upperBound...].prefix { $0 != UInt8(ascii: "<") }, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// Where that text first stands. The generic search of the library took a tenth of a simulation's time.
    fileprivate func place(of text: String) -> Range<Int>? {
        let wanted = Array(text.utf8)
        return withUnsafeBufferPointer { bytes in
            guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
            for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
                if wanted.indices.allSatisfy({ bytes[start + $0] == wanted[$0] }) {
                    return (startIndex + start)..<(startIndex + start + wanted.count)
                }
            }
            return nil
        }
    }
}
