import Foundation
import Migrations
import Records
import Testing

@Suite struct MigrationTests {
    private static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Migrations")
    }

    @Test("every SQL file of the folder is embedded, in order, as it is")
    func embedding() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()
        let names = Migration.all.map { migration in
            let digits = String(migration.version)
            return String(repeating: "0", count: 4 - digits.count) + digits + "_" + migration.name + ".sql"
        }
        #expect(names == files)
        #expect(Migration.all.map(\.version) == Set(Migration.all.map(\.version)).sorted())
        for (migration, file) in zip(Migration.all, files) {
            #expect(try migration.sql == String(contentsOf: Self.folder.appending(path: file), encoding: .utf8))
        }
    }

    @Test("a migration leaves the transaction to the migrator", arguments: Migration.all)
    func noTransaction(migration: Migration) {
        for line in migration.sql.split(separator: "\n") {
            let word = line.trimmingCharacters(in: .whitespaces).uppercased()
            #expect(!["BEGIN;", "COMMIT;", "ROLLBACK;"].contains(word))
            #expect(!word.contains("CONCURRENTLY"))
        }
    }

    @Test("the lms tables, with all that was added to them, are those of the records", arguments: Table.all)
    func recordsAndTablesAgree(table: Table) throws {
        let statements = Migration.all.flatMap { Self.statements($0.sql) }
        let creation = "CREATE TABLE \(table.qualifiedName) ("
        let created = try #require(statements.first { $0.hasPrefix(creation) })
        let parts = created.dropFirst(creation.count).components(separatedBy: " PARTITION BY RANGE ")
        #expect((parts.count > 1) == (table.monthlyPartitionColumn != nil))
        var definitions = Self.definitions(parts[0].dropLast())
        for statement in statements {
            let addition = "ALTER TABLE \(table.qualifiedName) ADD COLUMN "
            guard statement.hasPrefix(addition) else { continue }
            definitions += statement.dropFirst(addition.count).components(separatedBy: ", ADD COLUMN ")
        }
        #expect(definitions.sorted() == table.definitions.sorted())
    }

    /// Columns and constraints of a table's parentheses; commas inside further ones separate none.
    private static func definitions(_ list: Substring) -> [String] {
        var (found, depth) = ([""], 0)
        for character in list {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 { found.append("") } else { found[found.count - 1].append(character) }
        }
        return found.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test("the columns of the sync tables are those of the contract")
    func syncTables() throws {
        let migration = try #require(Migration.all.first { $0.name == "sync_state" })
        let statements = Self.statements(migration.sql)
        for (table, columns) in Self.syncColumns {
            let statement = try #require(statements.first { $0.hasPrefix("CREATE TABLE sync.\(table) (") })
            var rest = statement[...]
            for column in columns.split(separator: " ") {
                let range = rest.range(of: " \(column) ")
                #expect(range != nil, "\(table).\(column)")
                if let range { rest = rest[range.upperBound...] }
            }
            #expect(statements.contains { $0.hasPrefix("COMMENT ON TABLE sync.\(table) ") })
            for column in columns.split(separator: " ") {
                #expect(statements.contains { $0.hasPrefix("COMMENT ON COLUMN sync.\(table).\(column) ") })
            }
        }
    }

    private static let syncColumns = [
        ("sources", "source_id kind url first_seen_at config_digest not_before baseline_completed_at"),
        ("leases", "source_id epoch run_id backend_pid backend_start expires_at"),
        ("watermarks", "source_id stream partition position data_as_of run_id updated_at"),
        ("pending", "source_id stream partition reason due_at queued_at attempts"),
        (
            "runs",
            """
            run_id source_id mode status started_at finished_at requests rows_read rows_written rows_deleted \
            rows_rejected error
            """
        ),
        (
            "run_streams",
            """
            run_id stream status requests rows_read rows_inserted rows_updated rows_unchanged rows_duplicate \
            rows_suppressed rows_deleted rows_rejected started_at finished_at
            """
        ),
        ("coverage", "source_id stream partition outcome expected read last_complete_at run_id"),
        ("rejects", "reject_id source_id stream run_id natural_key reason payload rejected_at resolved_at"),
        ("schema_drift", "source_id stream field json_type first_seen_at last_seen_at kept"),
        ("checkpoints", "source_id stream partition position run_id updated_at"),
        (
            "inbox",
            """
            source_id delivery_id kind entity_ids received_at run_after attempt lease_until lease_epoch done_at \
            dead_reason
            """
        ),
        ("erasures", "source_id learner_hash erased_at"),
    ]

    /// The statements of an SQL text without comment lines, white space folded; statements in a body are cut apart too.
    private static func statements(_ sql: String) -> [String] {
        sql.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: " ")
            .split(separator: ";")
            .map { $0.split(separator: " ").joined(separator: " ") }
            .filter { !$0.isEmpty }
    }
}
