import Records

/// A cell that a list of grades holds, whatever is in it.
struct SeenCell: ReadNote {
    let key: BlackboardMapping.Cell
    static var lifetime: ReadNoteLifetime { .reading }
}

/// A cell in which the platform has something, asked for by itself.
struct FilledCell: ReadNote {
    let key: BlackboardMapping.Cell
    static var lifetime: ReadNoteLifetime { .reading }
}

/// The newest change of a column, as the platform names it.
struct NewestChange: ReadNote {
    /// The column's assessment.
    let key: String
    /// `nil` where nothing has ever changed in the column.
    let index: Int64?
}

extension BlackboardMapping.Cell {
    init(_ grade: Grade) { self.init(assessment: grade.assessmentID, learner: grade.learnerID) }
}
