import Records
import Testing

@Suite struct TableTests {
    /// The columns as the users of a warehouse were promised them, word for word: key first, then the further columns.
    static let contract: [(table: String, key: String, further: String)] = [
        ("terms", "term_id", "title, type, starts_at, ends_at, parent_term_id, status"),
        ("organizations", "organization_id", "name, description, internal boolean"),
        (
            "courses", "course_id",
            """
            title, code, description, status, category, term_id, parent_course_id, url, starts_at, ends_at, created_at, \
            modified_at, custom_fields jsonb
            """
        ),
        (
            "course_units", "course_id, unit_id",
            "section_id, section_title, section_position int, title, type, position int, assessment_id, access"
        ),
        (
            "assessments", "assessment_id",
            """
            course_id, title, type, scope, category, category_id, points_possible, pass_percent, weight, grading, \
            available boolean, opens_at, due_at, position int, external_id, unit_id, created_at, modified_at
            """
        ),
        (
            "learners", "learner_id",
            """
            username, email, first_name, last_name, external_id, role, roles text[], status, tags text[], organization_id, \
            job_title_id, created_at, archived_at, first_login_at, last_login_at, login_count int, custom_fields jsonb
            """
        ),
        (
            "enrollments", "course_id, learner_id",
            """
            role, status, method, enrolled_at, expires_at, started_at, last_accessed_at, suspended_at, ended_at, \
            parent_course_id
            """
        ),
        (
            "progress", "course_id, learner_id",
            """
            status, progress_rate, average_score_rate, time_on_course_seconds, completed_units int, total_units int, \
            started_at, last_accessed_at, completed_at, final_letter, parent_course_id
            """
        ),
        (
            "unit_progress", "course_id, learner_id, unit_id",
            "section_id, unit_title, unit_type, status, progress_rate, score_rate, time_on_unit_seconds, completed_at"
        ),
        (
            "certificates", "learner_id, certificate_id",
            "course_id, template_id, title, type, issued_at, expires_at, score text, status"
        ),
        (
            "grades", "course_id, learner_id, assessment_id",
            """
            score, points_possible, percent, letter, status, exempt boolean, overridden boolean, overridden_at, \
            submitted_at, graded_at, change_index bigint, parent_course_id
            """
        ),
        (
            "assessment_responses", "learner_id, response_id",
            "assessment_id, course_id, submitted_at, score, percent, passed boolean, answers jsonb"
        ),
        (
            "events", "event_id, occurred_at",
            "activity, learner_id, course_id, unit_id, description, payload jsonb"
        ),
    ]

    /// What the contract leaves unsaid: times, durations and figures have the type of their kind, the rest is text.
    private static func type(of declaration: Substring) -> String {
        let words = declaration.split(separator: " ")
        if words.count == 2 { return words[1] == "int" ? "integer" : String(words[1]) }
        let name = declaration
        if name.hasSuffix("_at") { return "timestamptz" }
        if name.hasSuffix("_seconds") { return "bigint" }
        let figures = ["points_possible", "pass_percent", "weight", "score", "percent"]
        return name.hasSuffix("_rate") || figures.contains(String(name)) ? "numeric" : "text"
    }

    @Test("tables and columns are those of the contract, in its order", arguments: contract)
    func columns(table name: String, key: String, further: String) throws {
        let table = try #require(Table.named(name))
        let declarations = "\(key), \(further)".split(separator: ", ")
        #expect(table.columns.map(\.name) == declarations.map { String($0.prefix { $0 != " " }) })
        #expect(table.columns.map(\.type.sql) == declarations.map(Self.type(of:)))
        #expect(table.key == key.split(separator: ", ").map(String.init))
        #expect(table.columns.prefix(table.key.count).allSatisfy { $0.isRequired })
    }

    @Test("the registry holds every table once, parents first")
    func registry() {
        #expect(Table.all.map(\.name) == Self.contract.map(\.table))
    }

    @Test("only what the merge needs to know differs between tables")
    func flags() {
        #expect(Table.all.filter(\.isVersioned).map(\.name) == ["assessments", "grades"])
        #expect(Table.all.filter(\.hasInsertOnlyRows).map(\.name) == ["assessments"])
        #expect(Table.all.filter { !$0.supersededBy.isEmpty }.map(\.name) == ["grades"])
        #expect(Table.all.filter { $0.monthlyPartitionColumn != nil }.map(\.name) == ["events"])
        #expect(
            Grade.table.stagingColumns.suffix(4).map(\.name) == ["_version_1", "_version_2", "_tiebreak", "_ordinal"]
        )
        #expect(Course.table.stagingColumns.last?.name == "_ordinal")
    }

    @Test("every column says what it means and what the standards call it", arguments: Table.all)
    func comments(table: Table) {
        let standards = [
            "OneRoster", "CEDS", "Caliper", "xAPI", "IMS LIS", "LTI", "Open Badges", "CLR", "QTI", "SCORM",
        ]
        let others = ["Common Cartridge", "No standard term"]
        for column in table.columns + [Column(table.name, .text, table.comment)] {
            #expect((standards + others).contains { column.comment.contains($0) }, "\(table.name).\(column.name)")
        }
    }

    @Test("comments are valid SQL literals")
    func commentStatements() {
        let statements = DataDictionary.commentStatements
        #expect(statements.count == Table.all.reduce(0) { $0 + $1.warehouseColumns.count + 1 })
        for statement in statements {
            #expect(statement.filter { $0 == "'" }.count.isMultiple(of: 2), "\(statement)")
        }
        #expect(statements.contains { $0.contains("'The person: lms.learners.learner_id; '''' where") })
    }

    @Test("the dictionary names every table and column")
    func dictionary() {
        let page = DataDictionary.markdown { column, _ in column.isRequired ? "all" : "some" }
        for table in Table.all {
            #expect(page.contains("## \(table.qualifiedName)\n"))
            for column in table.warehouseColumns { #expect(page.contains("| `\(column.name)`")) }
        }
    }
}
