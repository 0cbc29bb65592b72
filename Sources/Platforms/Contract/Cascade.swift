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
        /// The table that has the columns, where it is another one.
        var through: Table?

        init(_ table: Table, _ columns: String..., unset: [String] = [], through: Table? = nil) {
            (self.table, self.columns, self.unset, self.through) = (table, columns, unset, through)
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
                through: member.through,
                isGuarded: false,
                isAlone: true,
                following: gone.isGuarded ? gone.table : nil
            )
        }
    }

    private static let parent = "parent_course_id"

    /// Whether the rows of a table may stand under a course that is merged into the one whose lists hold them.
    private func mayBeMerged(_ table: Table) -> Bool {
        table.columns.first { $0.name == Self.parent }.map { data.fills($0, of: table) } ?? false
    }

    private func ownRows(_ table: Table) -> [Member] {
        guard mayBeMerged(table) else { return [Member(table, "course_id")] }
        return [Member(table, "course_id", unset: [Self.parent]), Member(table, Self.parent)]
    }

    /// Where courses are merged, a response stands under the member's course: its assessment says whose list holds it.
    private var ownResponses: Member {
        Member(AssessmentResponse.table, "course_id", through: mayBeMerged(Enrollment.table) ? Assessment.table : nil)
    }

    private func members(of table: Table, by columns: [String]) -> [Member] {
        switch (table.name, columns) {
        case (Learner.table.name, ["learner_id"]):
            return [
                Enrollment.table, Progress.table, UnitProgress.table, Certificate.table, Grade.table, AssessmentResponse.table,
            ].map { Member($0, "learner_id") }
        case (Course.table.name, ["course_id"]):
            // The lists of a course hold the rows of its merged courses too, and none of its parent's.
            let others = [CourseUnit.table, UnitProgress.table, Certificate.table, Assessment.table]
            return [Enrollment.table, Progress.table, Grade.table].flatMap(ownRows)
                + others.map { Member($0, "course_id") } + [ownResponses]
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
