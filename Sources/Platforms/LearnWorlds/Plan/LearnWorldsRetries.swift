import Records

/// Which lists of a school hold rejected records.
struct LearnWorldsRetries<Run: ReconcileContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let run: Run

    func reads(of rejects: [RejectedKey]) async throws -> [RetryRead] {
        // Its answer carries the platform's clock, by which records are judged.
        if let course = try await run.facts.courseIDs().first {
            try await run.read([ReadGroup([makeLists().record(ofCourse: course)])])
        }
        let lists = makeLists()
        return people(rejects, lists) + parts(rejects, lists) + (try await responses(rejects, lists))
            + events(rejects, lists)
    }

    private func people(_ rejects: [RejectedKey], _ lists: LearnWorldsLists) -> [RetryRead] {
        let everybody = ReadGroup([lists.learners(queuingFor: nil)], publishesByPage: true)
        return rejects.reads(of: "learners", otherwise: everybody) { ReadGroup([lists.learner($0)]) }
            + rejects.reads(of: "enrollments") { ReadGroup([lists.enrollments(learner: $0)]) }
            + rejects.reads(of: "progress") { ReadGroup([lists.progress(learner: $0, run)]) }
            // The learner comes first in a certificate's key: a list of a course was walked, and its id is no part of it.
            + rejects.reads(of: "certificates") { ReadGroup([lists.certificates(learner: $0)]) }
    }

    private func parts(_ rejects: [RejectedKey], _ lists: LearnWorldsLists) -> [RetryRead] {
        let catalogue = ReadGroup([lists.courses()], publishesByPage: true)
        return rejects.reads(of: "courses", otherwise: catalogue) { ReadGroup([lists.record(ofCourse: $0)]) }
            + rejects.reads(of: "course_units", "assessments") { ReadGroup([lists.contents(course: $0, run)]) }
            + rejects.reads(of: "grades") {
                ReadGroup([lists.grades(course: $0, run, isWhole: true)], publishesByPage: true)
            }
    }

    private func responses(_ rejects: [RejectedKey], _ lists: LearnWorldsLists) async throws -> [RetryRead] {
        let named = rejects.filter { $0.stream == "assessment_responses" }
        let courses = try await run.facts.courses(ofAssessments: Array(Set(named.map(\.first))))
        return rejects.reads(of: "assessment_responses") {
            ReadGroup([lists.responses(unit: $0, course: courses[$0], run, isWhole: true)], publishesByPage: true)
        }
    }

    /// An entry of the log is asked for by the second it was made in, the last part of its key.
    private func events(_ rejects: [RejectedKey], _ lists: LearnWorldsLists) -> [RetryRead] {
        rejects.filter { $0.stream == "events" }.compactMap { reject in
            guard let time = reject.parts.last.flatMap({ Timestamp(decimalSeconds: $0) }) else { return nil }
            let list = lists.wholeLog(
                EventStretch(after: time.advanced(by: .seconds(-1))),
                before: time.advanced(by: .seconds(1))
            )
            return RetryRead(ReadGroup([list], publishesByPage: true), for: [reject])
        }
    }
}
