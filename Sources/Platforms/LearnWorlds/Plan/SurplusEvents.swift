import Records

/// Takes back entries of the log that a moving page had brought twice, once a closed window shows how many there are.
struct SurplusEvents<Run: RunContext> {
    let run: Run

    /// Marks what the warehouse has beside the entries that the walk over a stretch has shown.
    func drop(from walk: StretchWalk) async throws {
        guard run.isSelected("events"), walk.isComplete, let first = walk.shown.first, let last = walk.shown.last else {
            return
        }
        let stored = try await run.facts.numberedEvents(from: first, to: last)
        let surplus = walk.shown.surplus(among: Set(stored).union(walk.former))
        guard !surplus.isEmpty else { return }
        await run.apply([
            .gone(GoneRows(Event.table, columns: ["event_id"], keys: surplus.map { [$0] }, isGuarded: false))
        ])
    }
}
