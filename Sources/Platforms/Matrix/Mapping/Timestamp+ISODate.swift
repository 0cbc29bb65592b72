import Records
import Transformer

extension Timestamp {
    /// Midnight UTC of a date `YYYY-MM-DD` that exists.
    init?(isoDate text: String) {
        guard case .local(let local, _) = ISOTime.read(text), local.isBareDate else { return nil }
        self = local.asUTC
    }
}
