import JSON
import Records
import Transformer

extension BlackboardMapping {
    private static let enrollmentShape = RecordShape(
        key: [.member("courseId"), .member("userId")],
        ignored: ["id", "user", "dataSourceId", "modified", "bypassCourseAvailabilityUntil", "displayOrder"],
        rejectPayload: ["id", "userId", "courseId", "childCourseId", "created", "modified"]
    )
    private static let availabilityShape = RecordShape(key: [], path: "availability.")

    /// Reads the memberships of one page of a course's list, which holds those of its child courses too.
    ///
    /// - Parameter isLeftOut: Whether nothing is stored about a person, such as a preview user.
    func enrollments(
        _ items: JSONValue,
        into batch: inout Batch<Enrollment>,
        leavingOut isLeftOut: (String) -> Bool = { _ in false }
    ) {
        for item in items.elements { enrollment(item, into: &batch, leavingOut: isLeftOut) }
    }

    /// Reads one membership.
    func enrollment(
        _ item: JSONValue,
        into batch: inout Batch<Enrollment>,
        leavingOut isLeftOut: (String) -> Bool = { _ in false }
    ) {
        let shape = Self.enrollmentShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return }
        let learner = reader.key("userId")
        let course = reader.key("courseId")
        var child: String?
        if let value = reader.value("childCourseId"), !value.isNull, value.stringBytes?.isEmpty != true {
            child = reader.key("childCourseId")
        }
        var enrollment = Enrollment(courseID: child ?? course, learnerID: learner)
        enrollment.parentCourseID = child == nil ? nil : course
        enrollment.enrolledAt = reader.timestampISO("created")
        let availability = reader.object("availability")
        enrollment.role = reader.text("courseRoleId", emptyIsNull: true).map(Self.enrollmentRole)
        enrollment.lastAccessedAt = reader.timestampISO("lastAccessed")
        inside(availability, shape: Self.availabilityShape, drift: &batch.driftLog) { reader in
            enrollment.status = Self.enrollmentStatus(reader.text("available"))
        }
        if reader.failure == nil, isLeftOut(learner) { return }
        batch.append(enrollment, from: reader, shape: shape)
    }

    private static func enrollmentRole(_ courseRole: String) -> String {
        switch courseRole {
        case "Student": "learner"
        case "Instructor", "BbFacilitator": "instructor"
        case "TeachingAssistant": "assistant"
        default: courseRole.lowercased()
        }
    }

    private static func enrollmentStatus(_ available: String?) -> String? {
        switch available {
        case "Yes": "active"
        case "No": "suspended"
        case "Disabled": "ended"
        default: available?.lowercased()
        }
    }
}
