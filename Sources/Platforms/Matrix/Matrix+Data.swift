import Records

extension Matrix {
    /// What MATRIX brings: Sources/Platforms/Matrix/README.md §3.
    static let data = DataDeclaration(
        filled: [
            .init("organizations", "name description internal"),
            .init(
                "courses",
                "title code description status category parent_course_id starts_at ends_at custom_fields"
            ),
            .init(
                "assessments",
                """
                course_id title type scope category points_possible pass_percent weight grading available opens_at \
                due_at position unit_id
                """
            ),
            .init(
                "learners",
                """
                username email first_name last_name external_id role roles status organization_id job_title_id \
                created_at archived_at first_login_at last_login_at login_count custom_fields
                """
            ),
            .init(
                "enrollments",
                "role status method enrolled_at started_at last_accessed_at suspended_at ended_at"
            ),
            .init(
                "progress",
                """
                status progress_rate average_score_rate time_on_course_seconds started_at last_accessed_at completed_at \
                final_letter
                """
            ),
            .init("certificates", "course_id template_id title type issued_at expires_at score status"),
            .init(
                "grades",
                "score points_possible percent letter status exempt overridden submitted_at"
            ),
            .init("events", "activity learner_id payload"),
        ],
        conditions: [
            .init("lms.events", "`streams` names `events`: the login sessions"),
            .init(
                "learners.custom_fields",
                "`learners.custom_fields` is `all` or names fields: sites keep national ids there, so it is `none`"
            ),
            .init("assessments.pass_percent", "the assignment is a gateway"),
            .init("progress.average_score_rate progress.final_letter", "the course is completed; both are frozen then"),
        ],
        reasons: [
            .init(
                "lms.course_units lms.unit_progress lms.assessment_responses lms.terms",
                "the API has no list of them; naming one of these streams ends with 78"
            ),
            .init("courses.created_at courses.modified_at", "nothing tells when a class was made or changed"),
            .init("grades.graded_at grades.overridden_at", "nothing tells when a grade was given"),
            .init(
                "progress.completed_units progress.total_units",
                "a class is completed or not; lessons are not counted"
            ),
        ],
        dropped: [
            .init(
                "notes comment",
                "what teachers write about and to one person: free text, no figure, and often about health or family"
            ),
            .init(
                "enrolled_by_id unenrolled_by_id grader_id",
                "who clicked is not the learner's data, and would turn the tables into a record of staff"
            ),
            .init(
                "parent_ids children_ids",
                "family links tie a child's results to other persons' accounts; the drift names them"
            ),
            .init(
                "class_times",
                "no column: the times come as text such as `16:0`; kept as they came in `courses.custom_fields`"
            ),
            .init(
                "password ssn access_code picture certificate_file_url ip_address birthdate",
                "never stored, whatever is configured"
            ),
            .init(
                "gender phone sms_email skype street_1 street_2 city state zip country nick_name",
                "contact: kept in `custom_fields` where `learners.custom_fields` names them"
            ),
        ],
        goesWithEnrollments: [Progress.table]
    )
}
