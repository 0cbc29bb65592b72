/// How many requests a run will make, as far as is known.
struct RequestForecast: Equatable {
    /// What a plan made before the run has named; `nil` where none was made.
    var planned: Int?
    /// What the run itself knows of by now: only ever more.
    var known = 0

    /// The run knows of so many requests by now.
    mutating func expect(_ requests: Int) { known = max(known, requests) }

    /// What the whole run will come to.
    enum Total: Equatable {
        /// A plan was made: it will be about that.
        case about(Int)
        /// Nothing was planned: it will be that, or more.
        case atLeast(Int)
        case unknown
    }

    /// - Parameter made: Requests made so far.
    func total(made: Int) -> Total {
        if let planned, planned > 0 { return .about(max(planned, known, made)) }
        return known > made ? .atLeast(known) : .unknown
    }
}
