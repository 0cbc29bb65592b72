import Extractor
import JSON
import Records
import Testing

@testable import Platforms

@Suite("Blackboard plans")
struct BlackboardPlanTests {
    private let now = BlackboardMapping.testNow

    private func outcome(_ items: Int, index: Int64? = nil) -> WalkOutcome {
        var position = MarkPosition()
        position.set(ColumnMark.changeIndex, integer: index)
        return WalkOutcome(isComplete: true, expected: nil, items: items, asOf: now, position: position)
    }

    @Test("a column's index only grows, an index of 0 never counts, and each seventh reading is whole")
    func marks() {
        let yesterday = now.advanced(by: .seconds(-86_400))
        var mark = ColumnMark(nil)
        #expect(mark.isFullDue(before: yesterday))
        mark = ColumnMark(mark.after(outcome(3, index: 40), isFull: true, course: "_1_1"))
        #expect(mark.index == 40 && mark.fullAt == now && !mark.isFullDue(before: yesterday) && mark.course == "_1_1")
        for reading in 1...6 {
            mark = ColumnMark(mark.after(outcome(0), isFull: false, course: "_1_1"))
            #expect(mark.index == 40 && mark.isFullDue(before: yesterday) == (reading == 6))
        }
        mark = ColumnMark(mark.after(outcome(2, index: 39), isFull: true, course: "_1_1"))
        #expect(
            mark.index == 40 && !mark.isFullDue(before: yesterday) && mark.isFullDue(before: now),
            "what was read behind the old index stays read"
        )
        #expect(ColumnMark(MarkPosition(json: mark.position.json)).index == 40, "it survives being stored")
        let empty = ColumnMark(ColumnMark(nil).after(outcome(0), isFull: true, course: "_1_1"))
        #expect(empty.index == nil && empty.fullAt == now)
        let byLearner = ColumnMark(ColumnMark.readByLearner(nil, course: "_1_1", at: now))
        #expect(byLearner.index == nil && byLearner.fullAt == nil && byLearner.readAt == now)
    }

    @Test("the index of a walk over several pages is that of the first page")
    func firstPage() throws {
        var walk = BlackboardMapping.GradeWalk(roster: .merged, gradebook: .quiz)
        walk.column = Gradebook.quiz.columns[0]
        var reader = GradeReader(mapping: .plain, walk: walk, preview: PreviewUsers())
        let request = APIRequest("/x", stream: "grades")
        for (number, body) in [
            #"{"results":[{"userId":"_310_1","displayGrade":{"score":1},"changeIndex":7}]}"#,
            #"{"results":[{"userId":"_311_1","displayGrade":{"score":1},"changeIndex":9}]}"#,
        ].enumerated() {
            let document = try JSONDocument(parsing: Array(body.utf8))
            let page = Page(document: document, request: request, fetchedAtMicroseconds: 0)
            _ = try reader.read(page, PageInfo(number: number + 1, next: .end))
        }
        #expect(reader.position.integer(ColumnMark.changeIndex) == 7)
        #expect(reader.isComplete && reader.items == 2)
    }

    @Test("a learner who comes twice shows that rows moved")
    func repeats() throws {
        var walk = BlackboardMapping.GradeWalk(roster: .merged, gradebook: .quiz)
        walk.column = Gradebook.quiz.columns[0]
        var reader = GradeReader(mapping: .plain, walk: walk, preview: PreviewUsers())
        let body = #"{"results":[{"userId":"_310_1","changeIndex":7},{"userId":"_311_1"},{"userId":"_310_1"}]}"#
        let page = Page(
            document: try JSONDocument(parsing: Array(body.utf8)),
            request: APIRequest("/x", stream: "grades"),
            fetchedAtMicroseconds: 0
        )
        _ = try reader.read(page, PageInfo(number: 1, next: .end))
        #expect(!reader.isComplete)
    }

    @Test("a column is hot when new, due, graded lately or never read")
    func hot() {
        let week = Duration.seconds(7 * 86_400)
        func isHot(_ column: GradebookColumn, _ mark: ColumnMark) -> Bool {
            HotColumn.isHot(column, mark, at: now, before: week * 2, after: week)
        }
        var column = GradebookColumn(id: "_1_1", assessmentID: "_1_1")
        let days = { (days: Int64) in now.advanced(by: .seconds(days * 86_400)) }
        #expect(isHot(column, ColumnMark(nil)))
        var position = MarkPosition()
        position.set("full_at", now)
        let read = ColumnMark(position)
        #expect(!isHot(column, read))
        for (due, expected) in [(-15, false), (-13, true), (6, true), (8, false)] as [(Int64, Bool)] {
            column.dueAt = days(due)
            #expect(isHot(column, read) == expected)
        }
        for (due, expected) in [(-3, false), (-1, true), (20, true), (22, false)] as [(Int64, Bool)] {
            column.dueAt = days(due)
            #expect(HotColumn.isHot(column, read, at: now, before: week / 3, after: week * 3) == expected)
        }
        column.dueAt = nil
        column.modifiedAt = days(-13)
        #expect(isHot(column, read))
        column.modifiedAt = days(-15)
        position.set(ColumnMark.changedAt, days(-2))
        #expect(isHot(column, ColumnMark(position)))
    }

    @Test("a course is live until 30 days after its end, and never when archived")
    func live() {
        var course = CatalogueEntry(id: "_1_1", status: "active")
        #expect(course.isLive(at: now, within: 30))
        course.endsAt = now.advanced(by: .seconds(-29 * 86_400))
        #expect(course.isLive(at: now, within: 30) && !course.isLive(at: now, within: 28))
        course.status = "archived"
        #expect(!course.isLive(at: now, within: 30))
    }

    @Test("other courses under the same ids stop the source")
    func identities() throws {
        let catalogue = CourseCatalogue(rows: [["course_id": "_1_1", "custom_fields": #"{"uuid": "aa"}"#]])
        func check(_ json: String) throws {
            try JSONDocument(parsing: Array(json.utf8)).withRoot { try catalogue.check($0) }
        }
        try check(#"[{"id":"_1_1","uuid":"aa"},{"id":"_2_1","uuid":"bb"}]"#)
        #expect(throws: ExtractorError.self) { try check(#"[{"id":"_1_1","uuid":"cc"}]"#) }
    }

    @Test("a field gone on every row of a page is a lost privilege")
    func lostPrivilege() throws {
        let connectorState = ConnectorState()
        func check(_ item: String, _ count: Int) throws {
            let json = "[" + Array(repeating: item, count: count).joined(separator: ",") + "]"
            try JSONDocument(parsing: Array(json.utf8)).withRoot { try FieldWatch.courses.check($0, connectorState) }
        }
        try check(#"{"id":"_1_1"}"#, 10)
        try check(#"{"id":"_1_1","uuid":"a","externalId":"b","dataSourceId":"c","created":"d"}"#, 10)
        try check(#"{"id":"_1_1"}"#, 3)
        #expect(throws: ExtractorError.self) { try check(#"{"id":"_1_1","uuid":"a"}"#, 10) }
    }

    @Test("courses are read from the newest term on, those to come last")
    func order() {
        let day = { (days: Int64) in now.advanced(by: .seconds(days * 86_400)) }
        let courses = [
            CatalogueEntry(id: "old", startsAt: day(-300)), CatalogueEntry(id: "next", startsAt: day(20)),
            CatalogueEntry(id: "now", startsAt: day(-20)), CatalogueEntry(id: "undated"),
        ]
        #expect(BlackboardOrder.ordered(courses, now: now).prefix(2) == ["now", "old"])
    }

    @Test("options, their defaults, and versions")
    func options() {
        let options = BlackboardOptions([:])
        #expect(options.liveDays == 30 && options.quotaReserve == 0.1 && options.columnMaxAge == .seconds(259_200))
        #expect(options.skipsPreviewUsers && options.tracksLastLogin && !options.includesOrganizations)
        let own = BlackboardOptions(["page_size": .map(["grades": .integer(500)]), "quota_reserve": .integer(0)])
        #expect(own.pageSizes == ["grades": 500] && own.quotaReserve == 0)
        #expect(options.hotBefore == .seconds(14 * 86_400) && options.hotAfter == .seconds(7 * 86_400))
        let hot = BlackboardOptions(["hot_before": .duration(.seconds(3_600)), "hot_after": .duration(.zero)])
        #expect(hot.hotBefore == .seconds(3_600) && hot.hotAfter == .zero)
        #expect(Set(BlackboardOptions.descriptions.map(\.name)).count == BlackboardOptions.descriptions.count)
        #expect(BlackboardVersion("3900.9").map { $0 >= BlackboardFeature.lastLogin.since } == true)
        #expect(BlackboardVersion("3800.100").map { $0 < BlackboardFeature.lastLogin.since } == true)
        #expect(BlackboardVersion("learn") == nil)
    }

    @Test("times are written as the platform writes them")
    func times() {
        #expect(
            Timestamp(microsecondsSinceEpoch: 1_759_404_615_221_999).iso8601Milliseconds == "2025-10-02T11:30:15.221Z"
        )
        #expect(
            Timestamp(microsecondsSinceEpoch: 1_759_404_615_000_000).iso8601Milliseconds == "2025-10-02T11:30:15.000Z"
        )
    }
}
