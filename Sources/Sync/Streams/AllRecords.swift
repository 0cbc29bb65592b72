import Records

/// Every record type there is a stream for.
enum AllRecords {
    static let types: [any Record.Type] = [
        Term.self, Organization.self, Course.self, CourseUnit.self, Assessment.self, Learner.self, Enrollment.self,
        Progress.self, UnitProgress.self, Certificate.self, Grade.self, AssessmentResponse.self, Event.self,
    ]

    /// The stream that rows of a table are counted under.
    static func stream(of table: Table) -> String {
        table.name == UnitProgress.table.name ? Progress.table.name : table.name
    }
}
