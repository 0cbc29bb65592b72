import Extractor
import JSON
import Records
import Transformer

/// Reads courses, and tells those of a scope from the others.
///
/// A merged course is in scope where its parent is. One whose parent has not come yet is held back until the list ends.
struct CourseReader: ListReader {
    private let mapping: BlackboardMapping
    private let terms: TermBook
    private let connectorState: ConnectorState
    private let catalogue: CourseCatalogue
    private let scope: CourseFilter
    private let walks: LinkedWalks
    private var tally = KeyTally()
    private var held: [Course] = []
    private var shown: [CourseFilter.ExternalName: String] = [:]

    init(
        mapping: BlackboardMapping,
        terms: TermBook,
        connectorState: ConnectorState,
        catalogue: CourseCatalogue,
        scope: CourseFilter,
        walks: LinkedWalks
    ) {
        self.mapping = mapping
        self.terms = terms
        self.connectorState = connectorState
        self.catalogue = catalogue
        self.scope = scope
        self.walks = walks
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        var batch = Batch<Course>(stream: "courses")
        try page.document.withRoot { root in
            guard let results = root["results"] else { return }
            tally.note(page: results.elements.compactMap { $0["id"]?.identifierText })
            try CollectionReader.checkProgress(tally, page)
            try catalogue.check(results)
            try FieldWatch.courses.check(results, connectorState)
            try learnNames(results)
            mapping.courses(results, terms: terms, into: &batch)
        }
        if !scope.isEverything, scope.followsParent {
            scope.note(batch.records)
            let waits = { [scope] (course: Course) in course.parentCourseID.map { !scope.hasMet($0) } ?? false }
            held += batch.records.filter(waits)
            batch.records.removeAll(where: waits)
        }
        catalogue.note(batch.records)
        return ParsedPage([batch])
    }

    mutating func finish() throws -> ParsedPage {
        // A parent that never came is out of scope, and its children with it.
        var batch = Batch<Course>(stream: "courses")
        batch.records = held.filter { $0.parentCourseID.map(scope.hasMet) ?? true }
        held = []
        guard !batch.records.isEmpty else { return ParsedPage() }
        catalogue.note(batch.records)
        return ParsedPage([batch])
    }

    var items: Int { tally.items }
    /// A key that came twice shows that rows moved while the list was read.
    var isComplete: Bool { !tally.hasRepeats }

    /// Learns which term and data source a name of another system means: that of the rows it was asked by.
    private mutating func learnNames(_ results: JSONValue) throws {
        let request = walks.currentFirst
        for name in scope.externalNames {
            let member: StaticString = name.condition == .term ? "termId" : "dataSourceId"
            let isAsked = request.query.contains { query in
                guard query.name == "\(member)", case .plain(let value) = query.value else { return false }
                return value == name.word
            }
            guard isAsked else { continue }
            for item in results.elements {
                guard let id = item[member]?.identifierText else { continue }
                guard shown[name, default: id] == id else {
                    var error = ExtractorError(
                        .objectUnreadable,
                        "the site does not filter courses by \(name.condition.rawValue) \(name.word): name it by its id"
                    )
                    error.stream = "courses"
                    throw error
                }
                guard shown[name] == nil else { continue }
                shown[name] = id
                scope.learn(name, is: id)
                connectorState[BlackboardLists.stateName(of: name)] = id
            }
        }
    }
}
