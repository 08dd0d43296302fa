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
        let from = soap.firstRange(of: Array("<eb:From>".utf8)).map { soap[$0.upperBound...] } ?? []
        sender = Self.text(after: "eb:type=\"HER\">", in: from) ?? ""
        isAcknowledgment = soap.firstRange(of: Array("<eb:Acknowledgment ".utf8)) != nil
        isError = soap.firstRange(of: Array("<eb:ErrorList ".utf8)) != nil
    }

    /// The SOAP part comes first, as it is or in base64; a signal is nothing else.
    private static func soap(of body: [UInt8]) -> ArraySlice<UInt8> {
        var part = body[...]
        var isBase64 = false
        if body.starts(with: Array("--".utf8)), let headers = body.firstRange(of: Array("\r\n\r\n".utf8)) {
            isBase64 = body[..<headers.lowerBound].firstRange(of: Array("base64".utf8)) != nil
            part = body[headers.upperBound...]
            if let end = part.firstRange(of: Array("\r\n--".utf8)) { part = part[..<end.lowerBound] }
        } else {
            isBase64 = body.first != UInt8(ascii: "<")
        }
        guard isBase64 else { return part }
        return Data(base64Encoded: Data(part), options: .ignoreUnknownCharacters).map { Array($0)[...] } ?? []
    }

    private static func text(after tag: String, in soap: ArraySlice<UInt8>) -> String? {
        guard let start = soap.firstRange(of: Array(tag.utf8)) else { return nil }
        return String(decoding: soap[start.upperBound...].prefix { $0 != UInt8(ascii: "<") }, as: UTF8.self)
    }
}
