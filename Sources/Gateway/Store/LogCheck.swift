import Foundation
import Native

/// Looks through the database's log (WAL) before SQLite does.
///
/// SQLite takes the log up to the first frame that does not fit, and is silent about the rest. After a power cut the rest is one
/// transaction that nobody was answered for. After damage it is what others were told is on the disk. A mark beside the database
/// says how far the log was when it was synchronised; without one, more than one transaction in the rest tells.
/// File format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
enum LogCheck {
    enum Verdict: Equatable {
        case whole
        /// The last transaction is not whole, and nobody was told that it is on the disk.
        case lastCommitCut
        /// A frame is damaged that was on the disk, or after it there is more than one transaction.
        case damaged(frame: Int)
        /// The head of the log does not fit, and there are frames of it.
        case headDamaged
    }

    /// - Returns: whether the last transaction is not whole. What is left of it has to be cleared away: after another power cut it
    ///   would look like one that was damaged.
    /// - Throws: ``StoreError`` `.damaged` when SQLite would leave out transactions that were on the disk.
    static func refuseDamaged(database path: String) throws(StoreError) -> Bool {
        let log = path + "-wal"
        let place: String
        switch try judge(database: path) {
        case .whole: return false
        case .lastCommitCut: return true
        case .damaged(let frame): place = "frame \(frame) of the store's log \(log)"
        case .headDamaged: place = "the head of the store's log \(log)"
        }
        throw StoreError(
            .damaged,
            reason:
                "\(place) is not as it was written, and SQLite would leave out what was committed there and after it; nothing was changed. \(StoreFile.remedy)"
        )
    }

    static func judge(database path: String) throws(StoreError) -> Verdict {
        var last: Verdict?
        while true {
            // The mark first: while others write, the log may be ahead of it, and never behind.
            let mark = LogMark(database: path)
            let verdict = try judge(path + "-wal", mark)
            // Who reads a log while it is written may see a frame as it was before and the next one as it is. Not twice.
            if verdict == .whole || verdict == last { return verdict }
            last = verdict
        }
    }

    private static func judge(_ path: String, _ mark: LogMark?) throws(StoreError) -> Verdict {
        guard FileManager.default.fileExists(atPath: path) else { return .whole }
        let file = try FileReader(path)
        let first = try file.read(Head.length)
        // One that was made, or cut to nothing, and not written since.
        guard first.count == Head.length, first.contains(where: { $0 != 0 }) else { return .whole }
        let head = Head(first)
        guard head.isWhole else {
            let frame = try file.read(Frame.length)
            // Room that was set aside and never written has no salts.
            return frame.count == Frame.length && frame[8..<16].contains { $0 != 0 } ? .headDamaged : .whole
        }
        let frames = try read(head, file, mark?.salts == head.salts ? mark : nil)
        if frames.isShort { return .damaged(frame: frames.good + 1) }
        if frames.commitsBehind == 0 { return .whole }
        return frames.commitsBehind == 1 ? .lastCommitCut : .damaged(frame: frames.good + 1)
    }

    private static func read(
        _ head: Head, _ file: borrowing FileReader, _ mark: LogMark?
    ) throws(StoreError) -> (good: Int, isShort: Bool, commitsBehind: Int) {
        var sum = head.sum
        var (good, isShort, isBroken, commits) = (0, mark != nil, false, 0)
        while true {
            let bytes = try file.read(Frame.length + head.pageSize)
            guard bytes.count == Frame.length + head.pageSize else { return (good, isShort, commits) }
            let frame = Frame(bytes)
            let next = frame.sum(after: sum, bytes, isBigEndian: head.isBigEndian)
            isBroken = isBroken || frame.salts != head.salts || frame.stated != next
            if isBroken {
                if frame.salts == head.salts, frame.isCommit { commits += 1 }
                continue
            }
            (sum, good) = (next, good + 1)
            if let mark, mark.end == Head.length + good * bytes.count { isShort = mark.sums != sum }
        }
    }
}

/// The first 32 bytes of a log.
private struct Head {
    static let length = 32

    let isBigEndian: Bool
    let pageSize: Int
    let salts: [UInt8]
    let sum: LogSum
    let isWhole: Bool

    init(_ bytes: [UInt8]) {
        let magic = bytes.number(at: 0)
        isBigEndian = magic & 1 == 1
        pageSize = Int(bytes.number(at: 8))
        salts = Array(bytes[16..<24])
        var sum = LogSum()
        sum.add(bytes[0..<24], isBigEndian: isBigEndian)
        self.sum = sum
        isWhole = magic & ~1 == 0x377F_0682 && LogSum(stated: bytes[24..<32]) == sum && (512...65_536).contains(pageSize)
    }
}

/// The 24 bytes before each page of a log.
private struct Frame {
    static let length = 24

    let salts: [UInt8]
    /// The last frame of a transaction says how many pages the database has after it.
    let isCommit: Bool
    let stated: LogSum

    init(_ bytes: [UInt8]) {
        salts = Array(bytes[8..<16])
        isCommit = bytes.number(at: 4) != 0
        stated = LogSum(stated: bytes[16..<24])
    }

    func sum(after previous: LogSum, _ bytes: [UInt8], isBigEndian: Bool) -> LogSum {
        var sum = previous
        sum.add(bytes[0..<8], isBigEndian: isBigEndian)
        sum.add(bytes[24...], isBigEndian: isBigEndian)
        return sum
    }
}

extension [UInt8] {
    fileprivate func number(at index: Int) -> UInt32 { self[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) } }
}
