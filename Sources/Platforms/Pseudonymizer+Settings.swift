import Extractor
import Transformer

extension Pseudonymizer {
    /// The pseudonymiser a source is configured with; `nil` where nothing is to be replaced.
    init?(configured settings: SourceSettings) {
        guard !settings.pseudonymize.isEmpty else { return nil }
        var key = settings.pseudonymKey?.reveal { Array($0.utf8) } ?? []
        // The configuration refuses a short key. If one came here all the same, no name may be stored in clear.
        while key.count < Pseudonymizer.minimumKeyLength { key.append(0) }
        self.init(sourceID: settings.id, key: key, columns: settings.pseudonymize)
    }
}
