import JSON
import Records
import Transformer

/// How often and when somebody has logged in: a hint that their classes have changed.
struct MatrixLogin: Sendable, Equatable {
    var learner: String
    var count: Int64?
    /// To the minute.
    var lastAt: Timestamp?
}

extension MatrixMapping {
    private static let userShape = RecordShape(
        key: [.member("id")],
        ignored: UserMembers.dropped + UserMembers.ofEnrollment,
        rejectPayload: ["id", "student", "teacher", "archived", "joined_at"]
    )

    /// Reads the users of one page.
    ///
    /// - Returns: What each says of its logins.
    func learners(_ items: JSONValue, into batch: inout Batch<Learner>) -> [MatrixLogin] {
        var fields = MatrixLearnerFields(mapping: self)
        return items.elements.compactMap { learner($0, fields: &fields, into: &batch) }
    }

    /// Reads users embedded in another answer, by the same allow-list.
    ///
    /// A record that names nobody is not rejected here: the answer it stands in has rejected it already.
    func embeddedLearners(_ items: JSONValue) -> [Learner] {
        var fields = MatrixLearnerFields(mapping: self)
        var batch = Batch<Learner>(stream: "learners")
        for item in items.elements { _ = learner(item, fields: &fields, into: &batch) }
        return batch.records
    }

    /// Reads one embedded user.
    func embeddedLearner(_ item: JSONValue, fields: inout MatrixLearnerFields) -> Learner? {
        var batch = Batch<Learner>(stream: "learners")
        _ = learner(item, fields: &fields, into: &batch)
        return batch.records.first
    }

    private func learner(
        _ item: JSONValue,
        fields: inout MatrixLearnerFields,
        into batch: inout Batch<Learner>
    ) -> MatrixLogin? {
        let shape = Self.userShape
        guard var reader = batch.reader(of: item, shape: shape, context: context, firstOfDuplicates: true) else {
            return nil
        }
        var learner = Learner(learnerID: reader.integerKey("id"))
        learner.username = reader.htmlText("userid", emptyIsNull: true)
        learner.firstName = reader.htmlText("first_name", emptyIsNull: true)
        learner.lastName = reader.htmlText("last_name", emptyIsNull: true)
        learner.email = reader.text("email", emptyIsNull: true)
        learner.roles = roles(of: &reader)
        learner.role = learner.roles?.first
        // In users these are the school's own numbers of a person (Sources/Platforms/Matrix/README.md §8, trap 1).
        let student = reader.identifier("student_id")
        let teacher = reader.identifier("teacher_id")
        learner.externalID = student ?? teacher
        learner.organizationID = reader.integer("organization_id").map { String($0) }
        learner.jobTitleID = reader.integer("job_title_id").map { String($0) }
        learner.createdAt = time(&reader, "joined_at")
        learner.firstLoginAt = time(&reader, "first_login_at")
        learner.lastLoginAt = time(&reader, "last_login_at")
        learner.archivedAt = time(&reader, "archived_at")
        let logins = reader.integer("logins")
        learner.loginCount = logins.flatMap { Int32(exactly: $0) }
        let isArchived = reader.boolean("archived")
        learner.status = isArchived == true ? "archived" : "active"
        learner.absentColumns = absentColumns(of: learner, isArchived, &reader)
        let hidden = persons.hidden(of: learner)
        fields.hidden = hidden
        fields.keepsTeacherID = student != nil && teacher != nil
        learner.customFields = fields.read(&reader, drift: &batch.driftLog)
        persons.hide(hidden, in: &learner)
        let isReadable = reader.failure == nil
        let login = MatrixLogin(learner: learner.learnerID, count: logins, lastAt: learner.lastLoginAt)
        batch.append(learner, from: reader, shape: shape)
        return isReadable ? login : nil
    }

    private static let sources: [ColumnSource<Learner>] = [
        ColumnSource("username", \.username, "userid"), ColumnSource("first_name", \.firstName, "first_name"),
        ColumnSource("last_name", \.lastName, "last_name"), ColumnSource("email", \.email, "email"),
        ColumnSource("external_id", \.externalID, "student_id", "teacher_id"),
        ColumnSource("organization_id", \.organizationID, "organization_id"),
        ColumnSource("job_title_id", \.jobTitleID, "job_title_id"),
        ColumnSource("created_at", \.createdAt, "joined_at"),
        ColumnSource("archived_at", \.archivedAt, "archived_at"),
        ColumnSource("first_login_at", \.firstLoginAt, "first_login_at"),
        ColumnSource("last_login_at", \.lastLoginAt, "last_login_at"),
        ColumnSource("login_count", \.loginCount, "logins"),
    ]
    private static let (role, status) = (
        ColumnSet("role", "roles", of: Learner.table), ColumnSet("status", of: Learner.table)
    )

    private func absentColumns(of learner: Learner, _ isArchived: Bool?, _ reader: inout RecordReader) -> ColumnSet {
        var absent = reader.absentColumns(of: learner, from: Self.sources)
        // Somebody whose role is one that the site has switched off keeps it.
        if learner.roles == nil, Self.roles.contains(where: { !reader.has($0.0) }) { absent.formUnion(Self.role) }
        if isArchived == nil { absent.formUnion(reader.absent(Self.status, without: "archived")) }
        return absent
    }

    private static let roles: [(StaticString, String)] = [
        ("administrator", "admin"), ("manager", "manager"), ("teacher", "instructor"), ("assistant", "assistant"),
        ("monitor", "monitor"), ("student", "learner"), ("parent", "parent"),
    ]

    /// The roles that are true, in the order of Sources/Platforms/Matrix/README.md §3; `nil` where none is.
    private func roles(of reader: inout RecordReader) -> [String]? {
        let roles = Self.roles.filter { reader.boolean($0.0) == true }.map(\.1)
        return roles.isEmpty ? nil : roles
    }
}

/// The members of a user record that are known by name.
enum UserMembers {
    /// Read into columns.
    static let read: [StaticString] = [
        "id", "userid", "first_name", "last_name", "email", "administrator", "manager", "teacher", "assistant",
        "monitor", "student", "parent", "student_id", "teacher_id", "organization_id", "joined_at", "last_login_at",
        "logins", "archived", "first_login_at", "archived_at", "job_title_id",
    ]
    /// Who belongs to whose family and who enrolled whom: stored nowhere, and said to be in the drift.
    static let ofOthers: [StaticString] = ["parent_ids", "children_ids", "enrolled_by_id", "unenrolled_by_id"]
    /// Known and stored nowhere: what Sources/Platforms/Matrix/README.md §7 never stores or does not map.
    static let dropped: [StaticString] = [
        "password", "ssn", "access_code", "picture", "birthdate", "gender", "phone", "sms_email", "skype", "street_1",
        "street_2", "city", "state", "zip", "country", "nick_name", "year_of_graduation",
    ]
    /// Of a user who stands in a roster or a list of teachers.
    static let ofEnrollment: [StaticString] = [
        "enroll_type", "enrolled_at", "started_at", "last_visited_at", "time_spent", "completed_at", "unenrolled",
        "unenrolled_at", "deactivated", "deactivated_at", "reactivated_at", "percent", "grade", "notes", "coteacher",
    ]
    /// Kept among the custom fields where those are allowed.
    static let kept: Set<String> = ["year_of_graduation"]
    /// Kept among the custom fields only where the configuration names them.
    static let keptWhenNamed: Set<String> = [
        "gender", "phone", "sms_email", "skype", "street_1", "street_2", "city", "state", "zip", "country", "nick_name",
    ]
    /// All of them.
    static let standard = Set((read + dropped + ofEnrollment + ofOthers).map { "\($0)" })
    /// Those that the drift does not name.
    static let known = Set((read + dropped + ofEnrollment).map { "\($0)" })
}
