import Loader
import Postgres
import Testing

@Suite("Counted calls")
struct RequestCountTests {
    private let slot: Int64 = 360_000_000
    private let now: Int64 = 1_767_600_000_000_000

    private func ledger(_ test: TestWarehouse, _ runID: Int64) async throws -> [[String?]] {
        try await test.sql(
            "SELECT stream, requests::text FROM sync.run_streams WHERE run_id = \(runID) AND requests > 0 ORDER BY stream"
        )
    }

    private func total(_ test: TestWarehouse, _ runID: Int64) async throws -> String? {
        try await test.value("SELECT requests FROM sync.runs WHERE run_id = \(runID)")
    }

    @Test("are in the ledger when the run ends, whatever became of its commit units")
    func closed() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            var unit = run.unit
            unit.addRequests("learners", 4)
            _ = try await run.writer.publish(unit)
            try await run.lease.tell(RequestNews(totals: ["learners": 4, "token": 1]))
            try await run.lease.tell(RequestNews(totals: ["learners": 9, "grades": 22, "token": 2]))
            try await run.ledger.close(status: .failed, error: "the warehouse refused")
            #expect(try await ledger(test, run.lease.runID) == [["grades", "22"], ["learners", "9"]])
            #expect(try await total(test, run.lease.runID) == "31")
            #expect(try await test.value("SELECT count(*) FROM sync.run_streams WHERE finished_at IS NULL") == "0")
        }
    }

    @Test("of a run that was killed are told by the next one")
    func killed() async throws {
        try await withWarehouse { test in
            let killed = try await test.run()
            try await killed.lease.tell(RequestNews(totals: ["learners": 125], spent: [now: 126]))
            try await test.sql("UPDATE sync.leases SET expires_at = now() - interval '1 s'")
            let next = try await test.run()
            #expect(try await total(test, killed.lease.runID) == "125")
            #expect(try await ledger(test, killed.lease.runID) == [["learners", "125"]])
            #expect(
                try await test.value("SELECT status FROM sync.runs WHERE run_id = \(killed.lease.runID)")
                    == "interrupted"
            )
            #expect(try await total(test, next.lease.runID) == "0")
        }
    }

    @Test("of a run without a ledger take nothing from those of the one before it")
    func dryRun() async throws {
        try await withWarehouse { test in
            let killed = try await test.run()
            try await killed.lease.tell(RequestNews(totals: ["learners": 7]))
            try await test.sql("UPDATE sync.leases SET expires_at = now() - interval '1 s'")
            let lease = try #require(try await test.warehouse.acquireLease(sourceID: "acme"))
            try await lease.tell(RequestNews(totals: ["learners": 3]))
            #expect(try await total(test, killed.lease.runID) == "7")
            // A holder that was overtaken does not hide what the new one has told.
            try await test.warehouse.tell(RequestNews(spent: [now: 1]), sourceID: "acme")
            #expect(try await test.value("SELECT requests->>'learners' FROM sync.run_requests") == "3")
        }
    }

    @Test("of a day add up by tenths of an hour, and the rows of an older day are used again")
    func day() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            for spent in [[now: 5], [now: 2, now + slot: 3], [now + 250 * slot: 4]] {
                try await run.lease.tell(RequestNews(totals: ["learners": 1], spent: spent))
            }
            try await test.warehouse.tell(RequestNews(spent: [now + slot: 10]), sourceID: "acme")
            let counts = try await test.warehouse.reader.requests("acme", since: now - 1_000_000)
            let byMoment = Dictionary(uniqueKeysWithValues: counts.map { ($0.atMicroseconds, $0.count) })
            #expect(byMoment == [now + slot: 13, now + 250 * slot: 4])
            #expect(try await test.warehouse.reader.requests("acme", since: now + slot).map(\.count) == [4])
            #expect(try await test.warehouse.reader.requests("other", since: 0).isEmpty)
        }
    }
}
