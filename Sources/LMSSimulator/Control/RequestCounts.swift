/// What was asked of a simulator since the last reset.
package struct RequestCounts: Codable, Sendable, Equatable {
    /// Calls for data, refused and failed ones included; token calls apart.
    package var total: Int
    /// Token calls.
    package var token: Int
    /// Calls for data by route.
    package var routes: [String: Int]
    /// Answers other than 200 and 404, by status.
    package var failures: [String: Int]
    /// The most calls in any window of real time, by its seconds.
    package var busiest: [String: Int]
    /// The last request lines, if they are kept.
    package var recent: [String]

    init(_ log: RequestLog) {
        total = log.total
        token = log.tokenCalls
        routes = log.routes
        failures = Dictionary(uniqueKeysWithValues: log.failures.map { ("\($0)", $1) })
        busiest = [
            "1": log.busiest(seconds: 1), "10": log.busiest(seconds: 10), "60": log.busiest(seconds: 60),
        ]
        recent = log.recent
    }
}
