import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("LearnWorlds courses")
struct CourseMappingTests {
    @Test("the guide's example, field by field")
    func guide() throws {
        let batch = try Fixture("courses/guide").batch { LearnWorldsMapping.plain.courses($0, into: &$1) }
        #expect(
            batch.records == [
                Course(
                    courseID: "fire-safety-101",
                    title: "Fire Safety & You",
                    code: "fire-safety-101",
                    status: "private",
                    category: "safety",
                    createdAt: .unix(1_735_689_600, 104_233),
                    modifiedAt: .unix(1_767_225_600),
                    customFields: JSONText(
                        #"{"access":"private","categories":["safety"],"expires":12,"expiresType":"months","#
                            + #""final_price":0,"label":"2026"}"#
                    )
                )
            ]
        )
        #expect(batch.rejects.isEmpty)
        #expect(batch.drift.isEmpty)
    }

    @Test("other spellings are normalised, wrong types voided, and both are noted")
    func drift() throws {
        let batch = try Fixture("courses/drift").batch(stream: "courses") {
            LearnWorldsMapping.plain.courses($0, into: &$1)
        }
        #expect(batch.rejects.isEmpty)
        let courses = batch.records
        try #require(courses.count == 5)
        #expect(courses[0].title == "R&D <basics>")
        #expect(courses[0].category == "Health & Safety")
        #expect(courses[0].customFields?.text == #"{"access":"free","categories":["Health & Safety","b"]}"#)
        #expect(courses[0].code == "twice-escaped")
        #expect(courses[0].modifiedAt == .unix(1_735_689_600, 500_000))
        #expect(courses.map(\.status) == ["active", "unavailable", "active", "draft", "hidden_by_owner"])
        #expect(courses[1].title == nil)
        #expect(courses[1].createdAt == .unix(1_735_689_600), "a number in a string is read")
        #expect(courses[1].modifiedAt == nil, "milliseconds are no seconds")
        #expect(courses[2].title == nil)
        #expect(courses[2].customFields?.text == #"{"access":"enrollment_closed","final_price":19.9,"label":"2 & 3"}"#)
        #expect(courses[2].createdAt == nil && courses[2].modifiedAt == nil)
        #expect(courses[3].title == "")
        #expect(courses[3].category == nil)
        #expect(courses[4].createdAt == .unix(1_000_000_000), "1e9 is a number like any other")
        #expect(courses[4].modifiedAt == nil, "1980 is before there were learning platforms")
        let note = { DriftNote(stream: "courses", field: $0, jsonType: $1, kept: $2) }
        #expect(
            batch.drift == [
                note("created", "string", true), note("modified", "number", false), note("brand_new", "object", false),
                note("title", "number", false), note("created", "number", false), note("created", "boolean", false),
                note("modified", "object", false),
            ]
        )
    }

    @Test("a record without a readable key is rejected, alone and with the reason")
    func rejects() throws {
        let batch = try Fixture("courses/rejects").batch(stream: "courses") {
            LearnWorldsMapping.plain.courses($0, into: &$1)
        }
        #expect(
            batch.rejects.map(\.reason) == [
                "not an object", "not an object", "missing key: id", "missing key: id", "missing key: id",
                "key of wrong type: id", "key of wrong type: id", "damaged key: id", "duplicate key", "invalid value",
            ]
        )
        #expect(batch.rejects.map(\.naturalKey).suffix(2) == ["twice", "bad-scalar"])
        #expect(batch.records.map(\.courseID) == ["good", "0", "-7", "18446744073709551617"])
        #expect(batch.records.first?.title == "nul \u{FFFD} inside")
        #expect(batch.readCount == 14)
    }

    @Test("a reject holds what says which record it was, and only allow-listed fields of it")
    func payload() throws {
        let fixture = try Fixture(json: #"[{"title":"a@b.example","access":"free","created":1e400,"author":{"x":1}}]"#)
        let batch = fixture.batch { LearnWorldsMapping.plain.courses($0, into: &$1) }
        #expect(batch.rejects.first?.payload?.text == #"{"access":"free","created":"1e400"}"#)
        #expect(batch.rejects.first?.naturalKey == nil)
    }

    @Test("contents give every unit its place, and an assessment for each unit of an assessment type")
    func contents() throws {
        var units = Batch<CourseUnit>(stream: "course_units")
        var assessments = Batch<Assessment>(stream: "assessments")
        try Fixture("contents/guide").document.withRoot {
            LearnWorldsMapping.plain.contents(
                $0,
                course: "fire-safety-101",
                units: &units,
                assessments: &assessments
            )
        }
        let video = CourseUnit(
            courseID: "fire-safety-101",
            unitID: "66a1c0ffee0000000000000a",
            sectionID: "fire_intro",
            sectionTitle: "Intro",
            sectionPosition: 1,
            title: "Welcome",
            type: "ivideo",
            position: 1,
            access: "private"
        )
        #expect(units.records.first == video)
        #expect(units.records.map(\.assessmentID) == [nil, "66a1c0ffee0000000000000b"])
        #expect(
            assessments.records == [
                Assessment(
                    assessmentID: "66a1c0ffee0000000000000b",
                    courseID: "fire-safety-101",
                    title: "Final test",
                    type: "assessmentV2",
                    scope: "assessment",
                    category: "Intro",
                    grading: "normal",
                    position: 2,
                    unitID: "66a1c0ffee0000000000000b"
                )
            ]
        )
        #expect(units.drift.isEmpty && units.rejects.isEmpty)
    }

    @Test("a damaged unit is rejected alone, and one without an id is named by its place")
    func contentsVariants() throws {
        var units = Batch<CourseUnit>(stream: "course_units")
        var assessments = Batch<Assessment>(stream: "assessments")
        let mapping = LearnWorldsMapping(assessmentUnitTypes: ["exam"], now: LearnWorldsMapping.testNow)
        try Fixture("contents/variants").document.withRoot {
            mapping.contents($0, course: "c1", units: &units, assessments: &assessments)
        }
        #expect(units.records.map(\.unitID) == ["s:s1:1", "u2", "u4", "u5"])
        #expect(units.records.map(\.position) == [1, 2, 4, 5])
        #expect(units.records.map(\.sectionPosition) == [1, 1, 1, 3])
        #expect(units.records[1].title == "Q > 1")
        #expect(units.records[1].sectionTitle == "Basics & more")
        #expect(assessments.records.map(\.assessmentID) == ["u5"])
        #expect(units.rejects.map(\.reason) == ["duplicate key"])
        #expect(units.rejects.first?.naturalKey == "c1/dup")
        let unknown = "sections[].learningUnits[].brand_new"
        #expect(
            units.drift == [DriftNote(stream: "course_units", field: unknown, jsonType: "number", kept: false)]
        )
    }

    @Test("contents whose frame is damaged are one reject")
    func damagedContents() throws {
        var units = Batch<CourseUnit>(stream: "course_units")
        var assessments = Batch<Assessment>(stream: "assessments")
        try Fixture("contents/damaged").document.withRoot {
            LearnWorldsMapping.plain.contents($0, course: "c1", units: &units, assessments: &assessments)
        }
        #expect(units.records.isEmpty)
        #expect(units.rejects.map(\.reason) == ["duplicate key"])
        #expect(units.rejects.first?.naturalKey == "c1")
    }
}
