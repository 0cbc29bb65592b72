import JSON
import Records
import Transformer

extension BlackboardMapping {
    private static let courseShape = RecordShape(
        key: [.member("id")],
        ignored: [
            "organization", "readOnly", "allowGuests", "allowObservers", "enrollment", "locale", "guestAccessUrl",
            "copyHistory",
        ],
        rejectPayload: ["id", "uuid", "courseId", "created", "modified"]
    )

    /// Members of a course that are kept as they are.
    private static let courseFields: [StaticString] = ["uuid", "externalId", "dataSourceId", "ultraStatus"]

    private static let termShape = RecordShape(
        key: [.member("id")],
        ignored: ["externalId", "dataSourceId", "description"],
        rejectPayload: ["id", "name"]
    )

    /// Reads the courses of one page; `terms` says when a course of a term is open.
    func courses(_ items: JSONValue, terms: TermBook, into batch: inout Batch<Course>) {
        var filter = JSONFilter(screen: context.screen)
        for item in items.elements { course(item, terms: terms, filter: &filter, into: &batch) }
    }

    /// Reads one course.
    func course(_ item: JSONValue, terms: TermBook, into batch: inout Batch<Course>) {
        var filter = JSONFilter(screen: context.screen)
        course(item, terms: terms, filter: &filter, into: &batch)
    }

    private func course(
        _ item: JSONValue,
        terms: TermBook,
        filter: inout JSONFilter,
        into batch: inout Batch<Course>
    ) {
        let shape = Self.courseShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return }
        var course = Course(courseID: reader.key("id"))
        var fields = JSONObjectBuilder()
        for name in Self.courseFields {
            guard let value = reader.value(name), !value.isNull else { continue }
            fields.add(name) { filter.write(value, into: &$0) }
        }
        // Some releases leave out what is false.
        let hasChildren = reader.boolean("hasChildren") ?? false
        fields.add("hasChildren") { output in
            output.append(contentsOf: (hasChildren ? "true" : "false").utf8)
            return true
        }
        course.customFields = fields.text
        course.code = reader.htmlText("courseId")
        course.title = reader.htmlText("name")
        course.description = reader.text("description")
        course.createdAt = reader.timestampISO("created")
        course.modifiedAt = reader.timestampISO("modified")
        let isClosed = reader.boolean("closedComplete") ?? false
        course.termID = reader.identifier("termId")
        let availability = BlackboardAvailability(
            reader.object("availability"),
            mapping: self,
            drift: &batch.driftLog
        )
        course.parentCourseID = reader.identifier("parentId")
        course.url = reader.text("externalAccessUrl", emptyIsNull: true)
        let term = course.termID.flatMap { terms[$0] }
        course.category = term?.title
        course.status = isClosed ? "archived" : Self.courseStatus(availability.available, term: term)
        switch availability.durationType {
        case "DateRange": (course.startsAt, course.endsAt) = (availability.start, availability.end)
        // Two spellings of the same thing.
        case "UseTerm", "Term": (course.startsAt, course.endsAt) = (term?.startsAt, term?.endsAt)
        default: break
        }
        batch.append(course, from: reader, shape: shape)
    }

    private static func courseStatus(_ available: String?, term: Term?) -> String? {
        switch available {
        case "Yes": "active"
        case "No": "unavailable"
        case "Disabled": "archived"
        case "Term": term?.status == "active" ? "active" : "unavailable"
        default: available?.lowercased()
        }
    }

    /// Reads the terms of one page.
    func terms(_ items: JSONValue, into batch: inout Batch<Term>) {
        for item in items.elements { term(item, into: &batch) }
    }

    /// Reads one term.
    func term(_ item: JSONValue, into batch: inout Batch<Term>) {
        let shape = Self.termShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return }
        let id = reader.key("id")
        let name = reader.htmlText("name")
        let availability = BlackboardAvailability(
            reader.object("availability"),
            mapping: self,
            drift: &batch.driftLog
        )
        let status =
            switch availability.available {
            case "Yes": "active"
            case "No": "unavailable"
            default: availability.available?.lowercased()
            }
        batch.append(
            Term(
                termID: id,
                title: name,
                type: availability.durationType,
                startsAt: availability.start,
                endsAt: availability.end,
                status: status
            ),
            from: reader,
            shape: shape
        )
    }
}
