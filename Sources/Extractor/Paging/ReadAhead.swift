/// Pages under way ahead of the consumer, in order, never more than the limit.
///
/// The tasks are unstructured because an iterator has no scope for a group; this object owns every one of them and
/// cancels what is left when the walk ends, fails, or is dropped.
final class ReadAhead {
    private let client: APIClient
    private let answers: any AnswerRules
    private let limit: Int
    private var pending: [(number: Int, task: Task<Page, any Error>)] = []

    init(client: APIClient, answers: any AnswerRules, limit: Int) {
        self.client = client
        self.answers = answers
        self.limit = limit
    }

    deinit {
        for (_, task) in pending { task.cancel() }
    }

    /// Returns page `number`: the one under way, or a new call.
    func page(_ number: Int, _ request: APIRequest) async throws -> Page {
        guard let first = pending.first, first.number == number else {
            return try await client.fetch(request, rules: answers)
        }
        pending.removeFirst()
        return try await withTaskCancellationHandler {
            try await first.task.value
        } onCancel: {
            first.task.cancel()
        }
    }

    /// Starts calls for the pages behind the current one, as far as the list is known to go.
    func readAhead(of state: WalkState) {
        guard limit > 0, case .fetch(_, let next) = state.step, let last = state.totalPages else { return }
        if let first = pending.first, first.number != next { cancel() }
        let room = max(1, min(limit, PageSequence.readAheadBytes / max(state.largestPage, 1)))
        var number = pending.last.map { $0.number + 1 } ?? next
        while pending.count < room, number <= last {
            let request = state.request(forPage: number)
            let (client, answers) = (client, answers)
            pending.append((number, Task { try await client.fetch(request, rules: answers) }))
            number += 1
        }
    }

    /// Gives up every page under way.
    func cancel() {
        for (_, task) in pending { task.cancel() }
        pending.removeAll()
    }
}
