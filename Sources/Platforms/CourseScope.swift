/// Which courses of a source are read, and with them their enrollments, progress and grades.
///
/// A course has to meet every condition that is given.
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

    /// The conditions that are given, by their names in `registrar.yaml`.
    package var members: [String] {
        let given: [(String, Bool)] = [
            ("created_after", createdAfter != nil), ("availability", availability != nil), ("term", term != nil),
            ("data_source", dataSource != nil), ("include", include != nil), ("exclude", exclude != nil),
        ]
        return given.filter(\.1).map(\.0)
    }

    /// The same text for the same scope, empty for everything: by it a changed scope is noticed.
    package var text: String {
        let lists = [availability, term, dataSource, include, exclude].map { list in
            list.map { $0.sorted().joined(separator: "\u{1f}") } ?? "-"
        }
        return isEverything ? "" : ([createdAfter ?? ""] + lists).joined(separator: "\u{1e}")
    }
}

/// What a platform's courses have that a scope can ask for, and how it is spelled.
package struct CourseVocabulary: Sendable {
    /// The conditions that can be given, by their names in `registrar.yaml`.
    package var members: [String]
    /// The platform's words of availability for those of `lms.courses.status`.
    package var statusByWord: [String: String]
    /// The member of `custom_fields` that holds the platform's own word of availability.
    package var availabilityField: String?
    /// The member of `custom_fields` that holds the data source.
    package var dataSourceField: String?
    /// Whether the course's category is the name of its term, so that a scope may name it too.
    package var namesTermAsCategory: Bool
    /// Whether a course with a parent is read through it: it is in scope where its parent is.
    package var followsParent: Bool

    /// Every condition there is.
    package static let allMembers = ["created_after", "availability", "term", "data_source", "include", "exclude"]

    package init(
        _ members: [String] = Self.allMembers,
        statusByWord: [String: String] = [:],
        availabilityField: String? = nil,
        dataSourceField: String? = nil,
        namesTermAsCategory: Bool = false,
        followsParent: Bool = false
    ) {
        self.members = members
        self.statusByWord = statusByWord
        self.availabilityField = availabilityField
        self.dataSourceField = dataSourceField
        self.namesTermAsCategory = namesTermAsCategory
        self.followsParent = followsParent
    }
}
