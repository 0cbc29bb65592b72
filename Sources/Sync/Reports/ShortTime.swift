package import Records

/// A moment in as few words as tell it.
package enum ShortTime {
    /// `15:09 UTC` of the same day as `now`, else `2026-11-29 15:09 UTC`.
    package static func text(_ time: Timestamp, now: Timestamp) -> String {
        let (then, today) = (time.iso8601, now.iso8601)
        let clock = "\(then.dropFirst(11).prefix(5)) UTC"
        return then.prefix(10) == today.prefix(10) ? clock : "\(then.prefix(10)) \(clock)"
    }
}
