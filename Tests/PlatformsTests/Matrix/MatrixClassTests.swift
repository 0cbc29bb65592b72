import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("MATRIX classes and what is in them")
struct MatrixClassTests {
    private func classes(
        _ json: String,
        _ mapping: MatrixMapping = .plain
    ) throws -> (courses: Batch<Course>, assessments: Batch<Assessment>, classes: [MatrixClass]) {
        try reading(json) { root in
            var courses = Batch<Course>(stream: "courses")
            var assessments = Batch<Assessment>(stream: "assessments")
            let classes = mapping.classes(root, courses: &courses, assessments: &assessments)
            return (courses, assessments, classes)
        }
    }

    @Test("the guide's example of a class")
    func guideExample() throws {
        let read = try classes(
            """
            [{"id":501,"name":"Forklift safety &amp; more","style":"Self paced","course_code":"FS-1","section_code":null,\
            "semester":null,"start":null,"finish":null,"weighting_style":"Points","weight_using_categories":false,\
            "display_in_catalog":true,"archived":false,"catalog_category":"Safety",\
            "grademap":[{"grade":"A","minimum_percent":"90.0"}],"grading_periods":[],"time_zone":"Europe/Bucharest",\
            "picture":"https://x.test/p.png","Department":"D1","class_times":[{"day":"Wed","from":"16:0","location":"R1"}]}]
            """
        )
        let course = try #require(read.courses.records.first)
        #expect(course.courseID == "501")
        #expect(course.title == "Forklift safety & more")
        #expect((course.code, course.status, course.category) == ("FS-1", "active", "Safety"))
        let fields = try #require(course.customFields?.text)
        #expect(fields.contains(#""weighting_using_categories":false"#))
        #expect(fields.contains(#""Department":"D1""#))
        #expect(fields.contains(#""class_times":[{"day":"Wed","from":"16:0","location":"R1"}]"#), "as it came")
        #expect(!fields.contains("picture") && !fields.contains("section_code"))
        #expect(
            read.assessments.records == [
                Assessment(
                    assessmentID: "course:501",
                    courseID: "501",
                    title: "Forklift safety & more",
                    scope: "course",
                    grading: "calculated"
                )
            ]
        )
        #expect(read.classes == [MatrixClass(id: "501", isArchived: false, periodIDs: [])])
    }

    @Test("both spellings of dates, periods with their weight, bare dates in the source's zone")
    func spellings() throws {
        let zoned = MatrixMapping(zone: .zone("Europe/Bucharest"), now: MatrixMapping.testNow)
        let read = try classes(
            """
            [{"id":1,"name":"A","start_at":"2025-02-03","finish":"2025-07-01","archived":true,"parent":9,\
            "categories":[{"name":"First"},{"name":"Second"}],\
            "grading_periods":[{"name":"Term 1","percent":"40","start":"2025-02-03"},{"name":"Term 2","percent":60}]},\
            {"id":2,"name":"B","template":true}]
            """,
            zoned
        )
        let course = read.courses.records[0]
        #expect(course.startsAt == (try matrixTime("2025-02-02T22:00:00Z")))
        #expect(course.endsAt == (try matrixTime("2025-06-30T21:00:00Z")))
        #expect((course.status, course.parentCourseID, course.category) == ("archived", "9", "First"))
        #expect(read.courses.records[1].status == "draft")
        #expect(read.classes[0].periodIDs == ["period:1:Term 1", "period:1:Term 2"])
        #expect(read.assessments.records.map(\.weight?.token) == [nil, "40", "60", nil])
    }

    @Test("assignments: grading words, availability, place")
    func assignments() throws {
        let batch = try reading(
            """
            [{"id":6001,"name":"Quiz 1","type":"Quiz","points":20.0,"category":null,"grading":"Normal",\
            "begin":"2025-02-03T08:00+02:00","end":"2025-02-10T23:59+02:00","given":true,"gateway":false,"lesson":7001},\
            {"id":6002,"name":"Essay","points":10,"grading":"Extra credit","given":false,"weight":"5%","gateway":true,\
            "gateway_threshold":"70%"},{"id":6003,"name":"Poll","grading":"Ignore","gateway":true,\
            "gateway_threshold":62.5},{"id":6004,"name":"Talk","grading":"Not graded","given":null}]
            """
        ) { root in
            var batch = Batch<Assessment>(stream: "assessments")
            MatrixMapping.plain.assignments(root, course: "501", into: &batch)
            return batch
        }
        #expect(batch.records.map(\.grading) == ["normal", "extra_credit", "ignored", "not_graded"])
        #expect(batch.records.map(\.available) == [true, false, true, nil])
        #expect(batch.records.map(\.position) == [1, 2, 3, 4])
        #expect(batch.records[0].dueAt == (try matrixTime("2025-02-10T21:59:00Z")))
        #expect(batch.records[0].opensAt == (try matrixTime("2025-02-03T06:00:00Z")))
        #expect(batch.records.map(\.unitID) == ["7001", nil, nil, nil])
        #expect(batch.records.map(\.passPercent?.token) == [nil, "70", "62.5", nil])
        #expect(batch.records[1].weight?.token == "5")
        #expect(batch.records[0].pointsPossible?.token == "20")
    }

    @Test("organizations")
    func organizations() throws {
        let batch = try reading(#"[{"id":77,"name":"Plant A","description":null,"internal":true},{"name":"x"}]"#) {
            root in
            var batch = Batch<Organization>(stream: "organizations")
            MatrixMapping.plain.organizations(root, into: &batch)
            return batch
        }
        #expect(batch.records == [Organization(organizationID: "77", name: "Plant A", isInternal: true)])
        #expect(batch.rejects.count == 1)
    }
}
