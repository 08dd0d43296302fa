import Foundation
import GRDB
import Logging
import ServiceLifecycle

/// Deletes, once after the start, what crashes left in the store's folders: files that no row names, and `.part` files.
///
/// Other processes write into the same folders and name their files in a row later, so only what has lain untouched for
/// ``age`` counts. Until then an orphan costs room and nothing else: nobody reads what no row names.
struct OrphanSweep: Service {
    /// Longer than any exchange or submission may take.
    static let age: TimeInterval = 24 * 3600

    let store: GatewayStore
    let clock: NodeClock
    let pool: WorkPool
    let logger: Logger

    func run() async throws {
        do {
            let limit = clock.now() - Self.age
            let count = try await pool.run { [store] in try store.removeOrphans(untouchedSince: limit) }
            if count > 0 { logger.notice("Files that no message names were deleted", metadata: ["count": "\(count)"]) }
        } catch {
            logger.error("Cannot look for files that no message names", metadata: [LogKey.reason: "\(error)"])
        }
        try? await gracefulShutdown()
    }
}

extension OrphanSweep: CustomStringConvertible {
    var description: String { "OrphanSweep" }
}

extension GatewayStore {
    /// Deletes files in `payloads/` and `spool/` that were last written before `limit` and that no row needs.
    ///
    /// - Returns: how many were deleted.
    func removeOrphans(untouchedSince limit: Date) throws -> Int {
        let lock = try KeepingLock(store: folder, for: "the sweep")
        defer { withExtendedLifetime(lock) {} }
        var count = 0
        for path in try Self.files(in: vault.folder, untouchedSince: limit) {
            guard try !isPayload(URL(filePath: path).lastPathComponent) else { continue }
            try FileManager.default.removeItem(atPath: path)
            count += 1
        }
        let spooled = try Self.files(in: spool.folder, untouchedSince: limit)
        if spooled.isEmpty { return count }
        let needed = Set(try read { try WireMessage.spooledFilesNeeded($0) }.map(\.file))
        for path in spooled where !needed.contains(URL(filePath: path).lastPathComponent) {
            try FileManager.default.removeItem(atPath: path)
            count += 1
        }
        return count
    }

    private static func files(in folder: String, untouchedSince limit: Date) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).map { folder + "/" + $0 }.filter { path in
            let facts = try? FileManager.default.attributesOfItem(atPath: path)
            guard facts?[.type] as? FileAttributeType == .typeRegular, let written = facts?[.modificationDate] as? Date else {
                return false
            }
            return written < limit
        }
    }

    private func isPayload(_ name: String) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM payload WHERE file = ?)"), arguments: [name]) ?? true
        }
    }
}
