import Loader
import Postgres

/// What `doctor` looks at in the warehouse: server, role, schema and rights.
extension SyncService {
    func checkWarehouse() async -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        do {
            let settings = try await access.settings()
            if let warning = settings.tlsWarning {
                findings.append(DoctorFinding(check: "warehouse", outcome: .warn, detail: warning))
            }
            findings += try await PostgresConnection.withConnection(settings) { connection in
                await checkServer(connection, settings)
            }
            let warehouse = Warehouse(settings: settings)
            findings += await checkSchema(warehouse)
            await warehouse.close()
        } catch {
            findings.append(WarehouseFailure(error, isEmbedded: access.url == nil).finding("warehouse"))
        }
        return findings
    }

    private func checkServer(
        _ connection: PostgresConnection,
        _ settings: PostgresSettings
    ) async -> [DoctorFinding] {
        var findings = [
            DoctorFinding(
                check: "warehouse",
                outcome: .ok,
                detail:
                    "\(settings.endpoint), PostgreSQL \(await connection.serverVersion), libpq \(LibpqVersion.installed)"
            )
        ]
        if LibpqVersion.installed.isOutdated {
            findings.append(
                DoctorFinding(
                    check: "libpq",
                    outcome: .warn,
                    detail: "version \(LibpqVersion.installed) lacks fixes",
                    remedy: "install libpq5 from the distribution's security archive"
                )
            )
        }
        // The embedded server is this user's own: there a superuser is by design.
        if await connection.isSuperuser, access.url != nil {
            findings.append(
                DoctorFinding(
                    check: "roles",
                    outcome: .warn,
                    detail: "the role is a superuser",
                    remedy: "use a role of its own for loading (docs/operations.md, The warehouse)"
                )
            )
        }
        return findings
    }

    private func checkSchema(_ warehouse: Warehouse) async -> [DoctorFinding] {
        do {
            let rights = try await warehouse.missingRights()
            guard !rights.isEmpty else { return [try await checkState(warehouse), Self.rightsAreFine] }
            // A role that may not read the ledger knows nothing of the schema.
            let state = try? await checkState(warehouse)
            return (state.map { [$0] } ?? []) + [Self.finding(of: rights)]
        } catch {
            return [WarehouseFailure(error, isEmbedded: access.url == nil).finding("schema")]
        }
    }

    private static let rightsAreFine = DoctorFinding(
        check: "rights",
        outcome: .ok,
        detail: "every right that a run needs on what is there"
    )

    private static func finding(of rights: MissingRights) -> DoctorFinding {
        DoctorFinding(
            check: "rights",
            outcome: .fail,
            detail: rights.description,
            remedy: "as the schema's owner: \(rights.statements.map { "\($0);" }.joined(separator: " "))",
            exitCode: ExitCode.warehouse.rawValue
        )
    }

    private func checkState(_ warehouse: Warehouse) async throws -> DoctorFinding {
        switch try await warehouse.migrator.state() {
        case .upToDate: return DoctorFinding(check: "schema", outcome: .ok, detail: "up to date")
        case .pending(let pending):
            let count = "\(pending.count) \(pending.count == 1 ? "migration is" : "migrations are") pending"
            guard let obstacle = try await warehouse.migrationObstacle() else {
                return DoctorFinding(
                    check: "schema",
                    outcome: .warn,
                    detail: count,
                    remedy: "run registrar migrate; baseline and sync do so by themselves"
                )
            }
            return DoctorFinding(
                check: "schema",
                outcome: .fail,
                detail: "\(count), and \(obstacle.reason)",
                remedy: obstacle.remedy,
                exitCode: ExitCode.warehouse.rawValue
            )
        case .newer(let version):
            return DoctorFinding(
                check: "schema",
                outcome: .fail,
                detail: "the schema is newer (version \(version)) than this binary",
                remedy: "install the newer Registrar",
                exitCode: ExitCode.warehouse.rawValue
            )
        }
    }
}
