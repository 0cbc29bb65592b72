import Loader
import Migrations
import Postgres
import Records
import RegistrarTesting
import Testing

@Suite struct MigratorTests {
    private func withEmpty(_ body: (TestWarehouse) async throws -> Void) async throws {
        try await withTestDatabase { url in
            let warehouse = Warehouse(settings: try PostgresSettings(url: url))
            do {
                try await body(TestWarehouse(warehouse: warehouse, url: url))
            } catch {
                await warehouse.close()
                throw error
            }
            await warehouse.close()
        }
    }

    private func code(_ work: () async throws -> Void) async -> LoadError.Code? {
        do {
            try await work()
            return nil
        } catch { return (error as? LoadError)?.code }
    }

    @Test func migratesFromEmptyAndThenHasNothingToDo() async throws {
        try await withEmpty { test in
            let migrator = test.warehouse.migrator
            #expect(await code { try await migrator.requireUpToDate() } == .schemaMissing)
            let planned = try await migrator.migrate(dryRun: true)
            #expect(planned.map(\.version) == Migration.all.map(\.version))
            #expect(try await test.value("SELECT to_regclass('sync.runs')::text") == nil)

            #expect(try await migrator.migrate() == planned)
            #expect(try await migrator.state() == .upToDate)
            let before = try await test.sql("SELECT version, checksum, applied_at, xmin FROM sync.schema_migrations")
            let comments = try await test.sql("SELECT count(*), max(xmin::text::bigint) FROM pg_description")
            #expect(try await migrator.migrate().isEmpty)
            #expect(
                try await test.sql("SELECT version, checksum, applied_at, xmin FROM sync.schema_migrations") == before
            )
            #expect(try await test.sql("SELECT count(*), max(xmin::text::bigint) FROM pg_description") == comments)
        }
    }

    @Test func commentsComeFromTheRecords() async throws {
        try await withEmpty { test in
            try await test.warehouse.migrator.migrate()
            try await test.sql("COMMENT ON COLUMN lms.learners.email IS 'something else'")
            try await test.warehouse.migrator.migrate()
            let email = try #require(Learner.table.columns.first { $0.name == "email" })
            let attribute =
                "(SELECT attnum FROM pg_attribute WHERE attrelid = 'lms.learners'::regclass AND attname = 'email')"
            #expect(
                try await test.value("SELECT col_description('lms.learners'::regclass, \(attribute))") == email.comment
            )
        }
    }

    @Test func aNewerSchemaIsRefused() async throws {
        try await withEmpty { test in
            try await test.warehouse.migrator.migrate()
            try await test.sql("INSERT INTO sync.schema_migrations (version, name, checksum) VALUES (999, 'x', 'y')")
            #expect(try await test.warehouse.migrator.state() == .newer(version: 999))
            #expect(await code { try await test.warehouse.migrator.migrate() } == .schemaNewer)
            #expect(await code { try await test.warehouse.migrator.requireUpToDate() } == .schemaNewer)
        }
    }

    @Test func aChangedMigrationIsRefused() async throws {
        try await withEmpty { test in
            try await test.warehouse.migrator.migrate()
            try await test.sql("UPDATE sync.schema_migrations SET checksum = 'x' WHERE version = 1")
            try await test.sql(
                """
                INSERT INTO sync.runs (source_id, mode, status, finished_at, binary_version)
                VALUES ('acme', 'incremental', 'succeeded', now(), '0.9.1'), ('acme', 'incremental', 'succeeded', now(), NULL)
                """
            )
            let error = await #expect(throws: LoadError.self) { try await test.warehouse.migrator.migrate() }
            #expect(error?.code == .migrationChanged)
            #expect(error?.message.contains("use the release that made this schema, 0.9.1, or a newer one") == true)
        }
    }

    @Test func aRoleThatMayNotMigrateIsToldTheRemedy() async throws {
        try await withEmpty { test in
            try await test.sql("CREATE ROLE loader_weak")
            try await test.sql("GRANT loader_weak TO CURRENT_USER")
            let url = test.url + (test.url.contains("?") ? "&" : "?") + "options=-c%20role%3Dloader_weak"
            let warehouse = Warehouse(settings: try PostgresSettings(url: url))
            var caught: LoadError?
            do { try await warehouse.migrator.migrate() } catch { caught = error as? LoadError }
            await warehouse.close()
            #expect(caught?.code == .migrationRefused)
            #expect(caught?.message.contains("registrar migrate") == true)
        }
    }

    @Test func migratorsTakeTurns() async throws {
        try await withEmpty { test in
            let other = Warehouse(settings: try PostgresSettings(url: test.url))
            async let first = test.warehouse.migrator.migrate()
            async let second = other.migrator.migrate()
            let applied = try await first + second
            await other.close()
            #expect(Set(applied.map(\.version)) == Set(Migration.all.map(\.version)))
            #expect(applied.count == Migration.all.count)
        }
    }
}
