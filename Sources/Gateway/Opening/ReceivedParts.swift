import Envelope
import Foundation
import Native

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The encrypted parts of one message while it is being received: small ones in memory, large ones in files that disappear
/// with this object. Nothing here outlives the exchange; what is kept is what was opened.
final class ReceivedParts: Sendable {
    enum Place: Sendable {
        case memory([UInt8])
        case file(String)
    }

    /// By the index that the message reader gave them.
    let places: [Place]

    fileprivate init(_ places: [Place]) { self.places = places }

    deinit { discard() }

    /// Deletes the files now. Nothing can be read after it.
    func discard() {
        for case .file(let path) in places { unlink(path) }
    }

    /// Gives the encrypted bytes of a part in pieces.
    func read(_ index: Int, into sink: ([UInt8]) throws -> Void) throws {
        guard places.indices.contains(index) else { throw StoreError(.damaged, reason: "a part of the message was not spooled") }
        switch places[index] {
        case .memory(let bytes): try sink(bytes)
        case .file(let path):
            let file = try FileReader(path)
            while true {
                let piece = try file.read(PayloadVault.pieceLength)
                if piece.isEmpty { return }
                try sink(piece)
            }
        }
    }
}

/// One message while it comes off the wire. A class, because the values in it cannot be copied and the pieces come one
/// `await` after another; it belongs to the one task that receives.
final class Reception {
    private var reader: IncomingMessageReader
    private var spooler: PartSpooler

    init(headers: MIMEHeaders, limits: MIMELimits, alsoDigesting algorithms: Set<DigestAlgorithm>, spool: Spool) throws {
        reader = try IncomingMessageReader(headers: headers, limits: limits, alsoDigesting: algorithms)
        spooler = PartSpooler(spool: spool)
    }

    func take(_ chunk: [UInt8]) throws { try spooler.take(try reader.consume(chunk)) }

    func finish() throws -> (UnverifiedMessage, ReceivedParts) { (try reader.finish(), spooler.finish()) }
}

/// Takes the parts as they come off the wire.
struct PartSpooler: ~Copyable {
    private let spool: Spool
    private var places: [ReceivedParts.Place] = []
    private var memory: [UInt8] = []
    private var file: ScratchFile?

    init(spool: Spool) { self.spool = spool }

    /// A message that never came to its end leaves none of its parts.
    deinit {
        for case .file(let path) in places { unlink(path) }
    }

    mutating func take(_ events: [SpoolEvent]) throws {
        for event in events {
            switch event {
            case .partBegan: memory = []
            case .bytes(let bytes): try append(bytes)
            case .partEnded: try end()
            }
        }
    }

    /// Nothing may be taken after it.
    mutating func finish() -> ReceivedParts {
        defer { places = [] }
        return ReceivedParts(places)
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        if file == nil {
            if memory.isEmpty { memory = bytes } else { memory += bytes }
            if memory.count <= PayloadVault.rowLimit { return }
            file = try ScratchFile(in: spool)
            try file?.write(memory)
            memory = []
        } else {
            try file?.write(bytes)
        }
    }

    private mutating func end() throws {
        if let file = file.take() {
            places.append(.file(file.keep()))
        } else {
            places.append(.memory(memory))
        }
        memory = []
    }
}

/// A file of ciphertext that need not survive a crash, so it is never synchronised.
///
/// Nobody has proved anything yet when it is written, so it may not take the room that commits need.
private struct ScratchFile: ~Copyable {
    /// Room is looked at when the file is made and whenever this much has come: little enough for all exchanges together.
    private static let stretch = 4 << 20

    private let spool: Spool
    private let descriptor: Int32
    private let path: String
    private var isKept = false
    private var unseen = 0

    init(in spool: Spool) throws(StoreError) {
        try Self.checkRoom(spool)
        let path = spool.path(UUID().uuidString.lowercased() + ".part")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, reason: "cannot create \(path): \(String(cString: strerror(errno)))")
        }
        (self.spool, self.path, self.descriptor) = (spool, path, descriptor)
    }

    deinit {
        close(descriptor)
        if !isKept { unlink(path) }
    }

    private static func checkRoom(_ spool: Spool) throws(StoreError) {
        guard DiskRoom.isLeft(spool.folder, reserve: spool.reserve) else {
            throw StoreError(
                .cannotOpen, reason: "too little room is left where \(spool.folder) lies; large messages wait until there is more"
            )
        }
    }

    mutating func write(_ bytes: [UInt8]) throws(StoreError) {
        unseen += bytes.count
        if unseen > Self.stretch {
            try Self.checkRoom(spool)
            unseen = 0
        }
        guard DurableFile.writeAll(bytes, to: descriptor) else {
            throw StoreError(.cannotOpen, reason: "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Closes the file and leaves it to whoever has its path.
    consuming func keep() -> String {
        isKept = true
        return path
    }
}
