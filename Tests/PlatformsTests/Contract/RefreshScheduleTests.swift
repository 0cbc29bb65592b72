import Records
import Testing

@testable import Platforms

@Suite("Parts are read again by their age")
struct RefreshScheduleTests {
    private static let start = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)

    private func at(_ hours: Double) -> Timestamp { Self.start.advanced(by: .seconds(hours * 3_600)) }

    /// 240 parts, read one after the other in the day before the start.
    private var parts: [String: Timestamp?] {
        Dictionary(uniqueKeysWithValues: (0..<240).map { ("p\($0)", .some(at(-24 + Double($0) / 10))) })
    }

    @Test("a share in proportion to the time that passed, the oldest first; fractions add up")
    func shares() {
        let state = ConnectorState()
        func take(_ hours: Double) -> [String] {
            RefreshSchedule(state: state, now: at(hours)).takeShare(of: "x", parts, within: .seconds(240 * 3_600))
        }
        #expect(take(0).isEmpty, "nothing is past its bound, and no time has passed")
        #expect(take(3) == ["p0", "p1", "p2"])
        #expect(take(3.5).isEmpty)
        #expect(take(4) == ["p0"], "two halves are one")
        #expect(take(4).isEmpty)
    }

    @Test("all that is past its bound, however little time has passed")
    func bounds() {
        let schedule = RefreshSchedule(state: ConnectorState(), now: at(0))
        var times = parts
        times["never"] = .some(nil)
        #expect(schedule.takeShare(of: "x", times, within: .seconds(23.75 * 3_600)).prefix(3) == ["never", "p0", "p1"])
    }

    @Test("lists have shares of their own")
    func lists() {
        let state = ConnectorState()
        let before = RefreshSchedule(state: state, now: at(0))
        _ = before.takeShare(of: "x", parts, within: .seconds(240 * 3_600))
        let schedule = RefreshSchedule(state: state, now: at(2))
        #expect(schedule.takeShare(of: "y", parts, within: .seconds(240 * 3_600)).isEmpty)
        #expect(schedule.takeShare(of: "x", parts, within: .seconds(240 * 3_600)).count == 2)
    }

    @Test("what an older release has kept counts until a share was taken, and no longer")
    func former() {
        let state = ConnectorState()
        let former = RefreshSchedule.Share(since: at(-5), carry: 500_000)
        func take(_ hours: Double) -> Int {
            RefreshSchedule(state: state, now: at(hours))
                .takeShare(of: "x", parts, within: .seconds(240 * 3_600), former: former).count
        }
        #expect(take(-0.5) == 5, "four and a half hours, and a half that was left")
        #expect(take(0.5) == 1)
    }

    @Test("a sweep counts as a share; a clock that went back takes none")
    func sweeps() {
        let state = ConnectorState()
        _ = RefreshSchedule(state: state, now: at(0)).takeShare(of: "x", parts, within: .seconds(240 * 3_600))
        RefreshSchedule(state: state, now: at(10)).noteShare(of: "x")
        #expect(RefreshSchedule(state: state, now: at(12)).takeShare(of: "x", parts, within: .seconds(240 * 3_600)).count == 2)
        #expect(RefreshSchedule(state: state, now: at(11)).takeShare(of: "x", parts, within: .seconds(240 * 3_600)).isEmpty)
        #expect(RefreshSchedule(state: state, now: at(12)).takeShare(of: "x", parts, within: .seconds(240 * 3_600)).isEmpty)
    }

    @Test("a sweep reads what is as old as its age, the oldest first")
    func age() {
        let schedule = RefreshSchedule(state: ConnectorState(), now: at(0))
        var times: [String: Timestamp?] = ["b": at(-2), "a": at(-2), "new": at(-1), "old": at(-9)]
        times.updateValue(nil, forKey: "never")
        #expect(schedule.parts(olderThan: .seconds(7_200), times) == ["never", "old", "a", "b"])
        #expect(schedule.parts(olderThan: .zero, times).count == 5)
    }

    @Test("the stored form is that of the releases before")
    func stored() {
        #expect(RefreshSchedule.Share("1751328000000000 250000") == .init(since: Self.start, carry: 250_000))
        #expect(RefreshSchedule.Share(since: Self.start, carry: 250_000).text == "1751328000000000 250000")
        #expect(RefreshSchedule.Share("") == nil && RefreshSchedule.Share("12") == nil && RefreshSchedule.Share("a b") == nil)
    }
}
