import Dispatch

/// Counts every call, token calls apart, and knows how close together they came in real time.
struct RequestLog: Sendable {
    /// Calls for data by route name.
    private(set) var routes: [String: Int] = [:]
    private(set) var total = 0
    private(set) var tokenCalls = 0
    /// Calls answered with anything else than 200 or 404, by status.
    private(set) var failures: [Int: Int] = [:]
    /// Arrivals of data calls in nanoseconds of the machine's uptime.
    private(set) var arrivals: [UInt64] = []
    /// Method, path and query of data calls, newest last, at most `recentLimit`.
    private(set) var recent: [String] = []
    /// How many request lines are kept; 0 keeps none.
    var recentLimit = 0
    private var windowStart = 0

    mutating func countToken() {
        tokenCalls += 1
    }

    mutating func count(route: StaticString, line: @autoclosure () -> String) {
        total += 1
        routes["\(route)", default: 0] += 1
        arrivals.append(DispatchTime.now().uptimeNanoseconds)
        guard recentLimit > 0 else { return }
        if recent.count >= recentLimit { recent.removeFirst(recent.count - recentLimit + 1) }
        recent.append(line())
    }

    mutating func countFailure(_ status: Int) {
        failures[status, default: 0] += 1
    }

    /// The calls in the last `seconds`, the one being answered included.
    mutating func callsInLast(seconds: Double) -> Int {
        guard let last = arrivals.last else { return 0 }
        let span = UInt64(seconds * 1_000_000_000)
        while windowStart < arrivals.count, arrivals[windowStart] + span < last { windowStart += 1 }
        return arrivals.count - windowStart
    }

    /// The most calls in any window of so many seconds.
    func busiest(seconds: Double) -> Int {
        let span = UInt64(seconds * 1_000_000_000)
        var low = 0
        var most = 0
        for high in arrivals.indices {
            while arrivals[low] + span <= arrivals[high] { low += 1 }
            most = max(most, high - low + 1)
        }
        return most
    }

    mutating func reset() {
        let limit = recentLimit
        self = RequestLog()
        recentLimit = limit
    }
}
