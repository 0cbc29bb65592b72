import Records

extension Timestamp {
    /// Midnight UTC of the same day.
    var startOfDay: Timestamp {
        let day: Int64 = 86_400_000_000
        return Timestamp(microsecondsSinceEpoch: microseconds - ((microseconds % day) + day) % day)
    }
}
