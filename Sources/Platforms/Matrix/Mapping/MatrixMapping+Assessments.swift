import JSON
import Records
import Transformer

extension MatrixMapping {
    private static let assignmentShape = RecordShape(
        key: [.member("id")],
        ignored: [
            "instructions", "description", "picture", "url", "grading_period", "class_id", "rubric", "creator_id",
            "created_at", "updated_at", "competencies",
        ],
        rejectPayload: ["id", "type", "grading", "given"]
    )

    private static let assignmentSources: [ColumnSource<Assessment>] = [
        ColumnSource("title", \.title, "name"), ColumnSource("type", \.type, "type"),
        ColumnSource("category", \.category, "category"), ColumnSource("points_possible", \.pointsPossible, "points"),
        ColumnSource("weight", \.weight, "weight"), ColumnSource("grading", \.grading, "grading"),
        ColumnSource("opens_at", \.opensAt, "begin"), ColumnSource("due_at", \.dueAt, "end"),
        ColumnSource("unit_id", \.unitID, "lesson"),
        // The threshold is only there where the assignment is a gateway.
        ColumnSource("pass_percent", \.passPercent, "gateway", "gateway_threshold"),
    ]

    /// Reads the assignments of a class, in the class's order.
    func assignments(_ items: JSONValue, course: String, into batch: inout Batch<Assessment>) {
        let shape = Self.assignmentShape
        var position: Int32 = 0
        for item in items.elements {
            position += 1
            guard
                var reader = batch.reader(
                    of: item,
                    shape: shape,
                    context: context,
                    walk: course
                )
            else { continue }
            var assessment = Assessment(assessmentID: reader.integerKey("id"), courseID: course, scope: "assessment")
            assessment.title = reader.htmlText("name")
            assessment.type = reader.text("type")
            assessment.category = category(of: reader.value("category"))
            assessment.pointsPossible = reader.lenientNumber("points").number
            assessment.weight = reader.lenientNumber("weight").number
            assessment.grading = Self.grading(reader.text("grading"))
            // Self-paced classes leave it out: everything in them is there from the start.
            assessment.available = reader.has("given") ? reader.boolean("given") : true
            assessment.opensAt = time(&reader, "begin", window: .planned)
            assessment.dueAt = time(&reader, "end", window: .planned)
            let isGateway = reader.boolean("gateway")
            let threshold = reader.lenientNumber("gateway_threshold").number
            assessment.passPercent = isGateway == false ? nil : threshold
            assessment.unitID = reader.integer("lesson").map { String($0) }
            assessment.position = position
            assessment.absentColumns = reader.absentColumns(of: assessment, from: Self.assignmentSources)
            batch.append(assessment, from: reader, shape: shape, walk: course)
        }
    }

    private func category(of value: JSONValue?) -> String? {
        guard let value else { return nil }
        guard let text = value.string ?? value["name"]?.string, !text.isEmpty, !context.screen.condemns(text) else {
            return nil
        }
        return HTMLEntities.decoded(text)
    }

    private static func grading(_ word: String?) -> String? {
        switch word {
        case "Normal": "normal"
        case "Extra credit": "extra_credit"
        case "Ignore": "ignored"
        case "Not graded": "not_graded"
        default: word
        }
    }
}
