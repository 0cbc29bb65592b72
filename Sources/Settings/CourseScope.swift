/// Which courses of a source are read, and with them their enrollments, progress and grades.
package struct CourseScope: Sendable, Equatable {
    /// Only courses created at or after this date (ISO 8601).
    package var createdAfter: String?
    /// Only courses with one of these availabilities.
    package var availability: [String]?
    /// Only courses of these terms.
    package var term: [String]?
    /// Only courses of these data sources.
    package var dataSource: [String]?
    /// Only these course ids.
    package var include: [String]?
    /// Not these course ids.
    package var exclude: [String]?

    package init(
        createdAfter: String? = nil,
        availability: [String]? = nil,
        term: [String]? = nil,
        dataSource: [String]? = nil,
        include: [String]? = nil,
        exclude: [String]? = nil
    ) {
        self.createdAfter = createdAfter
        self.availability = availability
        self.term = term
        self.dataSource = dataSource
        self.include = include
        self.exclude = exclude
    }

    /// Whether every course is read.
    package var isEverything: Bool { self == CourseScope() }
}
