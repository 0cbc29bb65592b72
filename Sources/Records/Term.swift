/// A term, school year or other teaching period.
///
/// What each property means stands in `columns`.
package struct Term: Record {
    package var termID: String
    package var title: String?
    package var type: String?
    package var startsAt: Timestamp?
    package var endsAt: Timestamp?
    package var parentTermID: String?
    package var status: String?

    /// Makes a term; what is not given is null.
    package init(
        termID: String,
        title: String? = nil,
        type: String? = nil,
        startsAt: Timestamp? = nil,
        endsAt: Timestamp? = nil,
        parentTermID: String? = nil,
        status: String? = nil
    ) {
        self.termID = termID
        self.title = title
        self.type = type
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.parentTermID = parentTermID
        self.status = status
    }

    package static let table = Table(
        "terms",
        of: Self.self,
        "A teaching period. OneRoster: academicSession; CEDS: Session; IMS LIS: section group term."
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn("term_id", \.termID, "The platform's id of the term. OneRoster: academicSession.sourcedId."),
        RecordColumn(
            "title",
            \.title,
            "Name of the term, HTML entities decoded. OneRoster: academicSession.title; CEDS: Session Designator."
        ),
        RecordColumn(
            "type",
            \.type,
            """
            How the platform gives its dates, in Blackboard's word: Continuous, DateRange or FixedNumDays. CEDS: \
            Session Type; OneRoster: academicSession.type, which means something else.
            """
        ),
        RecordColumn(
            "starts_at",
            \.startsAt,
            "First instant of the term. OneRoster: academicSession.startDate; CEDS: Session Begin Date."
        ),
        RecordColumn(
            "ends_at",
            \.endsAt,
            "Last instant of the term. OneRoster: academicSession.endDate; CEDS: Session End Date."
        ),
        RecordColumn(
            "parent_term_id",
            \.parentTermID,
            """
            Reserved, no platform sends it: the term this one is part of, lms.terms.term_id. OneRoster: \
            academicSession.parent.
            """
        ),
        RecordColumn(
            "status",
            \.status,
            "active or unavailable; other values are the platform's own. OneRoster: academicSession.status."
        ),
    ]
}
