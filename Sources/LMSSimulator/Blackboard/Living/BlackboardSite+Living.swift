extension BlackboardSite {
    /// Makes random changes, moves the clock along, and says what it did.
    ///
    /// Afterwards the clock stands at a whole second behind the last change, so that a window that ends at the `Date`
    /// header holds all of it.
    mutating func live(_ request: ChangeRequest) -> [ChangeRecord] {
        let kinds = request.kinds.isEmpty ? BlackboardChanges.visible : request.kinds
        var random = RandomSource(seed: request.seed)
        var records: [ChangeRecord] = []
        for _ in 0..<max(request.count, 0) {
            clock.advance(seconds: max(request.secondsBetween, 0))
            // A kind may find nobody it could happen to; then another one gets its turn.
            for _ in 0..<20 {
                let kind = kinds[random.below(kinds.count)]
                let moment = now.adding(microseconds: Int64(random.below(900)) * 1000).inMilliseconds
                let ids = BlackboardIDs(site: self)
                var change = BlackboardChange(
                    school: school,
                    random: random,
                    moment: moment,
                    request: request,
                    clearMovesIndex: faults.clearMovesIndex
                )
                // The change works on the only copy, so that nothing is copied on write.
                school = BlackboardSchool()
                let outcome = change.apply(kind)
                school = change.school
                random = change.random
                guard let outcome else { continue }
                records.append(ids.record(outcome, kind, at: moment))
                clock.advance(to: moment)
                break
            }
        }
        changesApplied += records.count
        clock.advance(to: now.roundedUpToSecond.adding(seconds: 2))
        return records
    }
}

/// Turns what a change touched into ids, as they were when it happened.
struct BlackboardIDs {
    private let shift: Int

    init(site: BlackboardSite) {
        shift = site.faults.idShift
    }

    func record(_ outcome: BlackboardChange.Outcome, _ kind: ChangeKind, at moment: Instant) -> ChangeRecord {
        ChangeRecord(
            kind: kind,
            visible: outcome.isVisible,
            learnerId: outcome.user.map { BlackboardSite.id(BlackboardSite.firstUser + Int($0) + shift) },
            courseId: outcome.course.map { BlackboardSite.id(BlackboardSite.firstCourse + Int($0) + shift) },
            unitId: outcome.column.map { BlackboardSite.id(BlackboardSite.firstColumn + Int($0) + shift) },
            at: moment.seconds,
            silentColumns: outcome.silentColumns
        )
    }
}
