import Records

/// Decides which parts of a stream a run reads again for changes that no event tells: the rolling share of an increment,
/// or all that a sweep finds too old.
struct LearnWorldsSchedule<Run: RunContext> {
    let options: LearnWorldsOptions
    /// How old a verification may be to count in a sweep; `nil` in an increment.
    let sweepAge: Duration?
    let run: Run

    /// The parts to be read whole now, least recently read first.
    ///
    /// - Parameters:
    ///   - stream: Its watermarks say when each part was last read.
    ///   - isRead: Whether this run has read a part already: it is left out.
    ///   - parts: Those that are there, with when they were made: of what never was read, that counts.
    ///   - isActive: Whether a part changes often: it is read within `active_max_age`, others within `cold_max_age`.
    func due(
        _ stream: String,
        parts: [String: Timestamp?],
        isRead: (String) -> Bool,
        isActive: (String) -> Bool
    ) async throws -> [String] {
        let verified = try await run.facts.verifiedTimes(stream)
        var ages: [String: Timestamp?] = [:]
        for (part, made) in parts where !isRead(part) { ages[part] = .some((verified[part] ?? nil) ?? made) }
        let (active, cold) = ("\(stream)_active", "\(stream)_cold")
        if let sweepAge {
            let shares = RefreshSchedule(state: run.connectorState, now: run.serverNow)
            for list in [active, cold] { shares.noteShare(of: list) }
            return RefreshSchedule(state: run.connectorState, now: run.startedAt).parts(olderThan: sweepAge, ages)
        }
        // What fails again and again is asked for by the queue, less and less often.
        for part in try await run.facts.failedPartitions(stream) { ages[part] = nil }
        let changing = ages.filter { isActive($0.key) }
        let resting = ages.filter { changing[$0.key] == nil }
        let schedule = RefreshSchedule(state: run.connectorState, now: run.serverNow)
        return schedule.takeShare(of: active, changing, within: options.activeMaxAge)
            + schedule.takeShare(of: cold, resting, within: options.coldMaxAge)
    }
}
