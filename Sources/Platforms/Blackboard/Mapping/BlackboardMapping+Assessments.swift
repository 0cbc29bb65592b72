import JSON
import Records
import Transformer

extension BlackboardMapping {
    private static let columnShape = RecordShape(
        key: [.member("id")],
        ignored: [
            "externalToolId", "description", "contentId", "formula", "includeInCalculations",
            "showStatisticsToStudents", "learningOutcome",
        ],
        rejectPayload: ["id", "created", "modified", "scoreProviderHandle"]
    )
    private static let scoreShape = RecordShape(key: [], path: "score.")
    private static let columnAvailabilityShape = RecordShape(key: [], path: "availability.")
    private static let gradingShape = RecordShape(
        key: [],
        ignored: ["attemptsAllowed", "scoringModel", "schemaId", "anonymousGrading", "rubricAssociations"],
        path: "grading."
    )

    /// Reads one page of a course's gradebook columns.
    ///
    /// - Parameter categories: Titles by category id.
    /// - Returns: The columns, for the reading of their grades.
    func columns(
        _ items: JSONValue,
        course: String,
        categories: [String: String],
        into batch: inout Batch<Assessment>
    ) -> [GradebookColumn] {
        items.elements.compactMap { column($0, course: course, categories: categories, into: &batch) }
    }

    /// Reads one column; `nil` where it cannot be stored.
    func column(
        _ item: JSONValue,
        course: String,
        categories: [String: String],
        into batch: inout Batch<Assessment>
    ) -> GradebookColumn? {
        let shape = Self.columnShape
        guard var reader = batch.reader(of: item, shape: shape, context: context, walk: course) else { return nil }
        let id = reader.key("id")
        let name = reader.htmlText("name")
        let displayName = reader.htmlText("displayName", emptyIsNull: true)
        let isTotal = reader.boolean("externalGrade") ?? false
        var column = GradebookColumn(id: id, assessmentID: isTotal ? Self.totalID(of: course) : id)
        column.createdAt = reader.timestampISO("created")
        column.modifiedAt = reader.timestampISO("modified")
        let (score, availability) = (reader.object("score"), reader.object("availability"))
        let grading = reader.object("grading")
        column.categoryID = reader.identifier("gradebookCategoryId")
        let externalID = reader.identifier("externalId")
        let handle = reader.text("scoreProviderHandle", emptyIsNull: true)
        var available: String?
        var type: String?
        inside(score, shape: Self.scoreShape, drift: &batch.driftLog) { column.pointsPossible = $0.numeric("possible") }
        inside(availability, shape: Self.columnAvailabilityShape, drift: &batch.driftLog) {
            available = $0.text("available")
        }
        inside(grading, shape: Self.gradingShape, drift: &batch.driftLog) { reader in
            type = reader.text("type")
            column.dueAt = reader.timestampISO("due", window: .planned)
        }
        let kind = type.flatMap(Self.columnKind)
        column.kind = kind
        let count = batch.records.count
        batch.append(
            Assessment(
                assessmentID: column.assessmentID,
                courseID: course,
                title: displayName ?? name,
                type: kind == .attempts || kind == nil ? handle.flatMap(Self.assessmentType) : nil,
                scope: isTotal ? "course" : "assessment",
                category: column.categoryID.flatMap { categories[$0] },
                categoryID: column.categoryID,
                pointsPossible: column.pointsPossible,
                grading: kind?.rawValue ?? type?.lowercased(),
                available: available.map { $0 == "Yes" },
                dueAt: column.dueAt,
                externalID: externalID,
                createdAt: column.createdAt,
                modifiedAt: column.modifiedAt
            ),
            from: reader,
            shape: shape,
            walk: course
        )
        return batch.records.count > count ? column : nil
    }

    private static let categoryShape = RecordShape(key: [.member("id")])

    /// Reads one page of a course's categories: titles by id.
    func categories(_ items: JSONValue, drift: inout DriftLog) -> [String: String] {
        var titles: [String: String] = [:]
        for item in items.elements {
            var reader = RecordReader(item, context: context)
            let id = reader.key("id")
            guard reader.failure == nil, let title = reader.htmlText("title", emptyIsNull: true) else { continue }
            titles[id] = title
            reader.note(in: &drift, shape: Self.categoryShape)
        }
        return titles
    }

    private static func columnKind(_ type: String) -> GradebookColumn.Kind? {
        switch type {
        case "Attempts", "Attempt": .attempts
        case "Calculated": .calculated
        case "Manual": .manual
        default: nil
        }
    }

    /// `resource/x-bb-asmt-test-link` is `asmt-test-link`.
    private static func assessmentType(_ handle: String) -> String? {
        let part = handle.split(separator: "/").last.map(String.init) ?? handle
        let type = part.hasPrefix("x-bb-") ? String(part.dropFirst(5)) : part
        return type.isEmpty ? nil : type
    }
}
