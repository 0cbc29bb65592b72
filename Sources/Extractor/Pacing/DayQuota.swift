/// How a host's daily quota stands: our own calls of the last 24 hours, and what the host itself says is left.
struct DayQuota: Sendable {
    private static let minute: Int64 = 60_000_000
    static let day: Int64 = 86_400_000_000

    /// Calls of the last 24 hours.
    private(set) var count = 0
    private var minutes: [(minute: Int64, count: Int)] = []
    /// What the newest answer said.
    private var reading: (limit: Int, remaining: Int)?
    /// The quota was found spent until then (µs since 1970).
    private var spent: Int64?
    /// Sources whose earlier calls were added.
    private var restored: Set<String> = []

    mutating func note(_ calls: Int, wall: Int64) {
        let minute = wall / Self.minute
        if let last = minutes.indices.last, minutes[last].minute >= minute {
            minutes[last].count += calls
        } else {
            minutes.append((minute, calls))
        }
        count += calls
    }

    mutating func takeBack() {
        guard count > 0, let last = minutes.indices.last else { return }
        count -= 1
        minutes[last].count -= 1
    }

    /// Drops what lies more than 24 hours back, a minute later rather than earlier.
    mutating func forget(before wall: Int64) {
        let oldest = (wall - Self.day) / Self.minute
        while let first = minutes.first, first.minute < oldest {
            count -= first.count
            minutes.removeFirst()
        }
    }

    /// Adds what an earlier process called, once for each name.
    mutating func restore(_ calls: [(atMicroseconds: Int64, count: Int)], for name: String) {
        guard restored.insert(name).inserted else { return }
        let sum = minutes.map { (atMicroseconds: $0.minute * Self.minute, count: $0.count) } + calls
        (minutes, count) = ([], 0)
        for call in sum.sorted(by: { $0.atMicroseconds < $1.atMicroseconds }) {
            note(call.count, wall: call.atMicroseconds)
        }
    }

    /// Notes what an answer said of the quota.
    mutating func note(limit: Int, remaining: Int) {
        reading = (limit, remaining)
    }

    /// Until when nothing more may be asked (µs since 1970), or `nil` while something may.
    ///
    /// A ceiling that was set holds by our own count. Beside it counts what the host says, which knows of others, or else
    /// what it is taken to allow. A quota is full again a day after its first call.
    mutating func spentUntil(_ limits: RateLimits, wall: Int64) -> Int64? {
        forget(before: wall)
        if let spent {
            if wall < spent { return spent }
            // What was read before says nothing of the new window.
            (self.spent, reading) = (nil, nil)
        }
        guard hasSpentCeiling(limits) || hasSpentQuota(limits) else { return nil }
        let until = (minutes.first.map { ($0.minute + 1) * Self.minute } ?? wall) + Self.day
        spent = until
        return until
    }

    private func hasSpentCeiling(_ limits: RateLimits) -> Bool {
        limits.perDay.map { count >= Self.usable($0, limits) } ?? false
    }

    private func hasSpentQuota(_ limits: RateLimits) -> Bool {
        if let reading {
            return reading.remaining <= 0 || Double(reading.remaining) < Double(reading.limit) * limits.dayReserve
        }
        return limits.assumedPerDay.map { count >= Self.usable($0, limits) } ?? false
    }

    /// How many calls may still be made so that the lowest quota, refilled evenly over the day, lasts.
    mutating func allowance(_ limits: RateLimits, wall: Int64) -> Int? {
        guard let perDay = usablePerDay(limits) else { return nil }
        forget(before: wall)
        let full = Double(perDay)
        let perMinute = full / 1_440
        var level = full
        var last = minutes.first?.minute ?? 0
        for entry in minutes {
            level = min(full, level + Double(entry.minute - last) * perMinute) - Double(entry.count)
            last = entry.minute
        }
        if !minutes.isEmpty { level = min(full, level + Double(wall / Self.minute - last) * perMinute) }
        if let reading {
            level = min(level, Double(reading.remaining) - Double(reading.limit) * limits.dayReserve)
        }
        return max(0, Int(level))
    }

    /// The calls of a whole day: of the ceiling that was set and of the host's own quota the lower one.
    func usablePerDay(_ limits: RateLimits) -> Int? {
        [limits.perDay, reading?.limit ?? limits.assumedPerDay].compactMap { $0 }.min().map { Self.usable($0, limits) }
    }

    private static func usable(_ perDay: Int, _ limits: RateLimits) -> Int {
        Int(Double(perDay) * (1 - limits.dayReserve))
    }
}

/// The calls one source made in the last 24 hours, by tenths of an hour, as text for the next process.
package struct DayCalls: Sendable, Equatable {
    private static let slot: Int64 = 360_000_000
    private var slots: [Int64: Int] = [:]

    package init() {}

    /// Takes calls with the moments they were made about.
    package init(_ calls: [(atMicroseconds: Int64, count: Int)]) {
        for call in calls where call.count > 0 { slots[call.atMicroseconds / Self.slot, default: 0] += call.count }
    }

    /// The moment that stands for all calls made about `wall` (µs since 1970).
    package static func moment(of wall: Int64) -> Int64 { wall / slot * slot }

    /// Adds what somebody else has counted.
    package mutating func add(_ other: DayCalls) { slots.merge(other.slots, uniquingKeysWith: +) }

    /// Reads what ``text`` wrote; anything else is no calls.
    package init(text: String) {
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: ":")
            guard parts.count == 2, let slot = Int64(parts[0]), let count = Int(parts[1]), count > 0 else { continue }
            slots[slot] = count
        }
    }

    /// Counts calls made about now, and forgets those of more than a day ago.
    package mutating func add(_ calls: Int, atMicroseconds wall: Int64) {
        if calls > 0 { slots[wall / Self.slot, default: 0] += calls }
        let oldest = (wall - DayQuota.day) / Self.slot
        slots = slots.filter { $0.key >= oldest }
    }

    /// One line to be read back.
    package var text: String {
        slots.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
    }

    /// The calls with their times.
    package var calls: [(atMicroseconds: Int64, count: Int)] {
        slots.map { ($0.key * Self.slot, $0.value) }
    }
}

/// The headers in which a platform says how its daily quota stands.
package struct QuotaHeaders: Sendable {
    /// The header with the calls of a day.
    package let limit: String
    /// The header with the calls that are left.
    package let remaining: String

    package init(limit: String, remaining: String) {
        (self.limit, self.remaining) = (limit, remaining)
    }

    /// What an answer says, where it says both.
    func read(_ headers: ResponseHeaders) -> (limit: Int, remaining: Int)? {
        guard let limit = headers[limit].flatMap({ Int($0.trimmingSpaces()) }), limit > 0,
            let remaining = headers[remaining].flatMap({ Int($0.trimmingSpaces()) })
        else { return nil }
        return (limit, remaining)
    }
}
