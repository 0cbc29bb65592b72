import Extractor
import Records
import Transformer

extension LearnWorldsMapping {
    /// The mapping of a configured source at the platform's time `now`.
    init(settings: SourceSettings, options: LearnWorldsOptions, now: Timestamp) {
        let credentials = settings.credentials
        let secrets = [credentials.clientSecret, credentials.apiKey, credentials.accessToken].compactMap { $0 }
        self.init(
            customFields: settings.customFields,
            externalIDField: options.externalIDField,
            assessmentUnitTypes: options.assessmentUnitTypes,
            pseudonymizer: Self.pseudonymizer(of: settings),
            secrets: secrets.map { $0.reveal { $0 } },
            now: now
        )
    }

    private static func pseudonymizer(of settings: SourceSettings) -> Pseudonymizer? {
        guard !settings.pseudonymize.isEmpty else { return nil }
        var key = settings.pseudonymKey?.reveal { Array($0.utf8) } ?? []
        // The configuration refuses a short key. If one came here all the same, no name may be stored in clear.
        while key.count < Pseudonymizer.minimumKeyLength { key.append(0) }
        return Pseudonymizer(sourceID: settings.id, key: key, columns: settings.pseudonymize)
    }
}
