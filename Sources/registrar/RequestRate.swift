/// Requests a second, of late: a pause an hour ago must not tell of now.
struct RequestRate: Equatable {
    private struct Mark: Equatable {
        var time: Double
        var made: Int
    }

    /// How many seconds count.
    private static let window = 30.0
    private var marks: [Mark] = []

    /// Notes that `made` requests were made by `time`, in seconds on a clock that never goes back.
    mutating func note(_ made: Int, at time: Double) {
        if let last = marks.last, time - last.time < 1 { return }
        marks.append(Mark(time: time, made: made))
        // The oldest that is kept lies just outside the window.
        while marks.count > 2, time - marks[1].time >= Self.window { marks.removeFirst() }
    }

    /// The rate at `time`; `nil` before anything can be said.
    func perSecond(_ made: Int, at time: Double) -> Double? {
        guard let first = marks.first, time - first.time >= 0.5, made > first.made else { return nil }
        return Double(made - first.made) / (time - first.time)
    }
}
