import Extractor
import Platforms
import Records
import Settings

extension SyncService {
    /// Checks warehouse and sources, each with its remedy; nothing stops at the first fault.
    package func doctor() async -> [DoctorFinding] {
        var findings = await checkWarehouse()
        let isWarehouseGood = !findings.contains { $0.outcome == .fail }
        let stored = await checkStoredSources()
        findings += stored.findings
        await DoctorLedger.with(isWarehouseGood ? access : nil, time: parts.time) { ledger in
            for settings in configuration.sources {
                // Nothing is asked of a platform before it is certain that the rows are its own.
                if let refusal = stored.refusals[settings.id] {
                    findings.append(refusal)
                } else {
                    findings += await checkSource(settings, ledger)
                    findings += await checkCustomFields(settings)
                }
                findings += stored.notes[settings.id] ?? []
            }
        }
        return findings
    }

    // MARK: Sources

    private func checkSource(_ settings: SourceSettings, _ ledger: DoctorLedger?) async -> [DoctorFinding] {
        let check = "source \(settings.id)"
        if let until = await ledger?.pause(of: settings.id) {
            let detail =
                "paused until \(until.iso8601): the platform's quota is spent or it asked for a pause; no call was made"
            return [DoctorFinding(check: check, outcome: .warn, detail: detail)]
        }
        let progress = RunProgress(source: settings.id, reporter: progress)
        progress.start("doctor")
        defer { progress.end() }
        do {
            guard let type = PlatformRegistry.platform(for: settings.kind) else {
                throw SyncError(.internalFault, "no connector serves the kind \(settings.kind)")
            }
            let platform = try type.init(settings: settings)
            let connectorState = ConnectorState()
            let tally = RequestTally(time: parts.time)
            let (transport, endTransport) = parts.makeTransport(try APIOrigin.split(settings.url).origin, 1)
            let client = platform.makeClient(
                ClientParts(
                    transport: transport,
                    limiters: parts.limiters,
                    policy: parts.policy,
                    time: parts.time,
                    random: parts.random,
                    counter: progress.counting(tally.counter),
                    connectorState: connectorState,
                    logger: logger
                )
            )
            await ledger?.restoreDay(of: settings.id, client)
            var findings: [DoctorFinding] = []
            do {
                try await platform.probe(client, connectorState: connectorState)
                findings.append(
                    DoctorFinding(
                        check: check,
                        outcome: .ok,
                        detail: "\(settings.kind) answers and accepts the credentials"
                    )
                )
                findings += try await platform.inspect(client, connectorState: connectorState).map {
                    DoctorFinding(
                        check: check,
                        outcome: $0.isFailure ? .fail : .warn,
                        detail: $0.detail,
                        remedy: $0.remedy,
                        exitCode: $0.isFailure ? ExitCode.unavailable.rawValue : nil
                    )
                }
            } catch {
                findings.append(Self.failure(check, error))
            }
            await endTransport()
            await ledger?.tell(tally, of: settings.id)
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
