/// How Unix seconds are written.
package enum TimeForm: String, Codable, Sendable, CaseIterable {
    /// Up to six decimals, none where they are zero.
    case exact
    /// Whole seconds; the fraction is lost.
    case integer
    /// Up to six decimals, at least one.
    case float

    /// What is left of a moment once it has been written.
    func kept(_ moment: Instant) -> Instant {
        guard self == .integer, !moment.isNone else { return moment }
        let seconds = (Double(moment.microseconds) / 1_000_000).rounded(.down)
        return Instant(seconds: Int64(seconds))
    }
}
