/// What a run will cost in calls for one stream.
package struct StreamPlan: Sendable, Equatable {
    package var name: String
    /// Calls for data; token calls apart.
    package var requests: Int
    /// Whether the platform has stated every total that the number comes from.
    package var isExact: Bool
    /// Of an estimate: what it rests on.
    package var reason: String?

    package init(name: String, requests: Int, isExact: Bool, reason: String? = nil) {
        self.name = name
        self.requests = requests
        self.isExact = isExact
        self.reason = reason
    }
}

extension [StreamPlan] {
    /// What two runs of one source cost together: a stream that both read has one plan.
    package func merged(with others: [StreamPlan]) -> [StreamPlan] {
        others.reduce(into: self) { plans, other in
            guard let index = plans.firstIndex(where: { $0.name == other.name }) else { return plans.append(other) }
            plans[index].requests += other.requests
            plans[index].isExact = plans[index].isExact && other.isExact
            plans[index].reason = plans[index].reason ?? other.reason
        }
    }
}

/// Adds up what a run will cost, stream by stream.
package struct Forecast: Sendable {
    private struct Entry {
        var calls = 0.0
        var isExact = true
        var reasons: [String] = []
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// Adds calls that are known.
    package mutating func add(_ calls: Int, to stream: String) {
        entries[stream, default: Entry()].calls += Double(calls)
    }

    /// Adds calls that are an estimate.
    ///
    /// - Parameter reason: What it rests on; said once, however often it is given.
    package mutating func add(about calls: Double, to stream: String, _ reason: String) {
        entries[stream, default: Entry()].calls += max(calls, 0)
        entries[stream]?.isExact = false
        if entries[stream]?.reasons.contains(reason) == false { entries[stream]?.reasons.append(reason) }
    }

    /// Adds calls that are known where `isExact`, and an estimate otherwise.
    package mutating func add(_ calls: Double, to stream: String, isExact: Bool, _ reason: String) {
        if isExact { add(Int(calls.rounded()), to: stream) } else { add(about: calls, to: stream, reason) }
    }

    /// The plan of each of the streams, in their order, and of the others that cost something because these need them.
    ///
    /// A named stream that costs nothing has a plan too.
    package func plans(of streams: [String]) -> [StreamPlan] {
        let needed = entries.filter { $0.value.calls > 0 && !streams.contains($0.key) }.keys.sorted()
        return (streams + needed).map { name in
            let entry = entries[name] ?? Entry()
            return StreamPlan(
                name: name,
                requests: Int(entry.calls.rounded()),
                isExact: entry.isExact,
                reason: entry.reasons.isEmpty ? nil : entry.reasons.joined(separator: "; ")
            )
        }
    }
}
