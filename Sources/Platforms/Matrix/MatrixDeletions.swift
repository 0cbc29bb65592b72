import Records

/// Marks what was proved to be gone, and what cannot be there without it: where the one is refused, the other stays.
///
/// A class in the trash can come back: its record then counts as changed, and everything of it is read again.
struct MatrixDeletions<Run: RunContext> {
    let run: Run

    func learners(_ ids: [String]) async {
        let keys = ids.map { [$0] }
        await mark(Learner.table, ["learner_id"], keys)
        await mark(Enrollment.table, ["learner_id"], keys, ["status": "ended"], following: Learner.table)
        for table in [Progress.table, Certificate.table, Grade.table] {
            await mark(table, ["learner_id"], keys, following: Learner.table)
        }
    }

    func courses(_ ids: [String]) async {
        let keys = ids.map { [$0] }
        await mark(Course.table, ["course_id"], keys)
        await mark(Enrollment.table, ["course_id"], keys, ["status": "ended"], following: Course.table)
        for table in [Progress.table, Certificate.table, Assessment.table, Grade.table] {
            await mark(table, ["course_id"], keys, following: Course.table)
        }
    }

    func organizations(_ ids: [String]) async {
        await mark(Organization.table, ["organization_id"], ids.map { [$0] })
    }

    /// Pairs of class and learner.
    func enrollments(_ pairs: [[String]]) async {
        let columns = ["course_id", "learner_id"]
        await mark(Enrollment.table, columns, pairs, ["status": "ended"])
        await mark(Progress.table, columns, pairs, following: Enrollment.table)
    }

    /// Assessments, with the grades given in them.
    func assessments(_ ids: [String]) async {
        let keys = ids.map { [$0] }
        await mark(Assessment.table, ["assessment_id"], keys)
        await mark(Grade.table, ["assessment_id"], keys, following: Assessment.table)
    }

    /// Grading periods that their class's record names no longer, with the grades given in them.
    func periods(_ ids: [String]) async {
        for table in [Assessment.table, Grade.table] {
            await mark(table, ["assessment_id"], ids.map { [$0] }, isGuarded: false)
        }
    }

    /// Awards, by learner and certificate.
    func certificates(_ keys: [[String]]) async {
        await mark(Certificate.table, ["learner_id", "certificate_id"], keys)
    }

    private func mark(
        _ table: Table,
        _ columns: [String],
        _ keys: [[String]],
        _ setting: [String: String] = [:],
        isGuarded: Bool = true,
        following parent: Table? = nil
    ) async {
        guard !keys.isEmpty else { return }
        let rows = GoneRows(
            table,
            columns: columns,
            keys: keys,
            setting: setting,
            isGuarded: isGuarded,
            following: parent
        )
        await run.apply([.gone(rows)])
    }
}
