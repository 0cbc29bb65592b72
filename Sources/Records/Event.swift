/// One line of the activity log.
///
/// What each property means stands in `columns`.
package struct Event: Record {
    package var eventID: String
    package var occurredAt: Timestamp
    package var activity: String?
    package var learnerID: String?
    package var courseID: String?
    package var unitID: String?
    package var description: String?
    package var payload: JSONText?

    /// Makes an event; what is not given is null.
    package init(
        eventID: String,
        occurredAt: Timestamp,
        activity: String? = nil,
        learnerID: String? = nil,
        courseID: String? = nil,
        unitID: String? = nil,
        description: String? = nil,
        payload: JSONText? = nil
    ) {
        self.eventID = eventID
        self.occurredAt = occurredAt
        self.activity = activity
        self.learnerID = learnerID
        self.courseID = courseID
        self.unitID = unitID
        self.description = description
        self.payload = payload
    }

    package static let table = Table(
        "events",
        of: Self.self,
        """
        One line of the platform's activity log, kept for good; one partition a month (UTC) of occurred_at. Caliper: \
        Event; xAPI: statement.
        """,
        monthlyPartitionColumn: "occurred_at"
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "event_id",
            \.eventID,
            """
            The platform's id; a stable hash of what happened, to whom and when where it has none. Caliper: \
            Event.id; xAPI: statement id.
            """
        ),
        RecordColumn("occurred_at", \.occurredAt, "When it happened. Caliper: eventTime; xAPI: timestamp."),
        RecordColumn("activity", \.activity, "What happened, in the platform's own word. Caliper: action; xAPI: verb."),
        RecordColumn(
            "learner_id",
            \.learnerID,
            """
            Who did it or whom it befell: lms.learners.learner_id; null where the platform does not say. Caliper: \
            actor; xAPI: actor.
            """
        ),
        RecordColumn(
            "course_id",
            \.courseID,
            "The course it names: lms.courses.course_id. Caliper: group; xAPI: context.contextActivities.grouping."
        ),
        RecordColumn(
            "unit_id",
            \.unitID,
            """
            Reserved, no platform sends it: the unit it names, lms.course_units.unit_id. Caliper: object; xAPI: \
            object.id.
            """
        ),
        RecordColumn(
            "description",
            \.description,
            "The platform's sentence about it; left out where names are pseudonymized. xAPI: verb.display."
        ),
        RecordColumn(
            "payload",
            \.payload,
            """
            What else the platform says of it, without addresses and devices: a JSON object. Caliper: extensions; \
            xAPI: context.extensions.
            """
        ),
    ]
}
