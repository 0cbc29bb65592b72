import Records

extension Blackboard {
    /// What Blackboard Learn brings: Sources/Platforms/Blackboard/README.md §3.
    static let data = DataDeclaration(
        filled: [
            .init("terms", "title type starts_at ends_at status"),
            .init(
                "courses",
                """
                title code description status category term_id parent_course_id url starts_at ends_at created_at \
                modified_at custom_fields
                """
            ),
            .init(
                "assessments",
                """
                course_id title type scope category category_id points_possible grading available due_at external_id \
                created_at modified_at
                """
            ),
            .init(
                "learners",
                "username email first_name last_name external_id role roles status created_at last_login_at custom_fields"
            ),
            .init("enrollments", "role status enrolled_at last_accessed_at parent_course_id"),
            .init(
                "progress",
                "status progress_rate completed_units total_units last_accessed_at parent_course_id"
            ),
            .init(
                "grades",
                """
                score points_possible percent letter status exempt overridden overridden_at submitted_at graded_at \
                change_index parent_course_id
                """
            ),
            .init("assessment_responses", "assessment_id course_id submitted_at score percent"),
        ],
        conditions: [
            .init("lms.assessment_responses", "`streams` names `assessment_responses`"),
            .init("grades.submitted_at", "`streams` names `assessment_responses`: the attempts say it"),
        ],
        reasons: [
            .init(
                "lms.certificates lms.unit_progress lms.events lms.organizations lms.course_units",
                "the public API has none of them; naming one of these streams ends with 78"
            ),
            .init(
                """
                progress.completed_at progress.started_at progress.time_on_course_seconds progress.average_score_rate \
                progress.final_letter
                """,
                """
                the review status only counts items: those marked as reviewed in Original courses, those with tracked \
                progress in Ultra ones, and the two do not compare; a course's total is a grade
                """
            ),
            .init("assessments.weight", "weights hide in formula text"),
            .init("assessment_responses.passed assessment_responses.answers", "attempts do not say"),
        ],
        dropped: [
            .init(
                "notes feedback studentComments studentSubmission",
                """
                what a teacher and a learner write to each other: free text about a person, no figure, and often with \
                names; some releases send it although it was not asked for, and it is left out when the answer is read
                """
            ),
            .init(
                "birthDate gender pronouns pronunciation avatar address homePhone mobilePhone businessPhone businessFax",
                "not asked for, and dropped where a release sends it"
            ),
            .init("accessCode guestAccessUrl ipAddress", "they open a course, or tell where somebody sits"),
            .init(
                "score text status",
                "of a grade beside `displayGrade`: what was set by hand, and what the vendor calls unreliable"
            ),
        ],
        goesWithEnrollments: [Grade.table, Progress.table, AssessmentResponse.table]
    )

    /// What `learners.custom_fields` can hold.
    static let customFieldNames = [
        "uuid", "dataSourceId", "studentId", "institutionRoleIds", "job.title", "job.department", "job.company",
    ]
}
