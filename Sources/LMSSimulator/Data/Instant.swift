/// A moment of the simulated school: microseconds since 1970 in UTC, or `none` where the platform says null.
///
/// A plain integer with a reserved value, because a school holds millions of them.
package struct Instant: Hashable, Comparable, Sendable {
    /// The value the platform writes as null.
    package static let none = Instant(microseconds: .min)
    static let day: Int64 = 86_400_000_000
    static let hour: Int64 = 3_600_000_000
    static let second: Int64 = 1_000_000

    /// Microseconds since 1970-01-01T00:00:00Z; `Int64.min` stands for null.
    package var microseconds: Int64

    /// Makes a moment from microseconds since 1970.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Makes a moment from whole seconds since 1970.
    package init(seconds: Int64) {
        self.microseconds = seconds * Self.second
    }

    var isNone: Bool { microseconds == .min }

    /// The moment as Unix seconds, for reports.
    package var seconds: Double { Double(microseconds) / 1_000_000 }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    func adding(microseconds: Int64) -> Instant {
        Instant(microseconds: self.microseconds + microseconds)
    }

    func adding(seconds: Int64) -> Instant {
        Instant(microseconds: microseconds + seconds * Self.second)
    }

    /// The next whole second, so that a `Date` header can name a moment after this one.
    var roundedUpToSecond: Instant {
        let remainder = microseconds % Self.second
        return remainder == 0 ? self : Instant(microseconds: microseconds - remainder + Self.second)
    }
}
