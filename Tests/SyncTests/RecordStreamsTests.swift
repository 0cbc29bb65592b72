import Platforms
import Records
import Sync
import Testing
import Transformer

@Suite("Typed streams")
struct RecordStreamsTests {
    @Test("a loader that stands still stops every sender at its next batch", .timeLimit(.minutes(1)))
    func standsStill() async throws {
        let streams = RecordStreams()
        let store = SteppedStore()
        let delivered = Noted()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await streams.drain(into: store) }
            for sender in 0..<4 {
                tasks.addTask {
                    for number in 0..<5 {
                        try await streams.receive(Self.batch("\(sender)-\(number)"))
                        delivered.note("sent")
                    }
                }
            }
            // Of twenty batches one is with the loader; each further one that it takes lets one more sender go on.
            for step in 1...20 {
                await store.waitForBatch(step)
                for _ in 0..<500 { await Task.yield() }
                #expect(delivered.count == step)
                #expect(store.takenCount == step)
                store.letGo()
            }
            await streams.settle()
            streams.finish()
            try await tasks.waitForAll()
        }
        #expect(store.takenCount == 20)
    }

    @Test("batches of different types do not wait for each other", .timeLimit(.minutes(1)))
    func typesAreApart() async throws {
        let streams = RecordStreams()
        let store = SteppedStore()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await streams.drain(into: store) }
            try await streams.receive(Self.batch("first"))
            await store.waitForBatch(1)
            var courses = Batch<Course>(stream: "courses")
            courses.records = [Course(courseID: "c")]
            try await streams.receive(courses)
            await store.waitForBatch(2)
            store.letGo()
            store.letGo()
            await streams.settle()
            streams.finish()
            try await tasks.waitForAll()
        }
    }

    @Test("a send that is cancelled is counted once, whoever of both ends had the batch", .timeLimit(.minutes(1)))
    func cancelledSends() async throws {
        for _ in 0..<400 {
            let streams = RecordStreams()
            let stored = CountingStore()
            let sent = Noted()
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try? await streams.drain(into: stored) }
                for sender in 0..<3 {
                    tasks.addTask {
                        for number in 0..<4 {
                            guard (try? await streams.receive(Self.batch("\(sender)-\(number)"))) != nil else { return }
                            sent.note("sent")
                        }
                    }
                }
                while stored.count < 3 { await Task.yield() }
                tasks.cancelAll()
            }
            try #require(stored.count == sent.count)
            // Returns only if nothing is counted as under way that nobody has, and nothing twice.
            await streams.settle()
        }
    }

    static func batch(_ id: String) -> Batch<Learner> {
        var batch = Batch<Learner>(stream: "learners")
        batch.records = [Learner(learnerID: id)]
        return batch
    }
}
