import Records
import Synchronization

/// When learners last handed in, by column: what attempts say and grades do not.
final class SubmissionBook: Sendable {
    private let times: Mutex<[BlackboardMapping.Cell: Timestamp]>

    init(_ times: [BlackboardMapping.Cell: Timestamp] = [:]) {
        self.times = Mutex(times)
    }

    subscript(cell: BlackboardMapping.Cell) -> Timestamp? { times.withLock { $0[cell] } }

    func note(_ responses: [AssessmentResponse]) {
        times.withLock { times in
            for response in responses {
                guard let assessment = response.assessmentID, let time = response.submittedAt,
                    !response.learnerID.isEmpty
                else { continue }
                let cell = BlackboardMapping.Cell(assessment: assessment, learner: response.learnerID)
                times[cell] = max(times[cell] ?? time, time)
            }
        }
    }
}
