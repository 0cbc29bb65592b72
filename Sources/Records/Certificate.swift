/// A certificate or award that a learner was given.
///
/// What each property means stands in `columns`.
package struct Certificate: Record {
    package var learnerID: String
    package var certificateID: String
    package var courseID: String?
    package var templateID: String?
    package var title: String?
    package var type: String?
    package var issuedAt: Timestamp?
    package var expiresAt: Timestamp?
    package var score: String?
    package var status: String?

    /// Makes a certificate; what is not given is null.
    package init(
        learnerID: String,
        certificateID: String,
        courseID: String? = nil,
        templateID: String? = nil,
        title: String? = nil,
        type: String? = nil,
        issuedAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        score: String? = nil,
        status: String? = nil
    ) {
        self.learnerID = learnerID
        self.certificateID = certificateID
        self.courseID = courseID
        self.templateID = templateID
        self.title = title
        self.type = type
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.score = score
        self.status = status
    }

    package static let table = Table(
        "certificates",
        of: Self.self,
        """
        A certificate or award that a learner was given. Open Badges: Assertion / AchievementCredential; CLR: \
        achievement assertion; CEDS: Credential Award.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn("learner_id", \.learnerID, "The person: lms.learners.learner_id. Open Badges: credentialSubject."),
        RecordColumn(
            "certificate_id",
            \.certificateID,
            """
            The platform's id of the award; a stable hash of learner, course and certificate where it has none. Open \
            Badges: Assertion.id.
            """
        ),
        RecordColumn(
            "course_id",
            \.courseID,
            "The course it was given for: lms.courses.course_id. CLR: association of the achievement."
        ),
        RecordColumn(
            "template_id",
            \.templateID,
            "The platform's id of the certificate's design, by which awards of one kind group. Open Badges: achievement.id."
        ),
        RecordColumn(
            "title",
            \.title,
            "Title of the certificate, HTML entities decoded. Open Badges: achievement.name; CEDS: Credential Title."
        ),
        RecordColumn(
            "type",
            \.type,
            """
            Kind of certificate in the platform's own word: completion or certificate (Grow, LearnWorlds); always \
            certificate on MATRIX. Open Badges: achievementType; CEDS: Credential Type.
            """
        ),
        RecordColumn(
            "issued_at",
            \.issuedAt,
            """
            When it was given; moves when it is given again. Open Badges: issuanceDate (validFrom); CEDS: Credential \
            Award Start Date.
            """
        ),
        RecordColumn(
            "expires_at",
            \.expiresAt,
            """
            When it runs out; null for never. Open Badges: expirationDate (validUntil); CEDS: Credential Award End \
            Date.
            """
        ),
        RecordColumn(
            "score",
            \.score,
            "Result printed on it, as text, since platforms print words too. Open Badges: result.value."
        ),
        RecordColumn(
            "status",
            \.status,
            "issued, expired, or revoked (Grow, LearnWorlds). Open Badges: revoked, result.status."
        ),
    ]
}
