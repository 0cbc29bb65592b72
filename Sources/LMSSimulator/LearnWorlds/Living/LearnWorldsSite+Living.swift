extension LearnWorldsSite {
    /// Makes random changes, moves the clock along, and says what it did.
    ///
    /// Afterwards the clock stands at a whole second behind the last change, so that a window that ends at the `Date`
    /// header holds all of it.
    mutating func live(_ request: ChangeRequest) -> [ChangeRecord] {
        let kinds = request.kinds.isEmpty ? LearnWorldsChange.visible : request.kinds
        var random = RandomSource(seed: request.seed)
        var records: [ChangeRecord] = []
        for _ in 0..<max(request.count, 0) {
            clock.advance(seconds: max(request.secondsBetween, 0))
            // A kind may find nobody it could happen to; then another one gets its turn.
            for _ in 0..<20 {
                let kind = kinds[random.below(kinds.count)]
                // An odd microsecond each, so that times differ and have fractions.
                let moment = now.adding(microseconds: Int64(random.below(900_000)))
                var change = Change(school: school, random: random, moment: moment, request: request)
                // The change works on the only copy, so that nothing is copied on write.
                school = School()
                let record = change.apply(kind)
                school = change.school
                random = change.random
                guard let record else { continue }
                for event in change.events { write(event) }
                records.append(record)
                clock.advance(to: change.latest)
                break
            }
        }
        changesApplied += records.count
        clock.advance(to: now.roundedUpToSecond.adding(seconds: 2))
        return records
    }

    private mutating func write(_ event: Event) {
        for _ in 0..<(faults.twinEvents ? 2 : 1) {
            if faults.lateEventsSeconds > 0 {
                let visible = event.createdAt.adding(microseconds: Int64(faults.lateEventsSeconds * 1_000_000))
                school.lateEvents.append((event, visible))
            } else {
                school.insert(event)
            }
        }
    }
}
