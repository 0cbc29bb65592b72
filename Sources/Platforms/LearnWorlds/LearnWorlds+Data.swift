extension LearnWorlds {
    /// What Grow and LearnWorlds bring: Sources/Platforms/LearnWorlds/README.md §3.
    static let data = DataDeclaration(
        filled: [
            .init("courses", "title code description status category created_at modified_at custom_fields"),
            .init(
                "course_units",
                "section_id section_title section_position title type position assessment_id access"
            ),
            .init("assessments", "course_id title type scope category grading position unit_id"),
            .init(
                "learners",
                """
                username email first_name last_name external_id role roles status tags created_at last_login_at \
                custom_fields
                """
            ),
            .init("enrollments", "role status enrolled_at expires_at"),
            .init(
                "progress",
                """
                status progress_rate average_score_rate time_on_course_seconds completed_units total_units completed_at
                """
            ),
            .init(
                "unit_progress",
                "section_id unit_title unit_type status progress_rate score_rate time_on_unit_seconds"
            ),
            .init("certificates", "course_id title type issued_at expires_at score status"),
            .init("grades", "percent status submitted_at graded_at"),
            .init("assessment_responses", "assessment_id course_id submitted_at score percent passed answers"),
            .init("events", "activity learner_id course_id description payload"),
        ],
        conditions: [
            .init("learners.external_id", "`options.external_id_field` names the field that holds it"),
            .init(
                "learners.custom_fields",
                "what `learners.custom_fields` allows: by default all of the school's own fields"
            ),
            .init("events.description", "no name or address is pseudonymized: the sentence may spell it"),
        ],
        reasons: [
            .init("grades.score grades.points_possible", "the API knows percentages only"),
            .init(
                "assessments.points_possible assessments.weight assessments.available assessments.due_at",
                "not in the contents of a course"
            ),
            .init("enrollments.ended_at", "an enrollment that ends vanishes, and the row gets `deleted_at`"),
            .init("certificates.template_id", "an award does not name its design"),
        ],
        dropped: [
            .init(
                "billing_info nps_score nps_comment form short_url external_url",
                "billing data, opinions, a professional tax number, and links that open without a password"
            ),
            .init(
                "utms referrer_id phone address birthday",
                "contact and attribution: kept in `custom_fields` where `learners.custom_fields` names them"
            ),
            .init("agent ip_address", "address and device of an event"),
            .init("email", "in grades, certificates and responses: the learner's row has it"),
            .init(
                "feedback generalFeedback",
                "what a teacher writes to one person; part of `answers` where an answer holds it and nothing is pseudonymized"
            ),
        ]
    )
}
