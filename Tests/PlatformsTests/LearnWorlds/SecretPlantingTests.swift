import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("A source's secret, planted in every field of every list")
struct SecretPlantingTests {
    private let mapping = LearnWorldsMapping.guarded

    /// Everything a batch would bring to the warehouse, as text.
    private func text(of batch: Batch<some Record>) -> String {
        "\(batch.records) \(batch.rejects) \(batch.drift)"
    }

    private func expectClean(_ text: String, _ location: SourceLocation = #_sourceLocation) {
        for form in [LearnWorldsMapping.plantedSecret, "czNjcjN0LUszeS0wMTIzNDU2Nzg5", "api_key", "token=", "sig="] {
            #expect(!text.contains(form), sourceLocation: location)
        }
    }

    @Test("reaches neither rows nor rejects nor drift")
    func everywhere() throws {
        let courses = try Fixture("courses/secrets").batch { mapping.courses($0, into: &$1) }
        #expect(courses.records.map(\.courseID) == ["c1"])
        #expect(courses.records.first?.code == "c1")
        #expect(courses.drift.contains { $0.field == "(not a name)" })
        #expect(courses.rejects.map(\.reason) == ["secret in key: id"])
        expectClean(text(of: courses))

        let learners = try Fixture("learners/secrets").batch { mapping.learners($0, into: &$1) }
        #expect(learners.records.first?.tags == ["ok"])
        #expect(learners.records.first?.customFields?.text == #"{"cf_deep":{"x":["ok"]},"cf_ok":"fine"}"#)
        expectClean(text(of: learners))

        var units = Batch<CourseUnit>(stream: "course_units")
        var assessments = Batch<Assessment>(stream: "assessments")
        try Fixture("contents/secrets").document.withRoot {
            mapping.contents($0, course: "c", units: &units, assessments: &assessments)
        }
        #expect(units.records.count == 1 && assessments.records.count == 1)
        expectClean(text(of: units) + text(of: assessments))

        var unitProgress = Batch<UnitProgress>(stream: "progress")
        let progress = try Fixture("progress/secrets").batch {
            mapping.progress($0, learner: "u1", into: &$1, units: &unitProgress)
        }
        #expect(progress.records.count == 1 && unitProgress.records.count == 1)
        expectClean(text(of: progress) + text(of: unitProgress))

        let enrollments = try Fixture("enrollments/secrets").batch { mapping.enrollments($0, learner: "u1", into: &$1) }
        #expect(enrollments.rejects.count == 1)
        expectClean(text(of: enrollments))

        var stubs = Batch<Assessment>(stream: "assessments")
        let grades = try Fixture("grades/secrets").batch {
            mapping.grades($0, course: "c1", into: &$1, stubs: &stubs)
        }
        #expect(grades.rejects.count == 1 && grades.records.count == 1)
        expectClean(text(of: grades) + text(of: stubs))

        let certificates = try Fixture("certificates/secrets").batch { mapping.certificates($0, into: &$1) }
        #expect(certificates.records.count == 1)
        expectClean(text(of: certificates))

        let responses = try Fixture("assessment_responses/secrets").batch {
            mapping.responses($0, unit: "a", course: nil, into: &$1)
        }
        #expect(responses.records.first?.answers?.text == #"[{"answerData":{},"blockId":"b"}]"#)
        expectClean(text(of: responses))

        var run = EventRun()
        var events = try Fixture("events/secrets").batch { mapping.events($0, into: &run, &$1) }
        run.finish(into: &events)
        #expect(events.records.first?.payload?.text == #"{"b":[],"course":{}}"#)
        expectClean(text(of: events))
    }
}
