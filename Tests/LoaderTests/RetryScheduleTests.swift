import Postgres
import Testing

@testable import Loader

@Suite struct RetryScheduleTests {
    private func failure(_ url: String) async -> PostgresError? {
        do {
            let settings = try PostgresSettings(url: url)
            _ = try await PostgresConnection.connect(settings)
            return nil
        } catch { return error as? PostgresError }
    }

    @Test func aFirstConnectionIsGivenLessTimeThanALostOne() async throws {
        let error = try #require(await failure("postgresql:///x?host=/nonexistent-registrar"))
        var first = RetrySchedule(timing: RetryTiming())
        var later = RetrySchedule(timing: RetryTiming())
        _ = first.action(for: error, now: .zero, chance: 1, isFirst: true)
        _ = later.action(for: error, now: .zero, chance: 1, isFirst: false)
        #expect(first.action(for: error, now: .seconds(11), chance: 0, isFirst: true) == .fail)
        guard case .again(_, let reconnect) = later.action(for: error, now: .seconds(11), chance: 0, isFirst: false)
        else {
            Issue.record("a lost connection was given up after 11 s")
            return
        }
        #expect(reconnect)
        #expect(later.action(for: error, now: .seconds(121), chance: 0, isFirst: false) == .fail)
    }

    @Test func anOutageIsMeasuredFromItsOwnBeginning() async throws {
        let error = try #require(await failure("postgresql:///x?host=/nonexistent-registrar"))
        var schedule = RetrySchedule(timing: RetryTiming())
        _ = schedule.action(for: error, now: .zero, chance: 1, isFirst: false)
        schedule.noteConnected()
        #expect(schedule.action(for: error, now: .seconds(500), chance: 1, isFirst: false) != .fail)
    }
}
