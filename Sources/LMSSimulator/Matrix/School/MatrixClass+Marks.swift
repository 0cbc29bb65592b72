extension MatrixClass {
    /// The usual scale.
    static let letters = [
        Grade(grade: "A", minimum: 9000), Grade(grade: "B+", minimum: 8500), Grade(grade: "B", minimum: 7500),
        Grade(grade: "C", minimum: 6000), Grade(grade: "D", minimum: 5000), Grade(grade: "F", minimum: 0),
    ]

    /// The first step of the scale that a percentage reaches.
    func grade(for percent: Int) -> String? {
        percent < 0 ? nil : grademap.first { $0.minimum <= percent }?.grade
    }

    /// What a cell is worth: points as a percentage.
    func mark(of cell: MatrixCell) -> MatrixMark {
        let points = assignments[Int(cell.assignment)].points
        guard cell.score >= 0, points > 0 else { return MatrixMark() }
        let percent = Int(cell.score) * 10_000 / points
        return MatrixMark(percent: percent, grade: grade(for: percent))
    }

    /// A learner's mark over all assignments that count, or over those of one period, in tenths of a percent.
    func mark(of enrollment: MatrixEnrollment, period: Int? = nil) -> MatrixMark {
        var (score, points) = (0, 0)
        for cell in enrollment.cells where cell.score >= 0 {
            let assignment = assignments[Int(cell.assignment)]
            guard !assignment.isDeleted, assignment.grading.counts, period == nil || assignment.period == period else {
                continue
            }
            score += Int(cell.score)
            if assignment.grading == .normal { points += assignment.points }
        }
        guard points > 0 else { return MatrixMark() }
        let percent = score * 1000 / points * 10
        return MatrixMark(percent: percent, grade: grade(for: percent))
    }

    /// The assignments of a period as places in the class's list; every one where the class has no periods.
    func places(inPeriod period: Int) -> [Int] {
        assignments.indices.filter {
            !assignments[$0].isDeleted && (periods.isEmpty || assignments[$0].period == period)
        }
    }
}
