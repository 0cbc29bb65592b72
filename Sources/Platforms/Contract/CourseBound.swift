package import Records
import Transformer

/// A record that belongs to a course, and is read where the course is.
package protocol CourseBound {
    /// The course; `nil` where the record names none.
    var boundCourse: String? { get }
    /// The course whose lists hold the record, where that is another one.
    var boundParent: String? { get }
}

extension CourseBound {
    package var boundParent: String? { nil }
}

extension Course: CourseBound { package var boundCourse: String? { courseID } }
extension CourseUnit: CourseBound { package var boundCourse: String? { courseID } }
extension Enrollment: CourseBound {
    package var boundCourse: String? { courseID }
    package var boundParent: String? { parentCourseID }
}
extension Progress: CourseBound {
    package var boundCourse: String? { courseID }
    package var boundParent: String? { parentCourseID }
}
extension UnitProgress: CourseBound { package var boundCourse: String? { courseID } }
extension Certificate: CourseBound { package var boundCourse: String? { courseID } }
extension Assessment: CourseBound { package var boundCourse: String? { courseID } }
extension Grade: CourseBound {
    package var boundCourse: String? { courseID }
    package var boundParent: String? { parentCourseID }
}
extension AssessmentResponse: CourseBound { package var boundCourse: String? { courseID } }

extension ParsedPage {
    /// The parsed page without what belongs to courses that are not read; courses among it are noted first.
    package func restricted(to filter: CourseFilter) -> ParsedPage {
        guard filter.isNeeded else { return self }
        var parsed = self
        for batch in batches { if let courses = batch as? Batch<Course> { filter.note(courses.records) } }
        guard !filter.isEverything else { return self }
        parsed.batches = batches.map { $0.restricted(to: filter) }
        return parsed
    }
}
