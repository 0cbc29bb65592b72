import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let contentsShape = RecordShape(
        key: [],
        ignored: ["id", "title", "description", "identifiers", "success"],
        rejectPayload: ["id"]
    )
    private static let sectionShape = RecordShape(
        key: [],
        ignored: ["description", "drip"],
        rejectPayload: ["id", "access"],
        path: "sections[]."
    )
    private static let unitShape = RecordShape(
        key: [.member("id")],
        ignored: ["icon", "subtitle"],
        rejectPayload: ["id", "type", "title"],
        path: "sections[].learningUnits[]."
    )

    /// Reads the contents of a course: every unit, and each assessment among them.
    ///
    /// A unit that cannot be read is rejected alone; where the frame around the units is damaged, the whole answer is
    /// one reject, since nobody can say which units it holds.
    func contents(
        _ root: JSONValue,
        course: String,
        units: inout Batch<CourseUnit>,
        assessments: inout Batch<Assessment>
    ) {
        let shape = Self.contentsShape
        guard !hasDamagedFrame(root) else {
            let cause = RejectCause(faultsOf: root) ?? .notAnObject
            units.reject(root, shape: shape, context: context, walk: course, cause: cause)
            return
        }
        var reader = RecordReader(root, context: context)
        var position: Int32 = 0
        var sectionPosition: Int32 = 0
        reader.forEach(in: "sections") { section in
            sectionPosition += 1
            guard section.kind == .object else {
                units.reject(section, shape: Self.sectionShape, context: context, walk: course, cause: .notAnObject)
                return
            }
            readSection(
                section,
                in: CourseUnit(courseID: course, unitID: "", sectionPosition: sectionPosition),
                position: &position,
                units: &units,
                assessments: &assessments
            )
        }
        reader.note(in: &units.driftLog, shape: shape)
    }

    private func readSection(
        _ section: JSONValue,
        in frame: CourseUnit,
        position: inout Int32,
        units: inout Batch<CourseUnit>,
        assessments: inout Batch<Assessment>
    ) {
        var frame = frame
        var reader = RecordReader(section, context: context)
        frame.sectionID = reader.identifier("id")
        frame.sectionTitle = reader.htmlText("title")
        frame.access = reader.text("access")
        var placeInSection = 0
        reader.forEach(in: "learningUnits") { item in
            placeInSection += 1
            position += 1
            readUnit(item, place: placeInSection, position: position, in: frame, units: &units, &assessments)
        }
        reader.note(in: &units.driftLog, shape: Self.sectionShape)
    }

    private func readUnit(
        _ item: JSONValue,
        place: Int,
        position: Int32,
        in frame: CourseUnit,
        units: inout Batch<CourseUnit>,
        _ assessments: inout Batch<Assessment>
    ) {
        let shape = Self.unitShape
        guard var reader = units.reader(of: item, shape: shape, context: context, walk: frame.courseID) else { return }
        var unit = frame
        unit.position = position
        unit.type = reader.text("type")
        if reader.value("id")?.isNull ?? true {
            unit.unitID = Self.unitID(
                section: frame.sectionID,
                sectionPosition: Int(frame.sectionPosition ?? 0),
                unitPosition: place
            )
        } else {
            unit.unitID = reader.key("id")
        }
        unit.title = reader.htmlText("title")
        if let type = unit.type, assessmentUnitTypes.contains(type) {
            unit.assessmentID = unit.unitID
        }
        let isReadable = reader.failure == nil
        units.append(unit, from: reader, shape: shape, walk: frame.courseID)
        guard isReadable, let assessment = unit.assessmentID else { return }
        assessments.records.append(
            Assessment(
                assessmentID: assessment,
                courseID: unit.courseID,
                title: unit.title,
                type: unit.type,
                scope: "assessment",
                category: unit.sectionTitle,
                grading: "normal",
                position: position,
                unitID: unit.unitID
            )
        )
    }

    /// Whether something outside the units is damaged, so that the units themselves cannot be told.
    private func hasDamagedFrame(_ root: JSONValue) -> Bool {
        guard root.kind == .object else { return true }
        guard RejectCause(faultsOf: root) != nil else { return false }
        var ofUnits: JSONFaults = []
        var frame = RecordReader(root, context: context)
        frame.forEach(in: "sections") { section in
            var reader = RecordReader(section, context: context)
            reader.forEach(in: "learningUnits") { ofUnits.formUnion($0.faults) }
        }
        return !root.faults.subtracting(ofUnits).subtracting([.hadReplacement, .numberOutOfRange]).isEmpty
    }
}
