import LMSSimulator
import Loader
import Postgres
import RegistrarTesting
import Settings
import Sync
import Testing

/// What `doctor` and a run say of a warehouse whose roles do not fit, and that its advice helps.
@Suite("Roles of a warehouse")
struct RoleTests {
    private func options() -> SchoolOptions {
        SchoolOptions(school: GeneratedSchool.make(.init(courses: 3, learners: 12), seed: 481))
    }

    private func freshRole() async throws -> String {
        let name = "role_\(UInt64.random(in: 0 ..< .max))"
        try await TestServer.administer("CREATE ROLE \(name) LOGIN")
        return name
    }

    private func failures(_ harness: SchoolHarness) async -> [DoctorFinding] {
        await harness.service("doctor").doctor().filter { $0.outcome == .fail }
    }

    @Test("a restore without privileges: doctor prints the GRANTs, migrate restores them", .timeLimit(.minutes(1)))
    func restored() async throws {
        let role = try await freshRole()
        try await withSchool(options()) { harness in
            let loader = harness.connecting(as: role)
            let findings = await failures(loader)
            let rights = try #require(findings.first)
            #expect(findings.count == 1)
            #expect(rights.check == "rights")
            #expect(rights.exitCode == 74)
            #expect(rights.detail.hasPrefix("the role \(role) lacks USAGE on schema lms, schema sync; "))
            #expect(rights.remedy?.contains("GRANT USAGE ON SCHEMA lms, sync TO \(role);") == true)
            let asked = harness.simulator.requests.total
            let run = await loader.baseline()
            #expect(run.exitCode == 74)
            #expect(run.sources.first?.message?.contains("lacks USAGE on schema lms, schema sync") == true)
            #expect(
                harness.simulator.requests.total == asked,
                "nothing is asked of a platform for a warehouse that refuses"
            )

            let granted = try await harness.service("migrate").migrate(role: role, dryRun: false)
            #expect(granted.applied.isEmpty)
            #expect(!granted.grants.isEmpty)
            #expect(await failures(loader).isEmpty)
            #expect(await loader.baseline().exitCode == 0)
            #expect(await loader.sync().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("a role without CREATE on an empty database fails doctor, with the GRANT", .timeLimit(.minutes(1)))
    func empty() async throws {
        let role = try await freshRole()
        try await withSchool(options()) { harness in
            try await withTestDatabase { url in
                let loader = harness.at(url).connecting(as: role)
                let findings = await failures(loader)
                let schema = try #require(findings.first)
                #expect(findings.count == 1)
                #expect(schema.detail.contains("migrations are pending, and the role \(role) lacks CREATE on database"))
                #expect(schema.remedy?.hasPrefix("GRANT CREATE ON DATABASE ") == true)
                #expect(schema.exitCode == 74)
                let run = await loader.sync()
                #expect(run.exitCode == 74)
                #expect(run.sources.first?.message?.contains("lacks CREATE on database") == true)

                try await harness.at(url).sql(String(schema.remedy?.prefix { $0 != "," } ?? ""))
                #expect(await failures(loader).isEmpty)
                #expect(await loader.sync().exitCode == 0)
            }
        }
    }

    @Test("doctor names a database and a role that do not exist, once, and never itself", .timeLimit(.minutes(1)))
    func unknown() async throws {
        try await withSchool(options()) { harness in
            for (url, cause) in [
                (
                    harness.warehouseURL.replacing(try await harness.database(), with: "nodb"),
                    "the database nodb does not exist"
                ),
                (harness.connecting(as: "nobody_here").warehouseURL, "the role nobody_here does not exist"),
                ("prot=5", "warehouse.url has an option prot, which libpq does not know"),
            ] {
                let finding = try #require(await failures(harness.at(url)).first)
                #expect(finding.check == "warehouse")
                #expect(finding.detail.contains(cause), "\(finding.detail)")
                #expect(!finding.detail.contains("warehouse: "))
                #expect(!"\(finding)".contains("registrar doctor"))
                let code: Int32 = url == "prot=5" ? 78 : 74
                #expect(finding.exitCode == code)
                let run = await harness.at(url).sync()
                #expect(run.exitCode == code)
                #expect(run.sources.first?.message?.contains(cause) == true)
            }
        }
    }
}

extension SchoolHarness {
    /// The same with another address of a warehouse.
    fileprivate func at(_ url: String) -> SchoolHarness {
        var copy = self
        copy.configuration.warehouseURL = url
        copy.warehouseURL = url
        return copy
    }

    fileprivate func connecting(as role: String) -> SchoolHarness {
        at(warehouseURL.replacing("registrar@", with: "\(role)@"))
    }

    fileprivate func database() async throws -> String { try await value("SELECT current_database()") ?? "" }
}
