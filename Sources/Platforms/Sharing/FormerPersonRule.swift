/// What releases before the common rule of ``PersonColumns`` may have left in clear beside a pseudonymised number.
///
/// They compared tags, columns and custom fields of Grow and LearnWorlds with the names and addresses alone, kept
/// `studentId` of Blackboard, and did not compare numbers of MATRIX. Rows that no list brings again would stay so:
/// such a source has to be read again. Whatever else the common rule leaves out of the rows of Grow, LearnWorlds and
/// MATRIX, their lists of everybody, which are read at least once a day, put right; on Blackboard nothing else differs.
struct FormerPersonRule: Equatable {
    /// Columns of `lms.learners` that may spell the number.
    var emptied: [String]
    /// The custom fields that cannot hold it; `nil` where none may.
    var keptFields: [String]?

    /// - Returns: `nil` where the settings leave nothing in which the number could stand.
    init?(pseudonymize: [String], policy: CustomFieldsPolicy, kind: KindDescription) {
        let number = PersonColumns.externalID
        guard pseudonymize.contains(number.name) else { return nil }
        let hasTags = kind.data.filled.contains { $0.table == "learners" && $0.columns.contains("tags") }
        emptied = hasTags ? PersonColumns.names.filter { !pseudonymize.contains($0) } + ["tags"] : []
        let persons = PersonColumns(policy: policy, pseudonymizer: nil)
        if policy == .none {
            keptFields = nil
        } else if let names = kind.customFields.names {
            let mayHold = names.filter { persons.keeps(field: $0) && number.isMeant(byField: $0) }
            keptFields = mayHold.isEmpty ? nil : names.filter { !mayHold.contains($0) }
        } else {
            keptFields = []
        }
        if emptied.isEmpty, keptFields == nil { return nil }
    }
}
