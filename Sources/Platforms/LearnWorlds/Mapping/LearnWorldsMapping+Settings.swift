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
            pseudonymizer: Pseudonymizer(configured: settings),
            secrets: secrets.map { $0.reveal { $0 } },
            awaited: settings.awaited,
            dates: .zone(settings.timeZone),
            now: now
        )
    }
}
