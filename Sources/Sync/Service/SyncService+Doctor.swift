import Extractor
import Loader
import Platforms
import Postgres
import Records
import Settings

extension SyncService {
    /// Checks warehouse and sources, each with its remedy; nothing stops at the first fault.
    package func doctor() async -> [DoctorFinding] {
        var findings = await checkWarehouse()
        let stored = await checkStoredSources()
        findings += stored.findings
        for settings in configuration.sources {
            // Nothing is asked of a platform before it is certain that the rows are its own.
            if let refusal = stored.refusals[settings.id] {
                findings.append(refusal)
            } else {
                findings += await checkSource(settings)
            }
            findings += stored.notes[settings.id] ?? []
        }
        return findings
    }

    // MARK: Warehouse

    private func checkWarehouse() async -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        do {
            let settings = try await access.settings()
            if let warning = settings.tlsWarning {
                findings.append(DoctorFinding(check: "warehouse", outcome: .warn, detail: warning))
            }
            if !settings.variablesInEffect.isEmpty {
                findings.append(
                    DoctorFinding(
                        check: "warehouse",
                        outcome: .warn,
                        detail: "set by the environment: \(settings.variablesInEffect.joined(separator: ", "))"
                    )
                )
            }
            findings += try await PostgresConnection.withConnection(settings) { connection in
                await checkServer(connection, settings)
            }
            let warehouse = Warehouse(settings: settings)
            findings.append(await checkSchema(warehouse))
            await warehouse.close()
        } catch {
            let outcome = RunOutcome(error: error)
            findings.append(
                DoctorFinding(
                    check: "warehouse",
                    outcome: .fail,
                    detail: outcome.message ?? "",
                    remedy: "check warehouse.url, and that the server runs and lets this user in",
                    exitCode: outcome.exitCode.rawValue
                )
            )
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
                    remedy: "use a role of its own for loading (docs/operations.md, Roles)"
                )
            )
        }
        return findings
    }

    private func checkSchema(_ warehouse: Warehouse) async -> DoctorFinding {
        do {
            switch try await warehouse.migrator.state() {
            case .upToDate: return DoctorFinding(check: "schema", outcome: .ok, detail: "up to date")
            case .pending(let pending):
                return DoctorFinding(
                    check: "schema",
                    outcome: .warn,
                    detail: "\(pending.count) migrations are pending",
                    remedy: "run registrar migrate; baseline and sync do so by themselves where the role may"
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
        } catch {
            let outcome = RunOutcome(error: error)
            return DoctorFinding(
                check: "schema",
                outcome: .fail,
                detail: outcome.message ?? "",
                remedy: "run registrar migrate",
                exitCode: outcome.exitCode.rawValue
            )
        }
    }

    // MARK: Sources

    private func checkSource(_ settings: SourceSettings) async -> [DoctorFinding] {
        let check = "source \(settings.id)"
        do {
            guard let type = PlatformRegistry.platform(for: settings.kind) else {
                throw SyncError(.internalFault, "no connector serves the kind \(settings.kind)")
            }
            let platform = try type.init(settings: settings)
            let memory = ConnectionMemory()
            let (transport, endTransport) = parts.makeTransport(try APIOrigin.split(settings.url).origin, 1)
            let client = platform.makeClient(
                ClientParts(
                    transport: transport,
                    limiters: parts.limiters,
                    policy: parts.policy,
                    time: parts.time,
                    random: parts.random,
                    counter: { _ in },
                    memory: memory,
                    logger: logger
                )
            )
            var findings: [DoctorFinding] = []
            do {
                try await platform.probe(client, memory: memory)
                findings.append(
                    DoctorFinding(
                        check: check,
                        outcome: .ok,
                        detail: "\(settings.kind) answers and accepts the credentials"
                    )
                )
                findings += try await platform.inspect(client, memory: memory).map {
                    DoctorFinding(check: check, outcome: .warn, detail: $0.detail, remedy: $0.remedy)
                }
            } catch {
                findings.append(Self.failure(check, error))
            }
            await endTransport()
            return findings
        } catch {
            return [Self.failure(check, error)]
        }
    }

    private static func failure(_ check: String, _ error: any Error) -> DoctorFinding {
        let outcome = RunOutcome(error: error)
        let remedy: String? =
            switch outcome.exitCode {
            case .credentials: "check client_id and client_secret, and that API access is switched on"
            case .unavailable: "check url, and that the platform answers from this machine"
            case .tryLater: "try again later"
            default: nil
            }
        return DoctorFinding(
            check: check,
            outcome: .fail,
            detail: outcome.message ?? "",
            remedy: remedy,
            exitCode: outcome.exitCode.rawValue
        )
    }
}
