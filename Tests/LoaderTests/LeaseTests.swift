import Loader
import Postgres
import Records
import Testing

@Suite struct LeaseTests {
    @Test func aSecondRunIsRefusedAtOnce() async throws {
        try await withWarehouse { test in
            let lease = try #require(try await test.warehouse.acquireLease(sourceID: "acme"))
            #expect(try await test.warehouse.acquireLease(sourceID: "acme") == nil)
            let other = try #require(try await test.warehouse.acquireLease(sourceID: "other"))
            try await lease.release()
            let next = try #require(try await test.warehouse.acquireLease(sourceID: "acme"))
            #expect(next.epoch == lease.epoch + 1)
            #expect(next.runID > lease.runID)
            #expect(try await test.value("SELECT count(*)::text FROM sync.runs") == "0")
            try await next.release()
            try await other.release()
        }
    }

    @Test func aStolenLeaseStopsTheWriter() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([Learner(learnerID: "a")])
            try await test.sql("UPDATE sync.leases SET epoch = epoch + 1")
            var caught: LoadError?
            do { try await run.publish([Learner(learnerID: "b")]) } catch { caught = error as? LoadError }
            #expect(caught?.code == .fenced)
            #expect(try await test.value("SELECT string_agg(learner_id, ',') FROM lms.learners") == "a")
            #expect(try await test.value("SELECT rows_read::text FROM sync.runs") == "1")
        }
    }

    @Test func anExpiredLeaseIsTakenOverAndItsProcessEnded() async throws {
        try await withWarehouse { test in
            let ghost = try await test.run()
            try await test.sql("UPDATE sync.leases SET expires_at = clock_timestamp() - interval '1 s'")
            let next = try await test.run()
            #expect(next.lease.epoch == ghost.lease.epoch + 1)
            #expect(
                try await test.sql("SELECT run_id, status, finished_at IS NULL FROM sync.runs ORDER BY run_id")
                    == [["\(ghost.lease.runID)", "interrupted", "f"], ["\(next.lease.runID)", "running", "t"]]
            )
            var caught: LoadError?
            do { try await ghost.publish([Learner(learnerID: "a")]) } catch { caught = error as? LoadError }
            #expect(caught?.code == .fenced)
            await #expect(throws: LoadError.self) { try await ghost.lease.renew() }
            try await next.publish([Learner(learnerID: "a")])
        }
    }

    @Test func theLeaseOfADeadProcessIsFree() async throws {
        try await withWarehouse { test in
            let lease = try #require(try await test.warehouse.acquireLease(sourceID: "acme"))
            try await test.sql(
                "SELECT pg_terminate_backend(l.backend_pid, 5000) FROM sync.leases l WHERE l.source_id = 'acme'"
            )
            let next = try #require(try await test.warehouse.acquireLease(sourceID: "acme"))
            #expect(next.epoch == lease.epoch + 1)
        }
    }

    @Test func aHolderThatReconnectsKeepsItsLease() async throws {
        try await withWarehouse { test in
            let lease = try #require(try await test.warehouse.acquireLease(sourceID: "acme"))
            let pid = try await test.value("SELECT backend_pid::text FROM sync.leases")
            try await test.sql("SELECT pg_terminate_backend(backend_pid, 5000) FROM sync.leases")
            try await lease.renew()
            #expect(try await test.value("SELECT backend_pid::text FROM sync.leases") != pid)
            #expect(try await test.warehouse.acquireLease(sourceID: "acme") == nil)
            try await lease.release()
            #expect(try await test.value("SELECT expires_at::text FROM sync.leases") == "-infinity")
        }
    }

    @Test func aRunWithoutProgressIsNotRenewed() async throws {
        try await withWarehouse { test in
            var timing = LeaseTiming()
            timing.renewal = .milliseconds(1)
            timing.patience = .zero
            let lease = try #require(try await test.warehouse.acquireLease(sourceID: "acme", timing: timing))
            let before = try await test.value("SELECT expires_at::text FROM sync.leases")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await lease.keepAlive() }
                for _ in 0..<20 { try await test.sql("SELECT 1") }
                group.cancelAll()
            }
            #expect(try await test.value("SELECT expires_at::text FROM sync.leases") == before)
        }
    }

    @Test func aClosedRunSaysHowItEnded() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([Learner(learnerID: "a")])
            try await run.publish([Course(courseID: "c")], stream: "courses")
            try await run.ledger.close(status: .partial, streams: ["courses": .failed])
            #expect(try await test.sql("SELECT status, finished_at IS NOT NULL FROM sync.runs") == [["partial", "t"]])
            #expect(
                try await test.sql("SELECT stream, status FROM sync.run_streams ORDER BY 1")
                    == [["courses", "failed"], ["learners", "partial"]]
            )
            try await run.lease.release()
            let failed = try await test.run()
            try await failed.ledger.close(status: .failed)
            #expect(try await test.value("SELECT error IS NOT NULL FROM sync.runs ORDER BY run_id DESC") == "t")
        }
    }
}
