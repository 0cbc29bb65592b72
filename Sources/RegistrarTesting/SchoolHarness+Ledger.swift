import LMSSimulator

extension SchoolHarness {
    /// Calls for data of the last run by stream, as `sync.run_streams` has them; streams without one are left out.
    package func requestsOfLastRun() async throws -> [String: Int] {
        let rows = try await sql(
            """
            SELECT stream, requests FROM sync.run_streams
            WHERE run_id = (SELECT max(run_id) FROM sync.runs) AND requests > 0
            """
        )
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1].flatMap { Int($0) } ?? 0) })
    }

    /// Calls for data that the school has answered since its counters were reset, by the stream they belong to.
    package func servedRequests() -> [String: Int] {
        var byStream: [String: Int] = [:]
        for (route, count) in simulator.requests.routes {
            byStream[Self.streamByRoute[route] ?? route, default: 0] += count
        }
        return byStream
    }

    private static let streamByRoute = [
        "course": "courses", "contents": "assessments", "roster": "enrollments", "users": "learners",
        "user": "learners", "responses": "assessment_responses", "course_progress": "progress",
    ]

    /// What is wrong with the run ledger: empty when every book balances and every outcome is told.
    package func bookkeepingFaults() async throws -> [String] {
        let checks = [
            "a stream's rows do not add up": """
            SELECT run_id || ' ' || stream FROM sync.run_streams WHERE rows_read IS DISTINCT FROM
              rows_inserted + rows_updated + rows_unchanged + rows_rejected + rows_duplicate + rows_suppressed
            """,
            "a run's sums are not those of its streams": """
            SELECT r.run_id || ' ' || r.mode FROM sync.runs r
            LEFT JOIN LATERAL (
              SELECT sum(requests) AS requests, sum(rows_read) AS rows_read, sum(rows_rejected) AS rows_rejected,
                sum(rows_inserted + rows_updated) AS rows_written
              FROM sync.run_streams s WHERE s.run_id = r.run_id) s ON true
            WHERE (r.requests, r.rows_read, r.rows_rejected, r.rows_written)
              IS DISTINCT FROM (s.requests, s.rows_read, s.rows_rejected, s.rows_written)
            """,
            "a run has no outcome": """
            SELECT run_id || ' ' || status FROM sync.runs
            WHERE (status = 'running') <> (finished_at IS NULL) OR (status = 'failed' AND error IS NULL)
              OR status = 'running'
            """,
            "a stream has no outcome": """
            SELECT run_id || ' ' || stream FROM sync.run_streams WHERE finished_at IS NULL OR status = 'running'
            """,
        ]
        var faults: [String] = []
        for (name, query) in checks {
            for row in try await sql(query) { faults.append("\(name): run \(row[0] ?? "")") }
        }
        return faults.sorted()
    }
}
