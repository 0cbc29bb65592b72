import Extractor
import JSON
import Records
import Testing

@testable import Platforms

@Suite("What the list of courses is asked")
struct CourseQueryTests {
    private typealias Argument = CourseQueries.Argument

    private func walks(
        _ scope: CourseScope,
        refused: Set<String> = [],
        changes: Bool = false
    ) -> [[String]] {
        let terms = TermBook([
            Term(termID: "_1_1", title: "Fall"), Term(termID: "_2_1", title: "Spring"),
            Term(termID: "_3_1", title: "Spring"),
        ])
        return CourseQueries.walks(
            for: scope,
            createdAfter: scope.createdAfter.flatMap { EventWindow.time($0, "Europe/Berlin") },
            terms: { terms.ids(of: $0) },
            accepts: { !refused.contains($0) },
            asksChanges: changes
        ).map { walk in walk.map { "\($0.name)=\($0.value)" } }
    }

    @Test("a scope is sent by the platform's own filters, one walk for each combination of their words")
    func filters() {
        let date = ["created=2024-07-31T22:00:00.000Z", "createdCompare=greaterOrEqual"]
        #expect(walks(CourseScope()) == [[]])
        #expect(walks(CourseScope(include: ["_9_1"], exclude: ["_8_1"])) == [[]])
        #expect(walks(CourseScope(createdAfter: "2024-08-01")) == [date])
        #expect(
            walks(CourseScope(dataSource: ["_12_1", "externalId:SIS"])) == [
                ["dataSourceId=_12_1"], ["dataSourceId=externalId:SIS"],
            ]
        )
        #expect(
            walks(CourseScope(term: ["Spring", "_1_1", "_2_1"])) == [
                ["termId=_2_1"], ["termId=_3_1"], ["termId=_1_1"],
            ]
        )
        #expect(walks(CourseScope(term: ["externalId:F25"])) == [["termId=externalId:F25"]])
        #expect(
            walks(CourseScope(createdAfter: "2024-08-01", availability: ["active"], dataSource: ["_12_1"])) == [
                date + ["availability.available=Term", "dataSourceId=_12_1"],
                date + ["availability.available=Yes", "dataSourceId=_12_1"],
            ]
        )
    }

    @Test("an availability is asked by every value that a course of it may have, or not at all")
    func availabilities() {
        for (words, values) in [
            (["active"], ["Term", "Yes"]), (["Yes"], ["Term", "Yes"]), (["Term"], ["Term", "Yes"]),
            (["unavailable"], ["No", "Term"]), (["No"], ["No", "Term"]), (["active", "No"], ["No", "Term", "Yes"]),
            // A completed course is archived whatever it says.
            (["archived"], nil), (["Disabled"], nil), (["active", "Disabled"], nil), (["custom"], nil),
        ] as [([String], [String]?)] {
            #expect(CourseQueries.availabilities(words) == values, "\(words)")
        }
    }

    @Test("what the site refuses is left to this side, and so is what a walk for each word would cost too much for")
    func refusals() {
        let scope = CourseScope(createdAfter: "2024-08-01", availability: ["active"], term: ["Fall"])
        #expect(walks(scope, refused: ["created", "availability.available"]) == [["termId=_1_1"]])
        #expect(walks(scope, refused: Set(CourseQueries.filters)) == [[]])
        #expect(walks(CourseScope(term: ["nobody's"])) == [[]])
        let sources = (1...60).map { "_\($0)_1" }
        #expect(walks(CourseScope(dataSource: sources)) == [[]])
        #expect(walks(CourseScope(term: ["Spring"], dataSource: sources)) == [["termId=_2_1"], ["termId=_3_1"]])
    }

    @Test("of changed courses only the date of creation is filtered: one that has just left the scope has to be seen")
    func changes() {
        let scope = CourseScope(createdAfter: "2024-08-01", availability: ["active"], dataSource: ["_12_1"])
        #expect(walks(scope, changes: true) == [["created=2024-07-31T22:00:00.000Z", "createdCompare=greaterOrEqual"]])
        #expect(walks(CourseScope(term: ["Fall"]), changes: true) == [[]])
    }

    @Test("a name of another system is what the rows show that it was asked by")
    func names() {
        let filter = CourseFilter(
            CourseScope(dataSource: ["externalId:SIS"]),
            CourseVocabulary(dataSourceField: "dataSourceId")
        )
        var course = Course(courseID: "_5_1")
        course.customFields = JSONText(#"{"dataSourceId": "_12_1"}"#)
        filter.note([course])
        #expect(!filter.contains("_5_1"))
        let name = CourseFilter.ExternalName(.dataSource, "externalId:SIS")
        #expect(filter.externalNames == [name])
        filter.learn(name, is: "_12_1")
        #expect(filter.contains("_5_1"), "what was met before is judged anew")
        filter.learn(name, is: "_13_1")
        #expect(!filter.contains("_5_1"))
    }

    @Test("the record by which a course leaves is kept, so that the stored row says so; nothing else of it is")
    func leaving() {
        let filter = CourseFilter(
            CourseScope(availability: ["active"]),
            CourseVocabulary(followsParent: true)
        )
        filter.note(rows: [["course_id": "_5_1", "status": "active"], ["course_id": "_6_1", "status": "unavailable"]])
        let closed = ["_5_1", "_6_1"].map { Course(courseID: $0, status: "unavailable") }
        filter.note(closed)
        #expect(closed.map(filter.keeps) == [true, false], "the other one was out before")
        #expect(!filter.contains("_5_1"))
        #expect(!filter.keeps(Enrollment(courseID: "_5_1", learnerID: "_1_1")))
        filter.note([Course(courseID: "_7_1", status: "active")])
        let merged = Enrollment(courseID: "_8_1", learnerID: "_1_1", parentCourseID: "_7_1")
        #expect(filter.keeps(merged), "of a merged course that nobody has met, by its parent")
    }

    @Test("rows of two data sources under one name fail the list: the site does not filter by it")
    func unfilteredName() throws {
        let name = "externalId:SIS"
        for (sources, isFiltered) in [(["_12_1", "_12_1"], true), (["_12_1", "_13_1"], false)] {
            let request = APIRequest("/v3/courses", query: [("dataSourceId", name)], stream: "courses")
            let origin = try APIOrigin.split("https://learn.example.org").origin
            let walks = LinkedWalks([BlackboardPaging(first: request, origin: origin, root: "/learn/api/public")])
            let scope = CourseFilter(
                CourseScope(dataSource: [name]),
                CourseVocabulary(dataSourceField: "dataSourceId")
            )
            var reader = CourseReader(
                mapping: .plain,
                terms: TermBook(),
                connectorState: ConnectorState(),
                catalogue: CourseCatalogue(),
                scope: scope,
                walks: walks
            )
            let rows = sources.enumerated().map { #"{"id":"_\#($0)_1","dataSourceId":"\#($1)"}"# }
            let body = #"{"results":[\#(rows.joined(separator: ","))]}"#
            let page = Page(
                document: try JSONDocument(parsing: Array(body.utf8)),
                request: request,
                fetchedAtMicroseconds: 0
            )
            if isFiltered {
                _ = try reader.read(page, PageInfo(number: 1, next: .end))
                #expect(scope.id(of: CourseFilter.ExternalName(.dataSource, name)) == "_12_1")
            } else {
                let error = #expect(throws: ExtractorError.self) {
                    try reader.read(page, PageInfo(number: 1, next: .end))
                }
                #expect(error?.code == .objectUnreadable)
                #expect(error?.message.contains("data_source externalId:SIS: name it by its id") == true)
            }
        }
    }

    // MARK: Walks that go on

    private static func page(_ ids: [String], next: String?) throws -> Page {
        let rows = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        let paging = next.map { #","paging":{"nextPage":"\#($0)"}"# } ?? ""
        let document = try JSONDocument(parsing: Array(#"{"results":[\#(rows)]\#(paging)}"#.utf8))
        return Page(document: document, request: APIRequest("/v3/courses", stream: "courses"), fetchedAtMicroseconds: 0)
    }

    private static func walks(_ count: Int, from start: LinkedCursor? = nil) throws -> LinkedWalks {
        let origin = try APIOrigin.split("https://learn.example.org").origin
        return LinkedWalks(
            (0..<count).map { index in
                BlackboardPaging(
                    first: APIRequest("/v3/courses", query: [("termId", "_\(index)_1")], stream: "courses"),
                    origin: origin,
                    root: "/learn/api/public"
                )
            },
            from: start
        )
    }

    private static func info(_ walks: LinkedWalks, _ page: Page, _ number: Int) throws -> PageInfo {
        guard case .page(let info) = walks.read(page, asked: number) else {
            throw ExtractorError(.walkBroken, "not a page")
        }
        return info
    }

    @Test("walks follow each other, and each page says where a later run may go on")
    func linkedWalks() throws {
        let link = "/learn/api/public/v3/courses?offset=100"
        let walks = try Self.walks(2)
        let first = try Self.info(walks, try Self.page(["_1_1", "_2_1"], next: link), 1)
        #expect(!first.isLast)
        let end = try Self.info(walks, try Self.page(["_3_1"], next: nil), 2)
        guard case .request(let next) = end.next else {
            Issue.record("the second walk is missing")
            return
        }
        #expect(next.fingerprint() == walks.currentFirst.settingQuery("termId", to: "_1_1").fingerprint())
        let last = try Self.info(walks, try Self.page(["_4_1"], next: nil), 3)
        #expect(last.isLast)
        #expect(
            [first, end, last].map { $0.cursor?.split(separator: ":").prefix(2).joined(separator: ":") } == [
                "0:0", "0:100", "1:0",
            ]
        )

        let cursor = try #require(end.cursor.flatMap(LinkedCursor.init))
        let rest = try Self.walks(2, from: cursor)
        #expect(rest.first.fingerprint() == walks.first.settingQuery("offset", to: "100").fingerprint())
        for (ids, isSame) in [(["_3_1"], true), (["_9_1"], false)] {
            var reader = ResumedReader(CollectionReader(key: { $0["id"]?.string }) { _ in ParsedPage() }, after: cursor)
            let page = try Self.page(ids, next: nil)
            _ = try reader.read(page, try Self.info(rest, page, 1))
            #expect(reader.isSatisfied == !isSame, "rows that moved have the list read anew")
            #expect(reader.isComplete == isSame)
            #expect(reader.items == 0, "the page was counted before")
        }
    }
}
