import Records

/// Marks what was proved to be gone.
///
/// A class in the trash can come back: its record then counts as changed, and everything of it is read again.
struct MatrixDeletions<Run: RunContext> {
    let run: Run

    func learners(_ ids: [String]) async { await mark(GoneRows(Learner.table, "learner_id", ids)) }

    func courses(_ ids: [String]) async { await mark(GoneRows(Course.table, "course_id", ids)) }

    func organizations(_ ids: [String]) async { await mark(GoneRows(Organization.table, "organization_id", ids)) }

    /// Pairs of class and learner.
    func enrollments(_ pairs: [[String]]) async {
        await mark(GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: pairs))
    }

    func assessments(_ ids: [String]) async { await mark(GoneRows(Assessment.table, "assessment_id", ids)) }

    /// Grading periods that their class's record names no longer.
    func periods(_ ids: [String]) async {
        await mark(GoneRows(Assessment.table, "assessment_id", ids, isGuarded: false))
    }

    /// Awards, by learner and certificate.
    func certificates(_ keys: [[String]]) async {
        await mark(GoneRows(Certificate.table, columns: ["learner_id", "certificate_id"], keys: keys))
    }

    private func mark(_ rows: GoneRows) async {
        guard !rows.keys.isEmpty else { return }
        await run.apply([.gone(rows)])
    }
}
