import Envelope
import Foundation
import GRDB
import Native

/// A message as it goes out: headers, and the pieces of its body in order. Made once and stored; every attempt sends these
/// bytes.
struct WireMessage: Sendable {
    enum Piece: Sendable, Hashable, Codable {
        /// That many bytes, the next of `body`.
        case bytes(Int)
        /// A spooled part as it is. Its digest is missing in what the first schemas stored.
        case binary(file: String, length: Int, sha256: Data? = nil)
        /// A spooled part as lines of base64.
        case base64(file: String, length: Int, sha256: Data? = nil)
    }

    var headers: [(name: String, value: String)]
    /// Empty when `body` is the whole body.
    var pieces: [Piece]
    var body: [UInt8]
    /// The signed SOAP part.
    var soap: [UInt8]
    /// Where it stands in `body` byte for byte, so that it need not be stored twice; nil when it does not.
    var soapStart: Int?
    /// The same, read, when it has just been made.
    var made: SignedEnvelope?

    /// What the receipt is held against.
    func envelope() throws(EnvelopeError) -> SignedEnvelope {
        if let made { return made }
        return try SignedEnvelope(stored: soap)
    }

    /// That these bytes are what goes out.
    func sealed(under protection: PayloadProtection) -> MessageEvent {
        .sealed(detail: "\(protection.rawValue), \(length) bytes", digest: Digest.of(soap, .sha256))
    }

    /// Bytes of the body as sent.
    var length: Int {
        pieces.isEmpty
            ? body.count
            : pieces.reduce(0) { sum, piece in
                switch piece {
                case .bytes(let count): sum + count
                case .binary(_, let length, _): sum + length
                case .base64(_, let length, _): sum + Base64LineEncoder.encodedLength(of: length)
                }
            }
    }

    var spooledFiles: [String] { Self.spooledFiles(of: pieces) }

    /// The files that a stored layout names.
    static func spooledFiles(ofLayout layout: String) throws -> [String] {
        spooledFiles(of: try JSONDecoder().decode([Piece].self, from: Data(layout.utf8)))
    }

    private static func spooledFiles(of pieces: [Piece]) -> [String] {
        pieces.compactMap { piece in
            switch piece {
            case .bytes: nil
            case .binary(let file, _, _), .base64(let file, _, _): file
            }
        }
    }
}

extension WireMessage {
    func insert(_ database: Database, message: Int64) throws {
        let layout = pieces.isEmpty ? "" : String(decoding: try JSONEncoder().encode(pieces), as: UTF8.self)
        try database.cachedStatement(
            sql: "INSERT INTO wire (message, headers, layout, body, soap, soapStart, soapLength) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).run(
            .number(message), .string(headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")), .string(layout),
            .blob(body), .blob(soapStart == nil ? soap : []), .integer(soapStart.map { Int64($0) }),
            .integer(soapStart == nil ? nil : Int64(soap.count)))
    }

    /// The signed SOAP part of a row of `wire`, wherever it lies: only this says so.
    static let soapColumn = "coalesce(substr(body, soapStart + 1, soapLength), soap)"

    /// Version 23.
    static func version23(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Where the signed header stands in `body` and how long it is; `soap` is empty then. NULL: it is in `soap`.
                ALTER TABLE wire ADD COLUMN soapStart INTEGER;
                ALTER TABLE wire ADD COLUMN soapLength INTEGER;
                """)
    }

    static func delete(_ database: Database, message: Int64) throws {
        try database.execute(sql: "DELETE FROM wire WHERE message = ?", arguments: [message])
    }

    static func exists(_ database: Database, message: Int64) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM wire WHERE message = ?)"), arguments: [message]) ?? false
    }

    static func fetch(_ database: Database, message: Int64) throws -> WireMessage? {
        let statement = try database.cachedStatement(
            sql: "SELECT headers, layout, body, \(soapColumn) AS soap, soapStart FROM wire WHERE message = ?")
        guard let row = try Row.fetchOne(statement, arguments: [message]) else { return nil }
        let headers: String = row["headers"]
        let layout: String = row["layout"]
        let body: Data = row["body"]
        let soap: Data = row["soap"]
        return WireMessage(
            headers: headers.split(separator: "\n").compactMap { line in
                line.firstRange(of: ": ").map { (String(line[..<$0.lowerBound]), String(line[$0.upperBound...])) }
            },
            pieces: layout.isEmpty ? [] : try JSONDecoder().decode([Piece].self, from: Data(layout.utf8)),
            body: Array(body), soap: Array(soap), soapStart: row["soapStart"])
    }
}

/// Gives the body of a ``WireMessage`` in pieces of a bounded size, the same bytes every time.
struct WireBody: ~Copyable {
    private let spool: Spool
    private var pieces: ArraySlice<WireMessage.Piece>
    private let body: [UInt8]
    private var position = 0
    private var file: FileReader?
    private var digest: Digest?
    private var count = 0
    private var encoder: Base64LineEncoder?

    init(_ message: WireMessage, spool: Spool) {
        self.spool = spool
        pieces = message.pieces.isEmpty ? [.bytes(message.body.count)] : message.pieces[...]
        body = message.body
    }

    /// The next bytes; nil at the end.
    mutating func next() throws(StoreError) -> [UInt8]? {
        while let piece = pieces.first {
            switch piece {
            case .bytes(let count):
                let bytes = Array(body[position..<min(position + count, body.count)])
                position += count
                pieces.removeFirst()
                if !bytes.isEmpty { return bytes }
            case .binary(let name, let length, let sha256):
                if let bytes = try read(name, length, sha256), !bytes.isEmpty { return bytes }
            case .base64(let name, let length, let sha256):
                if encoder == nil { encoder = Base64LineEncoder() }
                if let bytes = try read(name, length, sha256) {
                    let lines = encoder?.encode(bytes) ?? []
                    if !lines.isEmpty { return lines }
                } else {
                    let rest = encoder?.finish() ?? []
                    encoder = nil
                    if !rest.isEmpty { return rest }
                }
            }
        }
        return nil
    }

    /// The next bytes of a spooled file; nil, once, at its end.
    ///
    /// - Throws: ``StoreError`` `.damaged` before the last bytes of a file that is not what was sealed: what has gone out then is
    ///   cut, and nobody takes it for a message.
    private mutating func read(_ name: String, _ length: Int, _ sha256: Data?) throws(StoreError) -> [UInt8]? {
        if file == nil {
            file = try FileReader(spool.path(name))
            digest = Digest(.sha256)
            count = 0
        }
        let bytes = try file?.read(PayloadVault.pieceLength) ?? []
        if bytes.isEmpty, count == length {
            file = nil
            pieces.removeFirst()
            return nil
        }
        digest?.update(bytes)
        count += bytes.count
        let isWhole = count < length || sha256 == nil || (digest.take()?.finish()).map { Data($0) } == sha256
        guard !bytes.isEmpty, count <= length, isWhole else {
            throw StoreError(.damaged, reason: "the spooled part \(name) is not what was sealed; it was changed, or cut")
        }
        return bytes
    }
}
