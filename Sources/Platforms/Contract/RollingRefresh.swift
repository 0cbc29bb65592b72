package import Records

/// Chooses what to read again so that every partition is read within a bound, a few at a time and never all at once.
package enum RollingRefresh {
    /// The partitions that are due now, least recently read first.
    ///
    /// Of P partitions with the bound T a run Δt after the one before reads ⌊P·Δt/T⌋, and whatever is past its bound.
    ///
    /// - Parameters:
    ///   - readAt: When each partition was last read; `nil` for never.
    ///   - bound: The age that none may pass.
    ///   - since: When the last share was taken; without one only what is past its bound is due.
    ///   - carry: The fraction of a partition that earlier runs have left, kept from run to run in millionths.
    package static func due(
        _ readAt: [String: Timestamp?],
        bound: Duration,
        now: Timestamp,
        since: Timestamp?,
        carry: inout Int64
    ) -> [String] {
        let boundary = now.advanced(by: .zero - bound)
        let sorted = readAt.sorted { left, right in
            let (first, second) = (left.value?.microseconds ?? .min, right.value?.microseconds ?? .min)
            return first == second ? left.key < right.key : first < second
        }
        let late = sorted.prefix { $0.value.map { $0 <= boundary } ?? true }.count
        var share = 0
        if let since, now > since, bound > .zero {
            let (seconds, attoseconds) = bound.components
            let span = Double(seconds) + Double(attoseconds) / 1e18
            let passed = Double(now.microseconds - since.microseconds) / 1_000_000
            let millionths = Double(carry) + Double(sorted.count) * passed / span * 1_000_000
            share = min(sorted.count, Int(millionths / 1_000_000))
            carry = Int64(millionths.truncatingRemainder(dividingBy: 1_000_000))
        }
        return sorted.prefix(max(late, share)).map(\.key)
    }
}
