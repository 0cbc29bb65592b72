import Records

/// A stretch of completion dates that one call asks for.
///
/// The filter takes dates whose zone and edges are unknown, so neighbours overlap; a call without any filter may answer
/// with more than a site can build (vendor's note), so at least one bound is always there.
struct CompletionWindow: Sendable, Hashable {
    /// Completions after this date; `nil` for the open past.
    var after: Timestamp?
    /// Completions before this date; `nil` for the open future.
    var before: Timestamp?

    /// Before anything a learning platform holds.
    static let dawn = Timestamp(microsecondsSinceEpoch: 631_152_000_000_000)

    /// The filter's arguments.
    var arguments: [(String, String)] {
        [("completed_after", after), ("completed_before", before)].compactMap { name, date in
            date.map { (name, $0.dateText) }
        }
    }

    /// A name that is the same whenever the same window is asked for.
    var name: String { "\(after?.dateText ?? "")..\(before?.dateText ?? "")" }

    /// The windows of a baseline: adjacent months merged while they hold at most `limit` completions.
    ///
    /// The first window is open to the past and the last one to the future. What the rosters do not show (a history
    /// dropped at unenrollment) lies in one of them all the same.
    ///
    /// - Parameter months: How many completions the rosters have in which month, oldest first.
    static func plan(_ months: [(month: Timestamp, rows: Int)], limit: Int, overlap: Duration) -> [CompletionWindow] {
        let months = months.filter { $0.rows > 0 }
        guard !months.isEmpty else { return [CompletionWindow(after: dawn)] }
        var starts: [Timestamp] = []
        var sum = 0
        for (month, rows) in months {
            if sum + rows > limit, sum > 0 {
                starts.append(month)
                sum = 0
            }
            sum += rows
        }
        // One window would be open on both sides.
        if starts.isEmpty { starts = [months[months.count / 2].month] }
        let half = overlap / 2
        let bounds: [Timestamp?] = [nil] + starts + [nil]
        return zip(bounds, bounds.dropFirst()).map { lower, upper in
            CompletionWindow(after: lower?.advanced(by: .zero - half), before: upper?.advanced(by: half))
        }
    }

    /// The window in two halves, each with the overlap; `nil` where it is too short to be cut.
    ///
    /// - Parameter now: Stands for the open end.
    func halves(now: Timestamp, overlap: Duration) -> [CompletionWindow]? {
        let (lower, upper) = (after ?? Self.dawn, before ?? now.advanced(by: .seconds(86_400)))
        let middle = Timestamp(microsecondsSinceEpoch: (lower.microseconds + upper.microseconds) / 2).startOfDay
        let half = overlap / 2
        let first = CompletionWindow(after: after, before: middle.advanced(by: half))
        let second = CompletionWindow(after: middle.advanced(by: .zero - half), before: before)
        let isShorter = middle.advanced(by: half) < upper && middle.advanced(by: .zero - half) > lower
        return isShorter ? [first, second] : nil
    }
}
