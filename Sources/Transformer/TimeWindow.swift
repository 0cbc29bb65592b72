package import Records

/// The instants a time field may name; anything outside is in other units or nonsense.
package struct TimeWindow: Hashable, Sendable {
    /// First instant inside.
    package var earliest: Timestamp
    /// Last instant inside.
    package var latest: Timestamp

    /// Makes a window of its own.
    package init(earliest: Timestamp, latest: Timestamp) {
        self.earliest = earliest
        self.latest = latest
    }

    /// 1990 to two years after `now`: for everything that has happened or is about to.
    package static func recorded(asOf now: Timestamp) -> TimeWindow {
        TimeWindow(earliest: start1990, latest: Timestamp(microsecondsSinceEpoch: now.microseconds + twoYears))
    }

    /// 1990 to the end of 9999: for expiries, which some schools set for ever.
    package static let planned = TimeWindow(earliest: start1990, latest: end9999)

    /// Whether the instant lies inside.
    package func contains(_ time: Timestamp) -> Bool {
        time >= earliest && time <= latest
    }

    private static let start1990 = Timestamp(microsecondsSinceEpoch: 631_152_000_000_000)
    private static let end9999 = Timestamp(microsecondsSinceEpoch: 253_402_300_799_999_999)
    private static let twoYears: Int64 = 731 * 86_400 * 1_000_000
}
