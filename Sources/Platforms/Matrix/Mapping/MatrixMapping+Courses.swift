import JSON
import Records
import Transformer

/// What a class record says that other answers are read by.
struct MatrixClass: Sendable, Equatable {
    var id: String
    var isArchived: Bool
    /// The assessments that stand for its grading periods; `nil` where the record says nothing about any.
    var periodIDs: [String]?
}

extension MatrixMapping {
    private static let classShape = RecordShape(
        key: [.member("id")],
        ignored: ["picture", "access_code"],
        rejectPayload: ["id", "name", "style", "archived"]
    )
    private static let periodShape = RecordShape(key: [.member("name")], path: "grading_periods[].")

    private static let sources: [ColumnSource<Course>] = [
        ColumnSource("title", \.title, "name"), ColumnSource("description", \.description, "description"),
        ColumnSource("code", \.code, "course_code"),
        ColumnSource("category", \.category, "catalog_category", "categories"),
        ColumnSource("parent_course_id", \.parentCourseID, "parent"),
        ColumnSource("starts_at", \.startsAt, "start_at", "start"),
        ColumnSource("ends_at", \.endsAt, "finish_at", "finish"),
    ]
    private static let periodSources: [ColumnSource<Assessment>] = [ColumnSource("weight", \.weight, "percent")]
    private static let status = ColumnSet("status", of: Course.table)
    private static let title = ColumnSet("title", of: Course.table)
    private static let titleOfTotal = ColumnSet("title", of: Assessment.table)

    /// Members of a class that go into `custom_fields`, beside the school's own.
    private static let classFields: [StaticString] = [
        "style", "section_code", "semester", "credits", "language", "time_zone", "weighting_style",
        "display_in_catalog", "grademap", "grading_periods",
    ]

    /// The members of a class record that are known by name; what else there is are the school's own fields.
    static let classMembers: [StaticString] =
        [
            "id", "name", "description", "course_code", "archived", "template", "parent", "start", "start_at", "finish",
            "finish_at", "catalog_category", "categories", "weighting_using_categories", "weight_using_categories",
            "class_times",
        ] + classFields + classShape.ignored

    /// Reads classes: courses, and the assessments that stand for their totals and grading periods.
    func classes(
        _ items: JSONValue,
        courses: inout Batch<Course>,
        assessments: inout Batch<Assessment>
    ) -> [MatrixClass] {
        var filter = JSONFilter(screen: context.screen, links: .dropped, decodesEntities: true)
        var classes: [MatrixClass] = []
        for item in items.elements {
            if let read = readClass(item, filter: &filter, courses: &courses, assessments: &assessments) {
                classes.append(read)
            }
        }
        return classes
    }

    private func readClass(
        _ item: JSONValue,
        filter: inout JSONFilter,
        courses: inout Batch<Course>,
        assessments: inout Batch<Assessment>
    ) -> MatrixClass? {
        let shape = Self.classShape
        guard var reader = courses.reader(of: item, shape: shape, context: context, firstOfDuplicates: true) else {
            return nil
        }
        var course = Course(courseID: reader.integerKey("id"))
        course.title = reader.htmlText("name")
        course.description = reader.text("description")
        course.code = reader.text("course_code", emptyIsNull: true, acceptsNumber: true)
        let isArchived = reader.boolean("archived") ?? false
        let isTemplate = reader.boolean("template") ?? false
        course.status = isArchived ? "archived" : isTemplate ? "draft" : "active"
        course.category = category(of: &reader)
        course.parentCourseID = reader.integer("parent").map { String($0) }
        // Two spellings: both are read, so that neither looks unknown (Sources/Platforms/Matrix/README.md §8, trap 17).
        let (startAt, start) = (time(&reader, "start_at", window: .planned), time(&reader, "start", window: .planned))
        let (finishAt, finish) = (
            time(&reader, "finish_at", window: .planned), time(&reader, "finish", window: .planned)
        )
        course.startsAt = startAt ?? start
        course.endsAt = finishAt ?? finish
        let periods = reader.value("grading_periods").map { self.periods(of: $0, course: course.courseID) }
        course.absentColumns = reader.absentColumns(of: course, from: Self.sources)
            .union(reader.absent(Self.status, without: "archived"))
        course.customFields = customFields(of: &reader, filter: &filter, shape)
        let isReadable = reader.failure == nil
        courses.append(course, from: reader, shape: shape)
        guard isReadable else { return nil }
        var total = Assessment(
            assessmentID: Self.totalID(ofCourse: course.courseID),
            courseID: course.courseID,
            title: course.title,
            scope: "course",
            grading: "calculated"
        )
        if course.absentColumns.contains(Self.title) { total.absentColumns = Self.titleOfTotal }
        assessments.records.append(total)
        assessments.records += periods ?? []
        return MatrixClass(id: course.courseID, isArchived: isArchived, periodIDs: periods?.map(\.assessmentID))
    }

    /// `catalog_category`, else the first of `categories`.
    private func category(of reader: inout RecordReader) -> String? {
        let catalog = reader.value("catalog_category")
        let categories = reader.value("categories")
        func name(_ value: JSONValue?) -> String? {
            guard let value else { return nil }
            if let text = value.string {
                return text.isEmpty || context.screen.condemns(text) ? nil : HTMLEntities.decoded(text)
            }
            if value.kind == .object { return name(value["name"]) }
            for element in value.elements { if let found = name(element) { return found } }
            return nil
        }
        return name(catalog) ?? name(categories)
    }

    private func periods(of list: JSONValue, course: String) -> [Assessment] {
        var periods: [Assessment] = []
        var names: Set<String> = []
        for element in list.elements where element.kind == .object {
            var reader = RecordReader(element, context: context)
            guard let name = reader.htmlText("name", emptyIsNull: true), name.utf8.count <= 400,
                names.insert(name).inserted
            else { continue }
            var period = Assessment(
                assessmentID: Self.periodID(name, ofCourse: course),
                courseID: course,
                title: name,
                scope: "grading_period",
                weight: reader.lenientNumber("percent").number,
                grading: "calculated"
            )
            period.absentColumns = reader.absentColumns(of: period, from: Self.periodSources)
            periods.append(period)
        }
        return periods
    }

    private func customFields(
        of reader: inout RecordReader,
        filter: inout JSONFilter,
        _ shape: RecordShape
    ) -> JSONText? {
        var fields = JSONObjectBuilder()
        var names: Set<String> = []
        func add(_ name: StaticString, as stored: StaticString) {
            guard let value = reader.value(name), !value.isNull, names.insert("\(stored)").inserted else { return }
            fields.add(stored) { filter.write(value, into: &$0) }
        }
        for name in Self.classFields { add(name, as: name) }
        add("weighting_using_categories", as: "weighting_using_categories")
        add("weight_using_categories", as: "weighting_using_categories")
        if let times = reader.value("class_times"), !times.isNull {
            // A room is a location, and none of a person.
            var asItCame = JSONFilter(screen: context.screen, links: .dropped) { name in
                NeverStore.forbids(name) ? .never : .allowed
            }
            fields.add("class_times") { asItCame.write(times, into: &$0) }
        }
        for name in shape.ignored { reader.ignore(name) }
        // What is left are the school's own fields, a second one of a known name among them.
        reader.visitUnread { key, value in
            guard !value.isNull, names.insert(key.string).inserted else { return }
            filter.add(key.bytes, value, to: &fields)
        }
        return fields.isEmpty ? nil : fields.text
    }
}
