import Extractor
import Loader
import Platforms
import Settings

extension SyncService {
    /// Warns of names in `learners.custom_fields` that come to nothing.
    func checkCustomFields(_ settings: SourceSettings) async -> [DoctorFinding] {
        guard case .named = settings.customFields else { return [] }
        var findings: [AccessFinding]
        if let warehouse = try? Warehouse(settings: await access.settings()) {
            findings = await customFieldFindings(settings, warehouse.reader)
            await warehouse.close()
        } else {
            findings = await customFieldFindings(settings, nil)
        }
        return findings.map {
            DoctorFinding(check: "source \(settings.id)", outcome: .warn, detail: $0.detail, remedy: $0.remedy)
        }
    }

    /// What is wrong with the names in `learners.custom_fields`.
    ///
    /// What the school's accounts have is told by the learners that were loaded, and before any were by the platform, in
    /// one call. Where neither can be asked, only names that could be kept nowhere are found.
    func customFieldFindings(_ settings: SourceSettings, _ reader: WarehouseReader?) async -> [AccessFinding] {
        guard case .named(let names) = settings.customFields, !names.isEmpty,
            let kind = PlatformRegistry.kinds.first(where: { $0.kind == settings.kind })
        else { return [] }
        // What is found without a question is not asked for.
        guard kind.customFields.names == nil else { return kind.customFields.findings(of: names, known: nil) }
        let bare = names.map(CustomFieldVocabulary.bare)
        var known = try? await reader?.customFields(settings.id, among: bare)
        if known == nil { known = try? await accountFields(settings) }
        return kind.customFields.findings(of: names, known: known)
    }

    private func accountFields(_ settings: SourceSettings) async throws -> Set<String>? {
        guard let type = PlatformRegistry.platform(for: settings.kind) else { return nil }
        let platform = try type.init(settings: settings)
        let connectorState = ConnectorState()
        let (transport, endTransport) = parts.makeTransport(try APIOrigin.split(settings.url).origin, 1)
        let client = platform.makeClient(
            ClientParts(
                transport: transport,
                limiters: parts.limiters,
                policy: parts.policy,
                time: parts.time,
                random: parts.random,
                counter: { _ in },
                connectorState: connectorState,
                logger: logger
            )
        )
        let fields = try? await platform.accountFields(client, connectorState: connectorState)
        await endTransport()
        return fields ?? nil
    }
}
