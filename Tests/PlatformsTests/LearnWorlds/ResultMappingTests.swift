import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("LearnWorlds progress, grades, certificates and responses")
struct ResultMappingTests {
    private let mapping = LearnWorldsMapping.plain

    private func progress(_ fixture: String) throws -> (Batch<Progress>, Batch<UnitProgress>) {
        var units = Batch<UnitProgress>(stream: "progress")
        let batch = try Fixture(fixture).batch(stream: "progress") {
            mapping.progress($0, learner: "u1", into: &$1, units: &units)
        }
        return (batch, units)
    }

    @Test("the guide's progress, field by field")
    func guideProgress() throws {
        let (batch, units) = try progress("progress/guide")
        #expect(
            batch.records == [
                Progress(
                    courseID: "fire-safety-101",
                    learnerID: "u1",
                    status: "not_completed",
                    progressRate: try .of("37.5"),
                    averageScoreRate: try .of("0"),
                    timeOnCourseSeconds: 840,
                    completedUnits: 3,
                    totalUnits: 8
                )
            ]
        )
        #expect(
            units.records == [
                UnitProgress(
                    courseID: "fire-safety-101",
                    learnerID: "u1",
                    unitID: "66a1c0ffee0000000000000b",
                    sectionID: "fire_intro",
                    unitTitle: "Final test",
                    unitType: "assessmentV2",
                    status: "not_completed",
                    progressRate: try .of("0"),
                    timeOnUnitSeconds: 55
                )
            ]
        )
        #expect(batch.drift.isEmpty && units.drift.isEmpty && batch.rejects.isEmpty && units.rejects.isEmpty)
    }

    @Test("progress keeps exact numbers, and units without an id are named by their place")
    func progressVariants() throws {
        let (batch, units) = try progress("progress/variants")
        #expect(batch.records.map(\.courseID) == ["c1", "c2"])
        #expect(batch.records[0].averageScoreRate == (try .of("83.33")))
        #expect(batch.records[0].timeOnCourseSeconds == 840)
        #expect(batch.records[0].completedAt == .unix(1_751_301_000, 500_000))
        let second = batch.records[1]
        #expect(second.progressRate == nil && second.timeOnCourseSeconds == nil && second.totalUnits == nil)
        #expect(second.completedUnits == nil && second.completedAt == nil)
        #expect(batch.rejects.map(\.reason) == ["missing key: course_id"])
        #expect(batch.rejects.first?.naturalKey == "u1/")
        #expect(units.records.map(\.unitID) == ["s:s1:1", "u3", "s:#2:1"])
        #expect(units.records[0].unitTitle == "A & B")
        #expect(units.records[0].scoreRate?.token == "66.6666666666666667")
        #expect(units.records[0].timeOnUnitSeconds == 12)
        #expect(units.rejects.map(\.reason) == ["missing key: unit_id", "not an object"])
        let fields = Set(batch.drift.filter { !$0.kept }.map(\.field))
        #expect(fields == ["progress_rate", "time_on_course", "total_units", "completed_units"])
        #expect(
            batch.drift.contains(
                DriftNote(stream: "progress", field: "average_score_rate", jsonType: "string", kept: true)
            )
        )
    }

    @Test("the single form takes the course from the path")
    func singleProgress() throws {
        var batch = Batch<Progress>(stream: "progress")
        var units = Batch<UnitProgress>(stream: "progress")
        try Fixture(json: #"{"status":"completed"}"#).document.withRoot {
            mapping.progress($0, learner: "u1", course: "c1", into: &batch, units: &units)
        }
        #expect(batch.records.map(\.courseID) == ["c1"])
    }

    @Test("the guide's grade, field by field, and the unit it names as a stub")
    func guideGrade() throws {
        var stubs = Batch<Assessment>(stream: "assessments")
        let batch = try Fixture("grades/guide").batch { mapping.grades($0, course: "c1", into: &$1, stubs: &stubs) }
        #expect(
            batch.records == [
                Grade(
                    courseID: "c1",
                    learnerID: "65f0aa00bb11cc22dd33ee44",
                    assessmentID: "66a1c0ffee0000000000000b",
                    percent: try .of("83.33"),
                    status: "graded",
                    submittedAt: .unix(1_751_300_601, 750_000),
                    gradedAt: .unix(1_751_386_401),
                    submissionID: "67b00000000000000000beef"
                )
            ]
        )
        #expect(batch.drift.isEmpty && batch.rejects.isEmpty)
        let stub = try #require(stubs.records.first)
        #expect(stubs.records.count == 1)
        #expect(stub.isStub && stub.title == nil && stub.assessmentID == "66a1c0ffee0000000000000b")
        #expect(stub.courseID == "c1" && stub.type == "assessmentV2" && stub.scope == "assessment")
    }

    @Test("grades: exact figures, submissions without one, and times that would move the watermark wrongly")
    func gradeVariants() throws {
        var stubs = Batch<Assessment>(stream: "assessments")
        let batch = try Fixture("grades/variants").batch(stream: "grades") {
            mapping.grades($0, course: "c1", into: &$1, stubs: &stubs)
        }
        #expect(batch.records.map(\.submissionID) == ["g1", "g2", "g3", "g4", "g8"])
        #expect(batch.records.map(\.status) == ["graded", "submitted", "graded", "submitted", "submitted"])
        #expect(batch.records[0].percent?.token == "83.33333333333333333333")
        #expect(batch.records[2].percent?.token == "50")
        #expect(batch.records[3].submittedAt == nil)
        #expect(
            batch.records[3].version.primary > batch.records[2].version.primary,
            "without a time it sorts as newest"
        )
        #expect(batch.records[4].percent == nil)
        #expect(
            batch.rejects.map(\.reason) == [
                "unusable time: submittedTimestamp", "missing key: user_id", "missing key: learningUnit.id",
            ]
        )
        #expect(batch.rejects.map(\.naturalKey) == ["c1/u2/b/g5", "c1//b/g6", "c1/u2//g7"])
        #expect(batch.rejects.first?.payload?.text.contains("1751300601000") == true)
        #expect(stubs.records.map(\.assessmentID) == ["a", "b", "c"])
    }

    @Test("the guide's certificate, and what becomes of status, expiry and score")
    func certificates() throws {
        let guide = try Fixture("certificates/guide").batch { mapping.certificates($0, into: &$1) }
        #expect(
            guide.records == [
                Certificate(
                    learnerID: "65f0aa00bb11cc22dd33ee44",
                    certificateID: "67c00000000000000000cafe",
                    courseID: "fire-safety-101",
                    title: "Fire Safety Certificate",
                    type: "completion",
                    issuedAt: .unix(1_751_301_000, 900_000),
                    score: "OK",
                    status: "issued"
                )
            ]
        )
        #expect(guide.drift.isEmpty)
        let fixture = try Fixture("certificates/variants")
        let batch = fixture.batch { mapping.certificates($0, course: "walk", into: &$1) }
        #expect(batch.records.map(\.status) == ["expired", "revoked", "suspended"])
        #expect(batch.records.map(\.courseID) == ["c1", "c1", "walk"])
        #expect(batch.records[0].score == "98.5")
        #expect(batch.records[0].title == "Fire & Co")
        #expect(batch.rejects.map(\.reason) == ["missing key: user.id", "missing key: id"])
        let ofLearner = fixture.batch { mapping.certificates($0, learner: "walker", into: &$1) }
        #expect(ofLearner.records.map(\.learnerID) == ["u1", "u1", "u1", "walker"])
    }

    @Test("the guide's response, and answers without links, addresses or what was pseudonymised")
    func responses() throws {
        let guide = try Fixture("assessment_responses/guide").batch {
            mapping.responses($0, unit: "a1", course: "c1", into: &$1)
        }
        #expect(
            guide.records == [
                AssessmentResponse(
                    learnerID: "65f0aa00bb11cc22dd33ee44",
                    responseID: "67b00000000000000000beef",
                    assessmentID: "a1",
                    courseID: "c1",
                    submittedAt: .unix(1_751_300_601, 750_000),
                    score: try .of("1"),
                    answers: JSONText(
                        #"[{"answer":"CO2","answerData":null,"blockId":"mc1751_1","blockMaxScore":1,"blockType":"mc","#
                            + #""description":"Which extinguisher?","feedback":null,"points":1}]"#
                    )
                )
            ]
        )
        #expect(guide.drift.isEmpty)
        let fixture = try Fixture("assessment_responses/variants")
        let batch = fixture.batch { mapping.responses($0, unit: "a1", course: nil, into: &$1) }
        #expect(batch.records.map(\.responseID) == ["r1", "r2", "r3"])
        #expect(batch.records[0].score?.token == "0.3", "summed as decimals")
        #expect(batch.records.map(\.passed) == [true, true, nil])
        #expect(batch.records[1].score == nil && batch.records[1].submittedAt == nil)
        #expect(batch.records[2].answers == nil)
        #expect(batch.rejects.map(\.reason) == ["unusable time: submittedTimestamp", "missing key: user_id"])
        let answers = try #require(batch.records[0].answers?.text)
        #expect(!answers.contains("http") && !answers.contains("@") && answers.contains(#""size":3"#))

        let hiding = try LearnWorldsMapping.hiding("first_name")
        let hidden = fixture.batch { hiding.responses($0, unit: "a1", course: nil, into: &$1) }
        let text = try #require(hidden.records.first?.answers?.text)
        #expect(text.contains("CO2") && !text.contains("Ada") && !text.contains("report"))
    }
}
