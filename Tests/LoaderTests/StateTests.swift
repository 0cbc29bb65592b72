import Loader
import Postgres
import Records
import Testing

@Suite struct StateTests {
    private func publish(_ run: TestRun, _ build: (inout CommitUnit) -> Void) async throws {
        var unit = run.unit
        build(&unit)
        _ = try await run.writer.publish(unit)
    }

    @Test func aWatermarkNeverGoesBack() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await publish(run) {
                $0.setWatermark(
                    "events",
                    position: #"{"created_after": 1751299200.512044, "b": "x"}"#,
                    dataAsOf: instant(10)
                )
            }
            try await publish(run) {
                $0.setWatermark("events", position: #"{"created_after": 1751299100}"#, dataAsOf: instant(5))
            }
            let mark = try await test.warehouse.reader.watermark("acme", "events")
            #expect(mark?.position == #"{"b": "x", "created_after": 1751299200.512044}"#)
            #expect(mark?.dataAsOf == instant(10))
            try await publish(run) {
                $0.setWatermark("events", position: #"{"created_after": 1751299201}"#, dataAsOf: nil)
            }
            #expect(
                try await test.warehouse.reader.watermark("acme", "events")?.position
                    == #"{"b": "x", "created_after": 1751299201}"#
            )
            #expect(try await test.warehouse.reader.watermark("other", "events") == nil)
        }
    }

    @Test func watermarksArePagedByPartition() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await publish(run) { unit in
                for id in ["b", "a", "C", "d"] {
                    unit.setWatermark("grades", id, position: #"{"n": 1}"#, dataAsOf: instant())
                }
            }
            let reader = test.warehouse.reader
            #expect(try await reader.watermarks("acme", "grades", limit: 3).map(\.partition) == ["C", "a", "b"])
            #expect(try await reader.watermarks("acme", "grades", after: "b").map(\.partition) == ["d"])
            #expect(try await reader.watermarks("acme", "grades", partitions: ["a", "x"]).map(\.partition) == ["a"])
        }
    }

    @Test func aReasonToReadAllOutranksTheOthers() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await publish(run) {
                $0.queue("grades", "c1", reason: "whole", dueAt: instant(60))
                $0.queue("grades", "c1", reason: "active", dueAt: instant(50))
                $0.queue("grades", "c2", reason: "active", dueAt: instant(50))
            }
            try await publish(run) {
                $0.queue("grades", "c1", reason: "active", dueAt: instant(40), attempts: 2)
                $0.queue("grades", "c2", reason: "whole", dueAt: instant(60))
            }
            let stored = try await test.warehouse.reader.pending("acme", stream: "grades", after: "", limit: 10)
            #expect(stored.map(\.reason) == ["whole", "whole"])
            #expect(stored.map(\.dueAt) == [instant(40), instant(50)])
        }
    }

    @Test func theQueueKeepsTheEarliestDueTime() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await publish(run) {
                $0.queue("progress", "l1", reason: "visit", dueAt: instant(50))
                $0.queue("progress", "l1", reason: "later", dueAt: instant(60))
                $0.queue("progress", "l2", reason: "visit", dueAt: instant(10))
            }
            let reader = test.warehouse.reader
            let queued = try await reader.pending("acme", streams: ["progress"], dueBy: instant(100))
            #expect(queued.map(\.partition) == ["l2", "l1"])
            try await publish(run) { $0.queue("progress", "l1", reason: "sooner", dueAt: instant(5)) }
            let sooner = try await reader.pending("acme", streams: ["progress"], dueBy: instant(5))
            #expect(sooner.map(\.reason) == ["sooner"])
            #expect(sooner.first?.queuedAt == queued.last?.queuedAt)
            #expect(try await reader.pendingCount("acme", streams: ["progress", "grades"]) == 2)
            #expect(try await reader.pendingCount("acme", streams: ["progress"], dueBy: instant(5)) == 1)

            let before = try #require(sooner.first?.queuedAt)
            try await publish(run) {
                $0.unqueue("progress", "l1", queuedUpTo: Timestamp(microsecondsSinceEpoch: before.microseconds - 1))
            }
            #expect(try await reader.pendingCount("acme", streams: ["progress"]) == 2)
            // Answered and queued again in one commit unit: the new entry stays.
            try await publish(run) {
                $0.queue("progress", "l1", reason: "settle", dueAt: instant(500))
                $0.unqueue("progress", "l1", queuedUpTo: before)
                $0.unqueue("progress", "l2")
            }
            let left = try await reader.pending("acme", streams: ["progress"], dueBy: instant(1_000))
            #expect(left.map(\.reason) == ["settle"])
            #expect(left.first?.dueAt == instant(500))
        }
    }

    @Test func checkpointsComeAndGo() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let reader = test.warehouse.reader
            try await publish(run) {
                $0.setCheckpoint("learners", position: #"{"page": 3}"#)
                $0.setCheckpoint("grades", "c1", position: #"{"page": 4}"#)
            }
            try await publish(run) {
                $0.setCheckpoint("learners", position: #"{"page": 5}"#)
            }
            let positions = try await reader.checkpoints("acme").map(\.position)
            #expect(Set(positions) == [#"{"page": 4}"#, #"{"page": 5}"#])
            try await publish(run) { $0.removeAllCheckpoints() }
            #expect(try await reader.checkpoints("acme").isEmpty)
        }
    }

    @Test func aRestartBeginsItsStreamsAnew() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let reader = test.warehouse.reader
            try await publish(run) {
                for stream in ["learners", "grades"] {
                    $0.setWatermark(stream, position: #"{"n": 9}"#, dataAsOf: instant())
                    $0.setCheckpoint(stream, position: "{}")
                    $0.queue(stream, "x", reason: "r", dueAt: instant())
                }
                $0.setBaselineCompleted(at: instant(7))
                $0.setNotBefore(instant(8))
            }
            #expect(try await reader.source("acme")?.baselineCompletedAt == instant(7))
            #expect(try await reader.source("acme")?.notBefore == instant(8))
            try await publish(run) {
                $0.restart(streams: ["grades"])
                $0.setNotBefore(nil)
            }
            #expect(try await reader.watermark("acme", "grades") == nil)
            #expect(try await reader.watermark("acme", "learners") != nil)
            #expect(try await reader.checkpoints("acme").map(\.stream) == ["learners"])
            #expect(try await reader.pendingCount("acme", streams: ["learners", "grades"]) == 1)
            #expect(try await reader.source("acme")?.baselineCompletedAt == nil)
            #expect(try await reader.source("acme")?.notBefore == nil)
            try await publish(run) { $0.setWatermark("grades", position: #"{"n": 1}"#, dataAsOf: instant()) }
            #expect(try await reader.watermark("acme", "grades")?.position == #"{"n": 1}"#)
        }
    }

    @Test func whatWasFoundIsStoredOnce() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            for _ in 0..<2 {
                try await publish(run) {
                    $0.reject(
                        RejectedRecord(stream: "grades", naturalKey: "g1", reason: "no score", payload: #"{"a": 1}"#)
                    )
                    $0.reject(RejectedRecord(stream: "grades", naturalKey: nil, reason: "no id", payload: #"{"b": 2}"#))
                    $0.drift("grades", field: "extra", jsonType: "string", kept: true)
                    $0.coverage("grades", "c1", outcome: .read, expected: 3, read: 3, isComplete: true)
                    $0.coverage("grades", "c2", outcome: .refused)
                    $0.addRequests("grades", 4)
                }
            }
            let reader = test.warehouse.reader
            #expect(try await reader.rejects("acme").map(\.naturalKey) == ["g1", nil])
            #expect(try await reader.rejectsByReason().map(\.count) == [1, 1])
            #expect(try await reader.coverage("acme").map(\.outcome) == [.read, .refused])
            #expect(try await test.value("SELECT count(*)::text FROM sync.schema_drift") == "1")
            let runs = try await reader.lastRuns("acme")
            #expect(runs.map(\.requests) == [8])
            #expect(runs.map(\.rowsRejected) == [4])
            let stream = try await reader.runStreams(run.lease.runID).first { $0.stream == "grades" }
            #expect(stream?.counts == counts(rejected: 4))
        }
    }
}
