/// Calls that were made and that the warehouse does not know of yet.
package struct RequestNews: Sendable, Equatable {
    /// Name under which token calls stand among the streams.
    package static let tokens = "token"

    /// All calls of the run so far, by stream, token calls under ``tokens``; empty where no run makes them.
    package var totals: [String: Int]
    /// Calls since the last time, by the beginning of the tenth of an hour (µs since 1970) in which they were made.
    package var spent: [Int64: Int]

    package init(totals: [String: Int] = [:], spent: [Int64: Int] = [:]) {
        (self.totals, self.spent) = (totals, spent)
    }
}
