import Foundation
import GRDB
import Native
import TestSupport

@testable import Gateway

/// A store as an earlier version left it: today's rows, taken back step by step by the texts in `Harness/keeping/old`, which the
/// harness uses too.
enum OldStore {
    static var versions: ClosedRange<Int> { 1...StoreSchema.migrator.migrations.count - 1 }

    /// - Parameter store: the folder of a store that nobody has open.
    static func takeBack(_ store: String, to version: Int, key: StoreKey) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: store + "/gateway.sqlite", configuration: configuration)
        try queue.write { database in
            for step in (version..<StoreSchema.migrator.migrations.count).reversed() {
                if step == 7 { try carryKeys(database, store: store, key.aead) }
                let text = Repository.root.appending(path: "Harness/keeping/old/to-\(step).sql")
                try database.execute(sql: String(contentsOf: text, encoding: .utf8))
            }
        }
        try queue.close()
        if version < 12 { try takeRoom(store + "/gateway.sqlite") }
    }

    /// Pages had no room for check values: the rows go into a database that was made without the guard.
    private static func takeRoom(_ path: String) throws {
        let old = try DatabaseQueue(path: "file:\(path).old?vfs=unix")
        try old.writeWithoutTransaction { database in
            _ = try Row.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA foreign_keys = OFF; ATTACH ? AS given", arguments: [path])
            let things = try Row.fetchAll(
                database,
                sql:
                    "SELECT type, name, sql FROM given.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            )
            for thing in things where thing["type"] == "table" {
                let (name, sql): (String, String) = (thing["name"], thing["sql"])
                try database.execute(sql: sql)
                try database.execute(sql: "INSERT INTO main.\(name) SELECT * FROM given.\(name)")
            }
            try database.execute(
                sql: "DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM given.sqlite_sequence")
            for thing in things where thing["type"] != "table" { try database.execute(sql: thing["sql"] as String) }
            try database.execute(sql: "DETACH given")
        }
        try old.close()
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".old", toPath: path)
    }

    /// Version 7 and those before it had each payload's key in the payload, and names under the store key.
    private static func carryKeys(_ database: Database, store: String, _ storeKey: AEADKey) throws {
        let vault = PayloadVault(folder: store + "/payloads", key: storeKey)
        let rows = try Row.fetchAll(
            database, sql: "SELECT payload.*, contentKey.wrapped FROM payload JOIN contentKey ON contentKey.payload = payload.id")
        for row in rows {
            let (id, payload): (Int64, StoredPayload) = (row["id"], StoredPayload(row: row))
            let header = try header(payload, storeKey)
            switch payload.place {
            case .row(let sealed):
                try database.execute(
                    sql: "UPDATE payload SET sealed = ? WHERE id = ?",
                    arguments: [Data(header + sealed.dropFirst(PayloadSeal.headerLength)), id])
            case .file(let name):
                let file = URL(filePath: vault.path(name))
                let chunks = try Data(contentsOf: file).dropFirst(PayloadSeal.headerLength)
                try (Data(header) + chunks).write(to: file)
            }
            let carrying = StoredPayload(name: payload.name, length: payload.length, place: payload.place, wrappedKey: [])
            let titles = try Row.fetchAll(
                database, sql: "SELECT message, position, title FROM part WHERE payload = ? AND title IS NOT NULL",
                arguments: [id])
            for part in titles {
                let title = try vault.text(of: Array(part["title"] as Data), with: payload)
                try database.execute(
                    sql: "UPDATE part SET title = ? WHERE message = ? AND position = ?",
                    arguments: [Data(try vault.sealed(title, with: carrying)), part["message"] as Int64, part["position"] as Int])
            }
        }
    }

    private static func header(_ payload: StoredPayload, _ storeKey: AEADKey) throws -> [UInt8] {
        let nonce = Array(payload.wrappedKey.prefix(AEADKey.nonceLength))
        guard
            let secret = try storeKey.open(
                Array(payload.wrappedKey.dropFirst(nonce.count)), nonce: nonce, additionalData: PayloadSeal.magic + payload.name)
        else { throw StoreError(.damaged, reason: "a wrapped key does not open") }
        let next = try SecretBytes.random(count: AEADKey.nonceLength).copied()
        let wrapped = next + (try storeKey.seal(secret, nonce: next, additionalData: PayloadSeal.magic1 + payload.name))
        return PayloadSeal.magic1 + payload.name + wrapped
    }

    /// Tables with their columns, indices and triggers.
    static func shape(_ database: Database) throws -> [String] {
        try Row.fetchAll(
            database,
            sql: "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
        ).flatMap { thing -> [String] in
            let (type, name): (String, String) = (thing["type"], thing["name"])
            let pragma = type == "table" ? "table_xinfo" : "index_xinfo"
            let columns =
                type == "trigger"
                ? []
                : try Row.fetchAll(database, sql: "PRAGMA \(pragma)(\(name))").map {
                    Array($0.databaseValues.dropFirst()).description
                }
            return ["\(type) \(name) of \(thing["tbl_name"] as String)"] + columns.sorted()
        }
    }
}
