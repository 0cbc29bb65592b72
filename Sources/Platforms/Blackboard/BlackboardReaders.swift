import Extractor
import JSON
import Records
import Transformer

/// Reads lists whose pages stand each for themselves: `{"results": [...]}`.
struct CollectionReader: ListReader {
    private var tally = KeyTally()
    private let key: @Sendable (JSONValue) -> String?
    private let body: @Sendable (JSONValue) throws -> ParsedPage
    private let end: @Sendable () -> ParsedPage

    /// - Parameters:
    ///   - key: What tells an item from all others of the list.
    ///   - end: What was held back until the whole list was known.
    init(
        key: @escaping @Sendable (JSONValue) -> String?,
        end: @escaping @Sendable () -> ParsedPage = { ParsedPage() },
        _ body: @escaping @Sendable (JSONValue) throws -> ParsedPage
    ) {
        self.key = key
        self.end = end
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        try page.document.withRoot { root in
            guard let results = root["results"] else { return ParsedPage() }
            tally.note(page: results.elements.compactMap(key))
            try Self.checkProgress(tally, page)
            return try body(results)
        }
    }

    mutating func finish() throws -> ParsedPage { end() }

    /// A server that answers the same page again and again would be walked for ever.
    static func checkProgress(_ tally: KeyTally, _ page: Page) throws {
        guard tally.repeatsPage else { return }
        var error = ExtractorError(.walkBroken, "the platform answers the same page again")
        error.stream = page.request.stream
        throw error
    }

    var items: Int { tally.items }
    /// A key that came twice shows that rows moved while the list was read.
    var isComplete: Bool { !tally.hasRepeats }
}

/// Reads one object.
struct SingleReader: ListReader {
    private(set) var items = 0
    private let body: @Sendable (JSONValue?) throws -> ParsedPage

    /// - Parameter body: Takes the object, or `nil` where the platform has none.
    init(_ body: @escaping @Sendable (JSONValue?) throws -> ParsedPage) {
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        guard !page.isEmptyByStatus else { return try body(nil) }
        items = 1
        return try page.document.withRoot { try body($0) }
    }

    var isComplete: Bool { true }
}

/// Reads the grades of one column, and finds out from where the next reading has to go on.
struct GradeReader: ListReader {
    private let mapping: BlackboardMapping
    private let walk: BlackboardMapping.GradeWalk
    private let preview: PreviewUsers
    private let notesCells: Bool
    private var tally = KeyTally()
    private var firstPageIndex: Int64?
    private var newest: Timestamp?

    /// - Parameter notesCells: Whether the pages note which cells the list holds.
    init(
        mapping: BlackboardMapping,
        walk: BlackboardMapping.GradeWalk,
        preview: PreviewUsers,
        notesCells: Bool = false
    ) {
        self.notesCells = notesCells
        self.mapping = mapping
        self.walk = walk
        self.preview = preview
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        var batch = Batch<Grade>(stream: "grades")
        var largest: Int64 = 0
        try page.document.withRoot { root in
            guard let results = root["results"] else { return }
            tally.note(
                page: results.elements.compactMap { $0[walk.column == nil ? "columnId" : "userId"]?.identifierText }
            )
            try CollectionReader.checkProgress(tally, page)
            largest = mapping.grades(results, walk: walk, into: &batch, leavingOut: preview.contains)
        }
        if firstPageIndex == nil { firstPageIndex = largest }
        var notes = ReadNotes()
        if notesCells { notes.add(batch.records.map { SeenCell(key: BlackboardMapping.Cell($0)) }) }
        for grade in batch.records {
            guard let time = [grade.gradedAt, grade.overriddenAt].compactMap({ $0 }).max() else { continue }
            newest = max(newest ?? time, time)
        }
        return ParsedPage([batch], notes: notes)
    }

    var items: Int { tally.items }
    var isComplete: Bool { !tally.hasRepeats }

    /// `change_index` is the largest of the first page: a row that changed while further pages were read is asked for
    /// again the next time, where the largest of all would jump over it.
    var position: MarkPosition {
        var position = MarkPosition()
        if let firstPageIndex, firstPageIndex > 0 { position.set(ColumnMark.changeIndex, integer: firstPageIndex) }
        position.set(ColumnMark.changedAt, newest)
        return position
    }
}

/// Reads a column's grades once more, and empties the cells that were missing and are missing again.
struct MissingCellReader: ListReader {
    let mapping: BlackboardMapping
    let walk: BlackboardMapping.GradeWalk
    let preview: PreviewUsers
    let column: GradebookColumn
    /// The learners whose cells were missing.
    let missing: [String]
    private var tally = KeyTally()
    private var seen: Set<String> = []

    init(
        mapping: BlackboardMapping,
        walk: BlackboardMapping.GradeWalk,
        preview: PreviewUsers,
        column: GradebookColumn,
        missing: [String]
    ) {
        (self.mapping, self.walk, self.preview) = (mapping, walk, preview)
        (self.column, self.missing) = (column, missing)
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        try page.document.withRoot { root in
            guard let results = root["results"] else { return ParsedPage() }
            let learners = results.elements.compactMap { $0["userId"]?.identifierText }
            tally.note(page: learners)
            try CollectionReader.checkProgress(tally, page)
            seen.formUnion(learners)
            var batch = Batch<Grade>(stream: "grades")
            _ = mapping.grades(results, walk: walk, into: &batch, leavingOut: preview.contains)
            return ParsedPage([batch])
        }
    }

    /// A column without a single cell says nothing of any of them.
    mutating func finish() throws -> ParsedPage {
        guard !seen.isEmpty else { return ParsedPage() }
        var batch = Batch<Grade>(stream: "grades")
        for learner in missing where !seen.contains(learner) {
            batch.records.append(mapping.emptied(learner: learner, column: column, walk: walk))
        }
        return ParsedPage([batch])
    }

    var items: Int { tally.items }
    var isComplete: Bool { !tally.hasRepeats }
}
