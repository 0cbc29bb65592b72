extension MatrixSite {
    /// Makes random changes, moves the clock along, and says what it did.
    ///
    /// Afterwards the clock stands at a whole second behind the last change.
    mutating func live(_ request: ChangeRequest) -> [ChangeRecord] {
        let kinds = request.kinds.isEmpty ? MatrixChanges.visible : request.kinds
        var random = RandomSource(seed: request.seed)
        var records: [ChangeRecord] = []
        for _ in 0..<max(request.count, 0) {
            clock.advance(seconds: max(request.secondsBetween, 0))
            // A kind may find nobody it could happen to; then another one gets its turn.
            for _ in 0..<20 {
                let kind = kinds[random.below(kinds.count)]
                var change = MatrixChange(school: school, random: random, moment: now, request: request)
                // The change works on the only copy, so that nothing is copied on write.
                school = MatrixSchool()
                let record = change.apply(kind)
                school = change.school
                random = change.random
                guard let record else { continue }
                records.append(record)
                break
            }
        }
        changesApplied += records.count
        clock.advance(to: now.roundedUpToSecond.adding(seconds: 2))
        return records
    }
}
