import Records

/// Decides which parts of a stream a run reads again for changes that no event tells: the rolling share of an increment,
/// or all that a sweep finds too old.
struct LearnWorldsRounds<Run: RunContext> {
    let options: LearnWorldsOptions
    let book: ReadBook
    /// How old a verification may be to count in a sweep; `nil` in an increment.
    let sweepAge: Duration?
    let run: Run

    /// The parts to be read whole now, least recently read first.
    ///
    /// - Parameters:
    ///   - stream: Its watermarks say when each part was last read.
    ///   - list: What this run has read already is left out.
    ///   - parts: Those that are there, with when they were made: of what never was read, that counts.
    ///   - isActive: Whether a part changes often: it is read within `active_max_age`, others within `cold_max_age`.
    func due(
        _ stream: String,
        _ list: ReadBook.List,
        parts: [String: Timestamp?],
        isActive: (String) -> Bool
    ) async throws -> [String] {
        let verified = try await run.facts.verifiedTimes(stream)
        var ages: [String: Timestamp?] = [:]
        for (part, made) in parts where !book.hasRead(list, part) {
            ages[part] = .some((verified[part] ?? nil) ?? made)
        }
        if let sweepAge {
            noteShare(of: stream)
            let boundary = run.startedAt.advanced(by: .zero - sweepAge)
            return ages.filter { $0.value.map { $0 <= boundary } ?? true }
                .sorted { ($0.value ?? .distantPast, $0.key) < ($1.value ?? .distantPast, $1.key) }.map(\.key)
        }
        // What fails again and again is asked for by the queue, less and less often.
        for part in try await run.facts.failedPartitions(stream) { ages[part] = nil }
        let active = ages.filter { isActive($0.key) }
        let cold = ages.filter { active[$0.key] == nil }
        return share(of: active, within: options.activeMaxAge, named: Self.name(stream, "active"))
            + share(of: cold, within: options.coldMaxAge, named: Self.name(stream, "cold"))
    }

    private func share(of ages: [String: Timestamp?], within bound: Duration, named name: String) -> [String] {
        let now = run.serverNow
        var state = ShareState(run.connectorState[name])
        var carry = state.carry
        let due = RollingRefresh.due(ages, bound: bound, now: now, since: state.since, carry: &carry)
        state = ShareState(since: max(now, state.since ?? now), carry: carry)
        run.connectorState[name] = state.text
        return due
    }

    /// A sweep counts as a share taken: the next increment has only the time since then to make up for.
    private func noteShare(of stream: String) {
        for pace in ["active", "cold"] {
            let name = Self.name(stream, pace)
            let state = ShareState(run.connectorState[name])
            run.connectorState[name] = ShareState(since: run.serverNow, carry: state.carry).text
        }
    }

    private static func name(_ stream: String, _ pace: String) -> String { "share_\(stream)_\(pace)" }
}

/// When the last share was taken, and the fraction of a part that it left.
private struct ShareState {
    var since: Timestamp?
    var carry: Int64

    init(since: Timestamp?, carry: Int64) {
        self.since = since
        self.carry = carry
    }

    init(_ text: String?) {
        let numbers = (text ?? "").split(separator: " ").compactMap { Int64($0) }
        since = numbers.count == 2 ? Timestamp(microsecondsSinceEpoch: numbers[0]) : nil
        carry = numbers.count == 2 ? numbers[1] : 0
    }

    var text: String { "\(since?.microseconds ?? 0) \(carry)" }
}

extension Timestamp {
    /// Before anything was read.
    fileprivate static var distantPast: Timestamp { Timestamp(microsecondsSinceEpoch: .min) }
}
