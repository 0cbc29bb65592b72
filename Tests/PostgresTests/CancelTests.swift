import Postgres
import Testing

extension PostgresTests {
    @Suite struct CancelTests {
        /// Returns once the server shows `pid` in the state `active` or not, or the test's time limit strikes.
        private func waitUntil(
            _ observer: PostgresConnection,
            _ condition: String,
            _ pid: Int32
        ) async throws {
            let sql = "SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND query LIKE '%marker%'"
            while try await observer.query(sql, [.int8(Int64(pid))]).isEmpty == (condition == "running") {
                await Task.yield()
            }
        }

        @Test("cancelling the task stops the statement on the server at once", .timeLimit(.minutes(1)))
        func cancel() async throws {
            try await withTestConnection { observer, settings in
                let connection = try await PostgresConnection.connect(settings)
                let pid = await connection.backendPID
                let sleeping = Task { try await connection.query("SELECT pg_sleep(30) /* marker */") }
                try await waitUntil(observer, "running", pid)
                let start = ContinuousClock.now
                sleeping.cancel()
                await #expect(throws: CancellationError.self) { try await sleeping.value }
                #expect(ContinuousClock.now - start < .seconds(3))
                try await waitUntil(observer, "gone", pid)
                #expect(await !connection.isUsable)
            }
        }

        @Test("a cancelled transaction rolls back", .timeLimit(.minutes(1)))
        func cancelTransaction() async throws {
            try await withTestConnection { observer, settings in
                _ = try await observer.execute("CREATE TABLE t (id int)")
                let connection = try await PostgresConnection.connect(settings)
                let pid = await connection.backendPID
                let working = Task {
                    try await connection.transaction { connection in
                        try connection.execute("INSERT INTO t VALUES (1)")
                        _ = try connection.query("SELECT pg_sleep(30) /* marker */")
                    }
                }
                try await waitUntil(observer, "running", pid)
                working.cancel()
                await #expect(throws: CancellationError.self) { try await working.value }
                try await waitUntil(observer, "gone", pid)
                #expect(try await observer.query("SELECT FROM t").rowCount == 0)
            }
        }

        @Test("a cancelled task sends nothing, and the connection stays good", .timeLimit(.minutes(1)))
        func cancelledBefore() async throws {
            try await withTestConnection { connection, _ in
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    _ = try await connection.query("SELECT 1")
                }
                await #expect(throws: CancellationError.self) { try await task.value }
                let number2 = try await connection.query("SELECT 2").int(0, 0)
                #expect(number2 == 2)
                connection.cancel()  // nothing runs: forgotten
                let number3 = try await connection.query("SELECT 3").int(0, 0)
                #expect(number3 == 3)
            }
        }

        @Test("a COPY cancelled in the middle stores nothing and lets its locks go", .timeLimit(.minutes(1)))
        func cancelCopy() async throws {
            try await withTestConnection { observer, settings in
                // The trigger makes the server stop reading, so that the client's buffers fill up.
                _ = try await observer.execute(
                    """
                    CREATE TABLE rows (id bigint, text text);
                    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
                    CREATE TRIGGER wait BEFORE INSERT ON rows FOR EACH ROW EXECUTE FUNCTION wait();
                    """
                )
                let connection = try await PostgresConnection.connect(settings)
                let pid = await connection.backendPID
                let text = [UInt8](repeating: UInt8(ascii: "x"), count: 60_000)
                let body = (0..<200).flatMap { copyRow(Int64($0), text) }
                let copying = Task {
                    try await connection.copyIn(
                        "COPY rows FROM STDIN (FORMAT binary) /* marker */",
                        body,
                        expectedRows: 200
                    )
                }
                try await waitUntil(observer, "running", pid)
                let start = ContinuousClock.now
                copying.cancel()
                await #expect(throws: CancellationError.self) { try await copying.value }
                #expect(ContinuousClock.now - start < .seconds(6))
                try await waitUntil(observer, "gone", pid)
                #expect(try await observer.execute("LOCK TABLE rows; SELECT FROM rows") == 0)
            }
        }

        @Test("a deadline is an error of its own, and ends the statement on the server", .timeLimit(.minutes(1)))
        func deadline() async throws {
            try await withTestConnection { observer, settings in
                let connection = try await PostgresConnection.connect(settings)
                let pid = await connection.backendPID
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.query("SELECT pg_sleep(30) /* marker */", deadline: .milliseconds(200))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(error?.kind == .deadline)
                #expect(ContinuousClock.now - start < .seconds(3))
                try await waitUntil(observer, "gone", pid)
                let later = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
                #expect(later?.code == .closed)
                #expect(later?.isRetryable == true)
            }
        }

        @Test("waiting statements leave the other tasks their threads", .timeLimit(.minutes(1)))
        func cooperation() async throws {
            try await withTestConnection { _, settings in
                let start = ContinuousClock.now
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 {
                        group.addTask {
                            try await PostgresConnection.withConnection(settings) {
                                _ = try await $0.query("SELECT pg_sleep(0.5)")
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(ContinuousClock.now - start < .seconds(2))
            }
        }
    }
}
