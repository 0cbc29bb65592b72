import JSON
import Sync
import Testing

@testable import registrar

@Suite struct WarehouseTextTests {
    @Test("migrate tells what it applied and granted, and a dry run what it would")
    func migration() {
        let report = MigrationReport(applied: ["0001_sync_state"], grants: ["GRANT USAGE ON SCHEMA sync TO x"])
        #expect(
            MigrationText.text(report, isDryRun: false)
                == "applied 0001_sync_state\nran GRANT USAGE ON SCHEMA sync TO x\n"
        )
        #expect(
            MigrationText.text(report, isDryRun: true)
                == "would apply 0001_sync_state\nwould run GRANT USAGE ON SCHEMA sync TO x\n"
        )
        let nothing = MigrationReport(applied: [], grants: [])
        #expect(MigrationText.text(nothing, isDryRun: false) == "the warehouse is up to date\n")
    }

    @Test("status says first what waits for room in the warehouse, and until when")
    func waits() {
        let wait = WaitStatus(
            session: "registrar/sync",
            cause: "the database server's disk is full (SQLSTATE 53100 disk_full)",
            since: "2026-11-21T03:58:00Z",
            until: "2026-11-21T04:03:00Z"
        )
        let report = StatusReport(sources: [], madeAt: "2026-11-21T04:02:00Z", waits: [wait])
        let text = StatusText.text(report)
        #expect(text.hasPrefix("warehouse: registrar/sync waits since 2026-11-21"), "\(text)")
        #expect(text.contains("until 2026-11-21"))
        #expect(text.contains("at most: the database server's disk is full (SQLSTATE 53100 disk_full)\n"))
        #expect(StatusText.json(report).text.contains("\"warehouse_waits\":[{\"session\":\"registrar/sync\""))
    }
}
