/// A person with an account on the platform.
///
/// What each property means stands in `columns`.
package struct Learner: Record {
    package var learnerID: String
    package var username: String?
    package var email: String?
    package var firstName: String?
    package var lastName: String?
    package var externalID: String?
    package var role: String?
    package var roles: [String]?
    package var status: String?
    package var tags: [String]?
    package var organizationID: String?
    package var jobTitleID: String?
    package var createdAt: Timestamp?
    package var archivedAt: Timestamp?
    package var firstLoginAt: Timestamp?
    package var lastLoginAt: Timestamp?
    package var loginCount: Int32?
    package var customFields: JSONText?
    package var absentColumns: ColumnSet = []

    /// Makes a learner; what is not given is null.
    package init(
        learnerID: String,
        username: String? = nil,
        email: String? = nil,
        firstName: String? = nil,
        lastName: String? = nil,
        externalID: String? = nil,
        role: String? = nil,
        roles: [String]? = nil,
        status: String? = nil,
        tags: [String]? = nil,
        organizationID: String? = nil,
        jobTitleID: String? = nil,
        createdAt: Timestamp? = nil,
        archivedAt: Timestamp? = nil,
        firstLoginAt: Timestamp? = nil,
        lastLoginAt: Timestamp? = nil,
        loginCount: Int32? = nil,
        customFields: JSONText? = nil
    ) {
        self.learnerID = learnerID
        self.username = username
        self.email = email
        self.firstName = firstName
        self.lastName = lastName
        self.externalID = externalID
        self.role = role
        self.roles = roles
        self.status = status
        self.tags = tags
        self.organizationID = organizationID
        self.jobTitleID = jobTitleID
        self.createdAt = createdAt
        self.archivedAt = archivedAt
        self.firstLoginAt = firstLoginAt
        self.lastLoginAt = lastLoginAt
        self.loginCount = loginCount
        self.customFields = customFields
    }

    package static let table = Table(
        "learners",
        of: Self.self,
        """
        A person with an account on the platform; teachers and administrators too. OneRoster: user; CEDS: Person; \
        Caliper: Person; xAPI: actor; IMS LIS: person.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "learner_id",
            \.learnerID,
            """
            The platform's id of the account. OneRoster: user.sourcedId; CEDS: Person Identifier; xAPI: \
            actor.account.name.
            """
        ),
        RecordColumn(
            "username",
            \.username,
            "Sign-in or display name. OneRoster: user.username; CEDS: Username; xAPI: actor.name."
        ),
        RecordColumn(
            "email",
            \.email,
            """
            E-mail address, personal data; a keyed hash where pseudonymized. OneRoster: user.email; CEDS: Electronic \
            Mail Address; xAPI: actor.mbox.
            """
        ),
        RecordColumn(
            "first_name",
            \.firstName,
            """
            Given name, personal data; a keyed hash where pseudonymized. OneRoster: user.givenName; CEDS: First \
            Name.
            """
        ),
        RecordColumn(
            "last_name",
            \.lastName,
            """
            Family name, personal data; a keyed hash where pseudonymized. OneRoster: user.familyName; CEDS: Last or \
            Surname.
            """
        ),
        RecordColumn(
            "external_id",
            \.externalID,
            """
            School or SIS number. OneRoster: user.identifier or userMasterIdentifier; CEDS: Student Identifier; LTI: \
            lis.person_sourcedid.
            """
        ),
        RecordColumn(
            "role",
            \.role,
            """
            The role that counts most: learner, instructor or admin. MATRIX adds manager, assistant, monitor and \
            parent; Grow and LearnWorlds reporter, seat_manager and license_reporter; Blackboard its other institution \
            roles in lower case. OneRoster: user.roles; IMS LIS: institution role.
            """
        ),
        RecordColumn(
            "roles",
            \.roles,
            """
            All roles of the account, role first. Grow and LearnWorlds: the role and the name of a custom one; \
            Blackboard: institution roles in the platform's order. OneRoster: user.roles.
            """
        ),
        RecordColumn(
            "status",
            \.status,
            """
            active; suspended (Grow, LearnWorlds, Blackboard) or archived (Blackboard, MATRIX). OneRoster: \
            user.enabledUser and status.
            """
        ),
        RecordColumn("tags", \.tags, "Labels the school gave the account, in the platform's order. No standard term."),
        RecordColumn(
            "organization_id",
            \.organizationID,
            "The organization the person belongs to: lms.organizations.organization_id. OneRoster: user.primaryOrg."
        ),
        RecordColumn(
            "job_title_id",
            \.jobTitleID,
            "The platform's id of the person's job title. CEDS: Position Title."
        ),
        RecordColumn("created_at", \.createdAt, "When the account was made. Caliper: dateCreated."),
        RecordColumn(
            "archived_at",
            \.archivedAt,
            """
            When the account was archived; null while it is in use. OneRoster: dateLastModified of a user \
            tobedeleted.
            """
        ),
        RecordColumn(
            "first_login_at",
            \.firstLoginAt,
            "First sign-in known to the platform. Caliper: eventTime of the first SessionEvent LoggedIn."
        ),
        RecordColumn(
            "last_login_at",
            \.lastLoginAt,
            "Latest sign-in. Caliper: eventTime of the last SessionEvent LoggedIn."
        ),
        RecordColumn(
            "login_count",
            \.loginCount,
            "Number of sign-ins so far. No standard term; Caliper: count of SessionEvent LoggedIn."
        ),
        RecordColumn(
            "custom_fields",
            \.customFields,
            """
            Further fields as the platform names them, keys sorted: a JSON object. No standard term; OneRoster: \
            metadata (vendor extensions).
            """
        ),
    ]
}
