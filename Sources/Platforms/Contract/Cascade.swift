import Records

/// What goes with a row that is gone: one declaration, the same for an increment, a sweep and a comparison that repairs.
///
/// A run applies it to whatever a connector marks as gone (``StateChange/gone(_:)``); connectors say what is gone, and never
/// what goes with it.
package struct Cascade: Sendable {
    /// Rows of one table that go with a row of another.
    private struct Member {
        let table: Table
        /// The columns that name them, each beside the parent's column of the same place.
        let columns: [String]
        var unset: [String] = []

        init(_ table: Table, _ columns: String..., unset: [String] = []) {
            (self.table, self.columns, self.unset) = (table, columns, unset)
        }
    }

    /// The kind's tables; of others there are no rows.
    private let data: DataDeclaration

    package init(_ data: DataDeclaration) {
        self.data = data
    }

    /// The rows that go with others, each following the table that takes them along.
    package func rows(with gone: GoneRows) -> [GoneRows] {
        guard !gone.isAlone else { return [] }
        return members(of: gone.table, by: gone.columns).filter { data.fills($0.table) }.map { member in
            GoneRows(
                member.table,
                columns: member.columns,
                keys: gone.keys,
                unset: member.unset,
                isGuarded: false,
                isAlone: true,
                following: gone.isGuarded ? gone.table : nil
            )
        }
    }

    private func ownRows(_ table: Table) -> [Member] {
        let parent = "parent_course_id"
        guard let column = table.columns.first(where: { $0.name == parent }), data.fills(column, of: table) else {
            return [Member(table, "course_id")]
        }
        return [Member(table, "course_id", unset: [parent]), Member(table, parent)]
    }

    private func members(of table: Table, by columns: [String]) -> [Member] {
        switch (table.name, columns) {
        case (Learner.table.name, ["learner_id"]):
            return [
                Enrollment.table, Progress.table, UnitProgress.table, Certificate.table, Grade.table, AssessmentResponse.table,
            ].map { Member($0, "learner_id") }
        case (Course.table.name, ["course_id"]):
            // The lists of a course hold the rows of its merged courses too, and none of its parent's.
            let lists = [Enrollment.table, Progress.table, Grade.table]
            let others = [
                CourseUnit.table, UnitProgress.table, Certificate.table, Assessment.table, AssessmentResponse.table,
            ]
            return lists.flatMap(ownRows) + others.map { Member($0, "course_id") }
        case (Assessment.table.name, ["assessment_id"]):
            return [Grade.table, AssessmentResponse.table].map { Member($0, "assessment_id") }
        case (Enrollment.table.name, ["course_id", "learner_id"]):
            return data.goesWithEnrollments.map { Member($0, "course_id", "learner_id") }
        case (Progress.table.name, ["course_id", "learner_id"]):
            return [Member(UnitProgress.table, "course_id", "learner_id")]
        case (Progress.table.name, ["learner_id"]):
            return [Member(UnitProgress.table, "learner_id")]
        default:
            return []
        }
    }
}
