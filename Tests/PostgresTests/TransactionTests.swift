import Postgres
import RegistrarTesting
import Testing

extension PostgresTests {
    @Suite struct TransactionTests {
        private struct Stop: Error {}

        @Test("a body that throws leaves nothing, and its error comes through", .timeLimit(.minutes(1)))
        func rollback() async throws {
            try await withTestConnection { connection, _ in
                _ = try await connection.execute("CREATE TABLE t (id int)")
                await #expect(throws: Stop.self) {
                    try await connection.transaction { connection in
                        try connection.execute("INSERT INTO t VALUES (1)")
                        throw Stop()
                    }
                }
                #expect(try await connection.query("SELECT FROM t").rowCount == 0)
                let number = try await connection.transaction { connection in
                    try connection.execute("INSERT INTO t VALUES (1)")
                    return try connection.query("SELECT id FROM t").int(0, 0)
                }
                #expect(number == 1)
                #expect(try await connection.query("SELECT FROM t").rowCount == 1)
            }
        }

        @Test("a swallowed error does not look like a commit", .timeLimit(.minutes(1)))
        func swallowed() async throws {
            try await withTestConnection { connection, _ in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.transaction { connection in _ = try? connection.query("SELECT 1/0") }
                }
                #expect(error?.code == .commitRefused)
                let one = try await connection.query("SELECT 1").int(0, 0)
                #expect(one == 1)
            }
        }

        @Test("a constraint checked at COMMIT is an answer, not a doubt", .timeLimit(.minutes(1)))
        func deferred() async throws {
            try await withTestConnection { connection, _ in
                _ = try await connection.execute("CREATE TABLE t (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.transaction { connection in
                        try connection.execute("INSERT INTO t VALUES (1), (1)")
                    }
                }
                #expect(error?.sqlState == "23505")
                #expect(error?.isCommitInDoubt == false)
                #expect(try await connection.query("SELECT FROM t").rowCount == 0)
            }
        }

        @Test(
            "a lost COMMIT is resolved by asking the server",
            arguments: [
                (CommitProxy.Fault.afterCommit, CommitOutcome.committed), (.beforeCommit, .aborted),
            ]
        )
        func commitInDoubt(_ fault: CommitProxy.Fault, _ outcome: CommitOutcome) async throws {
            try await withTestConnection { connection, settings in
                _ = try await connection.execute("CREATE TABLE t (id int)")
                let sockets = try await connection.query("SHOW unix_socket_directories").string(0, 0) ?? ""
                let database = try await connection.query("SELECT current_database()").string(0, 0) ?? ""
                let proxy = try CommitProxy(server: "\(sockets)/.s.PGSQL.5432", fault: fault)
                defer { proxy.remove() }
                let address = "host=\(proxy.directory) user=registrar dbname=\(database)"
                let proxied = try await PostgresConnection.connect(
                    PostgresSettings(url: address, searchPath: "public")
                )
                let error = await #expect(throws: PostgresError.self) {
                    try await proxied.transaction { try $0.execute("INSERT INTO t VALUES (1)") }
                }
                #expect(error?.isCommitInDoubt == true)
                let transactionID = try #require(error?.transactionID)
                let resolved = try await PostgresConnection.resolve(transactionID: transactionID, settings: settings)
                #expect(resolved == outcome)
                #expect(try await connection.query("SELECT FROM t").rowCount == (outcome == .committed ? 1 : 0))
            }
        }

        @Test("a transaction the server cannot know is unknown", .timeLimit(.minutes(1)))
        func unknown() async throws {
            try await withTestConnection { _, settings in
                let future = try await PostgresConnection.resolve(transactionID: "4000000000", settings: settings)
                #expect(future == .unknown)
            }
        }

        @Test("a backend ended by the administrator is a retryable loss of the connection", .timeLimit(.minutes(1)))
        func terminated() async throws {
            try await withTestConnection { connection, settings in
                let victim = try await PostgresConnection.connect(settings)
                let pid = await Int64(victim.backendPID)
                let ended = try await connection.query("SELECT pg_terminate_backend($1::int, 5000)", [.int8(pid)])
                #expect(try ended.bool(0, 0) == true)
                let error = await #expect(throws: PostgresError.self) { try await victim.query("SELECT 1") }
                #expect(error?.sqlState == "57P01")
                #expect(error?.kind == .connection)
                #expect(error?.isRetryable == true)
                #expect(await !victim.isUsable)
                let later = await #expect(throws: PostgresError.self) { try await victim.query("SELECT 1") }
                #expect(later?.code == .closed)
            }
        }
    }
}
