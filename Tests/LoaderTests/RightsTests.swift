import Foundation
import Migrations
import Postgres
import Records
import RegistrarTesting
import Testing

@testable import Loader

/// Roles of the test server are everybody's: each test makes its own, but for the customary loader, which stays.
@Suite(.serialized) struct RightsTests {
    /// The warehouse of `test` as another role sees it.
    private func connected<Value: Sendable>(
        as role: String,
        _ url: String,
        options: String = "",
        _ body: (Warehouse) async throws -> Value
    ) async throws -> Value {
        let address = url.replacingOccurrences(of: "registrar@", with: "\(role)@") + options
        let warehouse = Warehouse(settings: try PostgresSettings(url: address))
        do {
            let value = try await body(warehouse)
            await warehouse.close()
            return value
        } catch {
            await warehouse.close()
            throw error
        }
    }

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

    private func makeRole(_ name: String, _ attributes: String = "LOGIN") async throws {
        try await TestServer.administer(
            """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(name)') THEN CREATE ROLE \(name) \(attributes); END IF;
            END $$
            """
        )
    }

    private func freshRole(_ attributes: String = "LOGIN") async throws -> String {
        let name = "role_\(UInt64.random(in: 0 ..< .max))"
        try await TestServer.administer("CREATE ROLE \(name) \(attributes)")
        return name
    }

    private func own(_ test: TestWarehouse, _ role: String) async throws {
        let database = try #require(try await test.value("SELECT current_database()"))
        try await TestServer.administer("ALTER DATABASE \(database) OWNER TO \(role)")
    }

    /// A run of one record, with everything that a run does to the tables of `sync`.
    private func load(_ warehouse: Warehouse, _ url: String, id: String = "l1") async throws {
        let run = try await TestWarehouse(warehouse: warehouse, url: url).run()
        var unit = run.unit
        unit.append([Learner(learnerID: id)], stream: "learners")
        unit.removeAllCheckpoints()
        _ = try await run.writer.publish(unit)
        _ = try await run.publish([Event(eventID: id, occurredAt: instant())], stream: "events")
        try await run.writer.ensureIndexes()
        try await run.lease.release()
    }

    // MARK: Owners

    @Test("one role that is called registrar_loader and owns its database migrates and loads")
    func loaderOwns() async throws {
        try await makeRole("registrar_loader")
        try await withEmpty { test in
            try await own(test, "registrar_loader")
            try await connected(as: "registrar_loader", test.url) { warehouse async throws in
                #expect(try await warehouse.migrator.migrate().count == Migration.all.count)
                #expect(try await warehouse.migrator.migrate().isEmpty)
                #expect(try await warehouse.migrator.restoreGrants() == [])
                #expect(try await warehouse.missingRights().isEmpty)
                try await load(warehouse, test.url)
            }
        }
    }

    @Test("a warehouse that was left after its first migration goes on with the others")
    func halfMigrated() async throws {
        try await makeRole("registrar_loader")
        try await withEmpty { test in
            try await own(test, "registrar_loader")
            try await connected(as: "registrar_loader", test.url) { warehouse async throws in
                let first = Migrator(database: warehouse.writing, migrations: Array(Migration.all.prefix(1)))
                // Its comments belong to later tables: it ends with an error, as a migrator that is killed does.
                _ = try? await first.migrate()
                #expect(try await test.sql("SELECT version::text FROM sync.schema_migrations") == [["1"]])
                #expect(try await warehouse.migrator.migrate().count == Migration.all.count - 1)
            }
        }
    }

    @Test("the owner may be a group that the loader is in, by inheritance or by SET ROLE", arguments: [false, true])
    func groupOwns(setsRole: Bool) async throws {
        try await makeRole("registrar_loader")
        let group = try await freshRole("NOLOGIN")
        try await TestServer.administer("GRANT \(group) TO registrar_loader")
        try await withEmpty { test in
            try await own(test, group)
            let options = setsRole ? "&options=-c%20role%3D\(group)" : ""
            try await connected(as: "registrar_loader", test.url, options: options) { warehouse async throws in
                #expect(try await warehouse.migrator.migrate().count == Migration.all.count)
                try await load(warehouse, test.url)
            }
            try await connected(as: "registrar_loader", test.url) { warehouse async throws in
                #expect(try await warehouse.missingRights().isEmpty)
                try await load(warehouse, test.url, id: "l2")
            }
        }
    }

    @Test("the customary loader may be a group whose member migrates", arguments: [false, true])
    func memberMigrates(setsRole: Bool) async throws {
        try await makeRole("registrar_loader")
        let member = try await freshRole()
        try await TestServer.administer("GRANT registrar_loader TO \(member)")
        try await withEmpty { test in
            try await own(test, "registrar_loader")
            let options = setsRole ? "&options=-c%20role%3Dregistrar_loader" : ""
            try await connected(as: member, test.url, options: options) { warehouse async throws in
                #expect(try await warehouse.migrator.migrate().count == Migration.all.count)
                try await load(warehouse, test.url)
            }
        }
    }

    // MARK: Roles that come later

    @Test("a role that comes after the schema loads with what is printed for it")
    func printedGrants() async throws {
        let role = try await freshRole()
        try await withWarehouse { test in
            try await connected(as: role, test.url) { warehouse async throws in
                #expect(try await !warehouse.missingRights().isEmpty)
            }
            try await PostgresConnection.withConnection(try PostgresSettings(url: test.url)) { connection in
                _ = try await connection.execute(RoleDuty.loading.script(role: role))
            }
            try await connected(as: role, test.url) { warehouse async throws in
                #expect(try await warehouse.missingRights().isEmpty)
                #expect(try await warehouse.migrator.state() == .upToDate)
                try await load(warehouse, test.url)
            }
            let more = try await test.warehouse.migrator.restoreGrants(for: role)
            #expect(more.filter { $0.contains(role) } == [])
        }
    }

    @Test("what a restore without privileges lost is granted again, to the customary roles and to a named one")
    func restoredGrants() async throws {
        try await makeRole("registrar_loader")
        try await makeRole("registrar_inbox")
        let role = try await freshRole()
        try await withWarehouse { test in
            try await test.sql(
                "REVOKE ALL ON ALL TABLES IN SCHEMA lms, sync, bi FROM registrar_loader, registrar_inbox"
            )
            try await test.sql("REVOKE ALL ON SCHEMA lms, sync, bi FROM registrar_loader, registrar_inbox")
            let planned = try await test.warehouse.migrator.restoreGrants(for: role, dryRun: true)
            #expect(planned.contains("GRANT USAGE ON SCHEMA bi, lms, sync TO \(role)"))
            #expect(planned.contains("GRANT INSERT ON sync.inbox TO registrar_inbox"))
            #expect(try await test.warehouse.migrator.restoreGrants(for: role) == planned)
            #expect(try await test.warehouse.migrator.restoreGrants(for: role) == [])
            for name in ["registrar_loader", role] {
                try await connected(as: name, test.url) { warehouse async throws in
                    #expect(try await warehouse.missingRights().isEmpty)
                    try await load(warehouse, test.url)
                }
            }
            let absent = await #expect(throws: LoadError.self) {
                try await test.warehouse.migrator.restoreGrants(for: "nobody_here")
            }
            #expect(absent?.message.contains("CREATE ROLE nobody_here") == true)
        }
    }

    @Test("a loader who runs migrate grants nothing and is not refused")
    func loaderMigrates() async throws {
        let role = try await freshRole()
        try await withWarehouse { test in
            try await test.warehouse.migrator.restoreGrants(for: role)
            try await connected(as: role, test.url) { warehouse async throws in
                #expect(try await warehouse.migrator.migrate().isEmpty)
                #expect(try await warehouse.migrator.restoreGrants() == [])
            }
        }
    }

    // MARK: What is missing

    @Test(
        "each right is named by itself, the GRANT that is printed gives it, and a run names it too",
        arguments: [
            ("USAGE ON SCHEMA sync", "USAGE on schema sync"), ("USAGE ON SCHEMA lms", "USAGE on schema lms"),
            ("INSERT ON lms.learners", "INSERT on lms.learners"), ("UPDATE ON sync.leases", "UPDATE on sync.leases"),
            ("SELECT ON sync.schema_migrations", "SELECT on sync.schema_migrations"),
            ("DELETE ON sync.checkpoints", "DELETE on sync.checkpoints"),
            ("USAGE ON SEQUENCE sync.runs_run_id_seq", "USAGE on sequence sync.runs_run_id_seq"),
            (
                "EXECUTE ON FUNCTION sync.ensure_event_partition(date)",
                "EXECUTE on sync.ensure_event_partition(month date)"
            ),
            ("TEMPORARY ON DATABASE", "TEMPORARY on database"),
        ]
    )
    func eachRight(_ right: String, _ title: String) async throws {
        let role = try await freshRole()
        try await withWarehouse { test in
            try await test.warehouse.migrator.restoreGrants(for: role)
            let database = try #require(try await test.value("SELECT current_database()"))
            if right.hasPrefix("TEMPORARY") {
                try await test.sql("REVOKE TEMPORARY ON DATABASE \(database) FROM PUBLIC")
            } else {
                try await test.sql("REVOKE \(right) FROM \(role)")
            }
            let missing = try await connected(as: role, test.url) { try await $0.missingRights() }
            #expect(missing.description.hasPrefix("the role \(role) lacks \(title)"), "\(missing.description)")
            #expect(missing.statements.count == 1)

            let refused = await #expect(throws: LoadError.self) {
                try await connected(as: role, test.url) { warehouse async throws in
                    try await warehouse.migrator.requireUpToDate()
                    // Through staging, as every run but the first.
                    for id in ["l1", "l2"] { try await load(warehouse, test.url, id: id) }
                }
            }
            #expect(refused?.message.contains("lacks \(title)") == true, "\(refused?.message ?? "")")
            #expect(refused?.message.contains("SQLSTATE 42501 insufficient_privilege") == true)
            #expect(refused?.message.contains(try #require(missing.statements.first)) == true)

            for statement in missing.statements { try await test.sql(statement) }
            try await connected(as: role, test.url) { warehouse async throws in
                #expect(try await warehouse.missingRights().isEmpty)
                for id in ["l3", "l4"] { try await load(warehouse, test.url, id: id) }
            }
        }
    }

    @Test("row security without a policy is named, and with the printed policy rows go in")
    func rowSecurity() async throws {
        let role = try await freshRole()
        try await withWarehouse { test in
            try await test.warehouse.migrator.restoreGrants(for: role)
            try await test.sql("ALTER TABLE lms.learners ENABLE ROW LEVEL SECURITY")
            let missing = try await connected(as: role, test.url) { try await $0.missingRights() }
            #expect(missing.description == "the role \(role) lacks a row security policy on lms.learners")
            let refused = await #expect(throws: LoadError.self) {
                try await connected(as: role, test.url) { try await load($0, test.url) }
            }
            #expect(refused?.message.contains("row security policy on lms.learners") == true)
            #expect(refused?.message.contains("42501") == true)

            for statement in missing.statements { try await test.sql(statement) }
            try await connected(as: role, test.url) { warehouse async throws in
                #expect(try await warehouse.missingRights().isEmpty)
                try await load(warehouse, test.url)
            }
            #expect(try await test.value("SELECT count(*)::text FROM lms.learners") == "1")
        }
    }

    @Test(
        "policies count for the commands they are for",
        arguments: [("*", true), ("rawd", true), ("r", false), ("raw", false), ("", false)]
    )
    func policies(_ commands: String, _ isEnough: Bool) {
        let needed: [Privilege] = [.select, .insert, .update, .delete]
        #expect(needed.allSatisfy { RowPolicies(commands: commands).allow($0) } == isEnough)
    }

    @Test("a role that may not migrate is told why, and by whom it can be done")
    func obstacles() async throws {
        let role = try await freshRole()
        try await withEmpty { test in
            let obstacle = try await connected(as: role, test.url) { try await $0.migrationObstacle() }
            #expect(obstacle?.reason.hasPrefix("the role \(role) lacks CREATE on database ") == true)
            #expect(obstacle?.remedy.contains("or run registrar migrate as registrar") == true)
            let refused = await #expect(throws: LoadError.self) {
                try await connected(as: role, test.url) { try await $0.migrator.migrate() }
            }
            #expect(refused?.code == .migrationRefused)
            #expect(refused?.message.contains("lacks CREATE on database") == true)
            #expect(try await test.warehouse.migrationObstacle() == nil)

            let first = Migrator(database: test.warehouse.writing, migrations: Array(Migration.all.prefix(2)))
            try await first.migrate()
            try await test.warehouse.migrator.restoreGrants(for: role)
            let later = try await connected(as: role, test.url) { try await $0.migrationObstacle() }
            #expect(later?.reason == "the role \(role) does not own the schema, which belongs to registrar")
            #expect(later?.remedy == "run registrar migrate as registrar")
        }
    }

    @Test("many objects are counted in the sentence and listed in the statements")
    func grouping() {
        var missing = MissingRights(role: "Ada L")
        for name in ["a", "b", "c", "d", "e"] {
            let table = WarehouseObject(kind: .table, schema: "lms", name: name, sql: "lms.\(name)")
            missing.add(.update, on: table)
            missing.add(.insert, on: table)
        }
        missing.add(.usage, on: WarehouseObject(kind: .schema, schema: "lms", name: "lms", sql: "lms"))
        #expect(
            missing.description
                == "the role Ada L lacks USAGE on schema lms; INSERT, UPDATE on lms.a, lms.b, lms.c, 2 more"
        )
        #expect(
            missing.statements == [
                "GRANT USAGE ON SCHEMA lms TO \"Ada L\"",
                "GRANT INSERT, UPDATE ON lms.a, lms.b, lms.c, lms.d, lms.e TO \"Ada L\"",
            ]
        )
    }
}
