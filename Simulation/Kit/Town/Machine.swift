import Foundation
import GRDB
import Gateway

/// A computer with a disk and a clock. The process on it comes and goes; what was committed stays.
///
/// `@unchecked Sendable`: of the world's one thread.
final class Machine: @unchecked Sendable {
    let name: Town.Name
    let world: World
    var settings: NodeSettings
    let folder: String
    /// The rows, in memory. A process that dies leaves them as its last commit did.
    let database: DatabaseQueue
    let disk: Disk
    /// What its clock says beyond the world's time.
    var clockShift: Duration = .zero
    var process: NodeProcess?
    /// Nobody starts a process before somebody says so.
    var isOff = false
    /// How much longer than usual everything takes that needs the processor.
    var strain = 1.0
    /// Answers that come instead of the node's: what a proxy in front of it says.
    var busy: (retryAfter: Int, until: Int64)?
    var random: Randomness
    private(set) var starts = 0
    /// When nothing could be expected of it: no process, or no disk.
    var impaired: [ClosedRange<Int64>] = []
    private var downSince: Int64? = 0
    private var ids = 0
    private let idPrefix: String

    init(
        _ name: Town.Name, _ town: Town, world: World, database: DatabaseQueue, seed: UInt64, sharesIDs: Bool
    ) throws {
        (self.name, self.world, self.database) = (name, world, database)
        settings = try town.settings(name)
        folder = town.folder(name)
        disk = Disk(database, seed: seed, name: name.rawValue)
        random = Randomness(seed: seed, stream: "machine \(name)")
        let owner = sharesIDs ? 0 : (Town.Name.allCases.firstIndex(of: name) ?? 0) + 1
        idPrefix = "5e\(Self.digits(UInt64(owner), 2))\(Self.digits(seed & 0xFFFF, 4))-0000-4000-8000-"
    }

    /// A new id in the form of a UUID. They go on where the last process stopped, as random ones do not repeat either.
    func nextID() -> String {
        ids += 1
        return idPrefix + Self.digits(UInt64(ids), 12)
    }

    var clockNow: Date { world.date(shifted: clockShift) }

    /// Numbers of the messages that carry a letter of this machine.
    func messages(of letter: Letter) -> [Int64] {
        let sql = "SELECT id FROM message WHERE direction = 'out' AND documentID = ? ORDER BY id"
        return (try? database.read { try Int64.fetchAll($0, sql: sql, arguments: [letter.id]) }) ?? []
    }

    /// Numbers of the messages that this node left alone after its deaths, and told an operator of.
    var toldSuspects: [Int64] {
        let sql = """
            SELECT id FROM message WHERE state = 'held' AND failure LIKE 'the node died %'
              AND EXISTS (SELECT 1 FROM alert WHERE alert.message = message.id AND alert.kind = 'messageHeld') ORDER BY id
            """
        return (try? database.read { try Int64.fetchAll($0, sql: sql) }) ?? []
    }

    // MARK: - On and off

    /// Starts a process, unless one runs or the machine is off. One that cannot start says so and is started again, as a service
    /// manager does.
    func start(after wait: Duration = .seconds(5), _ make: @escaping (Machine, Int) throws -> NodeProcess) {
        guard process == nil, !isOff else { return }
        starts += 1
        do {
            let started = try make(self, starts)
            process = started
            if let downSince { impaired.append(downSince...world.now) }
            downSince = nil
            world.note(name.rawValue, "started \(starts)")
            started.run()
        } catch {
            world.note(name.rawValue, "does not start")
            world.remark(name.rawValue, "\(error)")
            world.after(wait) { [self] in start(after: min(wait * 2, .minutes(30)), make) }
        }
    }

    /// The process is no more.
    func lost() {
        process = nil
        downSince = world.now
        dateFiles()
    }

    /// The first time from `time` on at which something could be expected of it.
    func firstWell(from time: Int64) -> Int64 {
        var time = time
        for range in impaired.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.contains(time) { time = range.upperBound }
        return time
    }

    /// Marks files that appeared while a process ran with the time on this machine's clock, since they were written by the real one.
    private func dateFiles() {
        let files = FileManager.default
        for place in ["store/payloads", "store/spool"] {
            let path = folder + "/" + place
            for file in (try? files.contentsOfDirectory(atPath: path)) ?? [] {
                let attributes = try? files.attributesOfItem(atPath: path + "/" + file)
                guard let written = attributes?[.modificationDate] as? Date, written != clockNow, !dated.contains(file) else {
                    continue
                }
                dated.insert(file)
                try? files.setAttributes([.modificationDate: clockNow], ofItemAtPath: path + "/" + file)
            }
        }
    }

    private var dated: Set<String> = []

    private static func digits(_ number: UInt64, _ count: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
