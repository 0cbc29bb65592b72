import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let progressShape = RecordShape(
        key: [.member("course_id")],
        ignored: ["success"],
        rejectPayload: ["course_id", "status", "progress_rate", "total_units", "completed_units", "completed_at"]
    )
    private static let progressSectionShape = RecordShape(key: [], path: "progress_per_section_unit[].")
    private static let progressUnitShape = RecordShape(
        key: [.member("unit_id")],
        ignored: ["unit_section_name", "unit_duration"],
        rejectPayload: ["unit_id", "unit_type", "unit_status"],
        path: "progress_per_section_unit[].units[]."
    )

    /// Reads one page of a learner's progress: the courses, and the units inside each.
    func progress(
        _ items: JSONValue,
        learner: String,
        into batch: inout Batch<Progress>,
        units: inout Batch<UnitProgress>
    ) {
        for item in items.elements { progress(item, learner: learner, course: nil, into: &batch, units: &units) }
    }

    /// Reads the progress of one learner in one course.
    ///
    /// `course` is the one of the path, where the record does not name it.
    func progress(
        _ item: JSONValue,
        learner: String,
        course: String?,
        into batch: inout Batch<Progress>,
        units: inout Batch<UnitProgress>
    ) {
        let shape = Self.progressShape
        guard var reader = batch.reader(of: item, shape: shape, context: context, walk: learner) else { return }
        var progress = Progress(courseID: "", learnerID: learner)
        if let course, reader.value("course_id")?.isNull ?? true {
            progress.courseID = course
        } else {
            progress.courseID = reader.key("course_id")
        }
        progress.status = reader.text("status")
        progress.progressRate = reader.numeric("progress_rate")
        progress.averageScoreRate = reader.numeric("average_score_rate")
        progress.timeOnCourseSeconds = reader.integer("time_on_course")
        progress.totalUnits = reader.smallInteger("total_units")
        progress.completedUnits = reader.smallInteger("completed_units")
        progress.completedAt = reader.timestampSeconds("completed_at", zeroIsNull: true)
        if reader.failure == nil {
            var sectionPosition = 0
            reader.forEach(in: "progress_per_section_unit") { section in
                sectionPosition += 1
                readUnits(of: section, at: sectionPosition, of: progress, into: &units)
            }
        } else {
            reader.ignore("progress_per_section_unit")
        }
        batch.append(progress, from: reader, shape: shape, walk: learner)
    }

    private func readUnits(
        of section: JSONValue,
        at sectionPosition: Int,
        of progress: Progress,
        into units: inout Batch<UnitProgress>
    ) {
        var reader = RecordReader(section, context: context)
        let sectionID = reader.identifier("section_id")
        var place = 0
        reader.forEach(in: "units") { item in
            place += 1
            let fallback = { Self.unitID(section: sectionID, sectionPosition: sectionPosition, unitPosition: place) }
            readUnit(item, of: progress, section: sectionID, fallbackID: fallback, into: &units)
        }
        reader.note(in: &units.driftLog, shape: Self.progressSectionShape)
    }

    private func readUnit(
        _ item: JSONValue,
        of progress: Progress,
        section: String?,
        fallbackID: () -> String,
        into units: inout Batch<UnitProgress>
    ) {
        let shape = Self.progressUnitShape
        // The reject names the learner: whoever is erased must be found there too.
        let walk = progress.learnerID
        guard var reader = units.reader(of: item, shape: shape, context: context, walk: walk) else { return }
        var unit = UnitProgress(courseID: progress.courseID, learnerID: progress.learnerID, unitID: "")
        unit.sectionID = section
        unit.unitID = reader.value("unit_id")?.isNull ?? true ? fallbackID() : reader.key("unit_id")
        unit.unitTitle = reader.htmlText("unit_name")
        unit.unitType = reader.text("unit_type")
        unit.status = reader.text("unit_status")
        unit.timeOnUnitSeconds = reader.integer("time_on_unit")
        unit.scoreRate = reader.numeric("score_on_unit")
        unit.progressRate = reader.numeric("unit_progress_rate")
        units.append(unit, from: reader, shape: shape, walk: walk)
    }
}
