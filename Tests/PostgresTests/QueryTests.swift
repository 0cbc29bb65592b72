import Postgres
import Testing

extension PostgresTests {
    @Suite struct QueryTests {
        @Test("every parameter type arrives exactly", .timeLimit(.minutes(1)))
        func parameters() async throws {
            try await withTestConnection { connection, _ in
                let result = try await connection.query(
                    """
                    SELECT $1 AS text, $2 AS int8, $3 AS float8, $4 AS bool, $5 AS time, $6 ->> 'a' AS json,
                           $7 AS numeric, $8 AS texts, $9::text AS int8s, $10::text AS bytes, $11::text AS nothing,
                           pg_typeof($5)::text || pg_typeof($6) || pg_typeof($7) || pg_typeof($8) AS types
                    """,
                    [
                        .text("Ωé\u{1F600}'\\ \n"), .int8(.min), .float8(0.1), .bool(true),
                        .timestamptz(1_751_299_200_123_456), .jsonb(#"{"a": "b"}"#), .numeric("93.33333333333333333"),
                        .textArray(["a", nil, "NULL", "with \"quotes\", \\ and {braces}", ""]),
                        .int8Array([1, nil, 3]),
                        .bytea([0, 255]), .null,
                    ]
                )
                #expect(try result.string(0, "text") == "Ωé\u{1F600}'\\ \n")
                #expect(try result.int(0, "int8") == .min)
                #expect(try result.double(0, "float8") == 0.1)
                #expect(try result.bool(0, "bool") == true)
                #expect(try result.timestamp(0, "time") == 1_751_299_200_123_456)
                #expect(try result.string(0, "json") == "b")
                #expect(try result.string(0, "numeric") == "93.33333333333333333")
                let texts = try result.textArray(0, "texts")
                #expect(texts == ["a", nil, "NULL", "with \"quotes\", \\ and {braces}", ""])
                #expect(try result.string(0, "int8s") == "{1,NULL,3}")
                #expect(try result.string(0, "bytes") == "\\x00ff")
                #expect(try result.isNull(0, "nothing"))
                #expect(try result.string(0, "types") == "timestamp with time zonejsonbnumerictext[]")
            }
        }

        @Test(
            "times come back to the microsecond, from year 1 to 9999",
            arguments: [
                ("1970-01-01 00:00:00+00", Int64(0)), ("1969-12-31 23:59:59.999999+00", -1),
                ("2024-02-29 12:00:00.5+05:30", 1_709_188_200_500_000),
                ("9999-12-31 23:59:59+00", 253_402_300_799_000_000),
                ("0001-01-01 00:00:00+00", -62_135_596_800_000_000), ("infinity", .max), ("-infinity", .min),
            ]
        )
        func times(_ text: String, _ microseconds: Int64) async throws {
            try await withTestConnection { connection, _ in
                let read = try await connection.query("SELECT $1::timestamptz", [.text(text)]).timestamp(0, 0)
                #expect(read == microseconds)
                guard microseconds != .max, microseconds != .min else { return }
                let sent = try await connection.query(
                    "SELECT $1 = $2::text::timestamptz",
                    [.timestamptz(microseconds), .text(text)]
                )
                #expect(try sent.bool(0, 0) == true)
            }
        }

        @Test("empty arrays keep their type and length", .timeLimit(.minutes(1)))
        func emptyArrays() async throws {
            try await withTestConnection { connection, _ in
                let result = try await connection.query("SELECT cardinality($1), $1", [.textArray([])])
                #expect(try result.int(0, 0) == 0)
                #expect(try result.textArray(0, 1) == [])
            }
        }

        @Test(
            "a NUL is refused before anything is sent, wherever it stands",
            arguments: [
                PostgresValue.text("x\0y"), .textArray(["x", "\0"]), .jsonb("\"\0\""), .numeric("1\0"),
            ]
        )
        func nul(_ value: PostgresValue) async throws {
            try await withTestConnection { connection, _ in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.query("SELECT $1", [value])
                }
                #expect(error?.code == .nulCharacter)
                let one = try await connection.query("SELECT 1").int(0, 0)
                #expect(one == 1)
            }
        }

        @Test(
            "each SQLSTATE means what is to be done",
            arguments: [
                ("40001", PostgresFailure.conflict), ("40P01", .conflict), ("55P03", .conflict), ("08006", .connection),
                ("57P01", .connection), ("53300", .connection), ("57014", .deadline), ("25006", .readOnly),
                ("53100", .noRoom), ("26000", .statementGone), ("22P02", .badRow), ("23505", .badRow),
                ("54001", .badRow),
                ("21000", .bug), ("42501", .rights), ("28P01", .rights), ("3D000", .rights), ("XX001", .damage),
            ]
        )
        func classes(_ sqlState: String, _ kind: PostgresFailure) async throws {
            try await withTestConnection { connection, _ in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.execute(
                        "DO $$ BEGIN RAISE EXCEPTION 'secret row' USING ERRCODE = '\(sqlState)'; END $$"
                    )
                }
                #expect(error?.sqlState == sqlState)
                #expect(error?.kind == kind)
            }
        }

        @Test("an error names table and constraint, and never shows the row", .timeLimit(.minutes(1)))
        func privacy() async throws {
            try await withTestConnection { connection, _ in
                _ = try await connection.execute("CREATE TABLE people (id int PRIMARY KEY, email text NOT NULL)")
                _ = try await connection.execute("INSERT INTO people VALUES (1, 'ada@example.org')")
                let failures: [(String, [PostgresValue], String)] = [
                    ("INSERT INTO people VALUES (1, $1)", [.text("eve@example.org")], "people_pkey"),
                    ("INSERT INTO people VALUES (2, $1)", [.null], "column email"),
                    ("SELECT $1::text::int", [.text("eve@example.org")], "22P02"),
                ]
                for (sql, parameters, named) in failures {
                    let error = await #expect(throws: PostgresError.self) {
                        try await connection.query(sql, parameters)
                    }
                    let error2 = try #require(error)
                    var dumped = ""
                    dump(error2, to: &dumped)
                    for text in ["\(error2)", String(reflecting: error2), dumped, "\(error2 as any Error)"] {
                        #expect(!text.contains("@example.org"))
                        #expect(text.contains(named))
                    }
                    #expect(error2.kind == .badRow)
                }
            }
        }

        @Test("several statements run as one, and all or none of them count", .timeLimit(.minutes(1)))
        func scripts() async throws {
            try await withTestConnection { connection, _ in
                let rows = try await connection.execute(
                    "CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 7)"
                )
                #expect(rows == 7)
                await #expect(throws: PostgresError.self) { try await connection.execute("DELETE FROM t; SELECT 1/0") }
                #expect(try await connection.query("SELECT * FROM t").rowCount == 7)
                #expect(try await connection.execute("DELETE FROM t WHERE id > $1", [.int8(5)]) == 2)
            }
        }

        @Test("a reader throws for a wrong column, row or type", .timeLimit(.minutes(1)))
        func readers() async throws {
            try await withTestConnection { connection, _ in
                let result = try await connection.query("SELECT 'abc' AS word")
                #expect(throws: PostgresError.self) { try result.int(0, "word") }
                #expect(throws: PostgresError.self) { try result.string(0, "other") }
                #expect(throws: PostgresError.self) { try result.string(1, "word") }
            }
        }

        @Test("the session is set up as designed", .timeLimit(.minutes(1)))
        func session() async throws {
            try await withTestConnection { connection, _ in
                let names = [
                    "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
                    "client_connection_check_interval", "search_path", "TimeZone", "client_encoding",
                    "application_name",
                ]
                var values: [String?] = []
                for name in names {
                    values.append(try await connection.query("SELECT current_setting($1)", [.text(name)]).string(0, 0))
                }
                #expect(values == ["30s", "30s", "30s", "1s", "public, pg_temp", "UTC", "UTF8", "registrar"])
            }
        }

        @Test("a longer deadline lets the server work longer, for that call only", .timeLimit(.minutes(1)))
        func longerDeadline() async throws {
            try await withTestConnection(statementTimeout: .milliseconds(100)) { connection, _ in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.query("SELECT pg_sleep(0.3)")
                }
                #expect(error?.kind == .deadline)
                #expect(error?.sqlState == "57014")
                _ = try await connection.query("SELECT pg_sleep(0.3)", deadline: .seconds(20))
                #expect(try await connection.query("SHOW statement_timeout").string(0, 0) == "100ms")
            }
        }

        @Test("nothing of libpq is left alive", .timeLimit(.minutes(1)))
        func leaks() async throws {
            let before = LivePostgresObjects.count
            try await withTestConnection { connection, settings in
                for _ in 0..<20 {
                    _ = try await connection.query("SELECT generate_series(1, 10)")
                    _ = try? await connection.query("SELECT 1/0")
                }
                _ = try? await connection.query("SELECT pg_sleep(10)", deadline: .milliseconds(20))
                _ = try? await PostgresConnection.connect(PostgresSettings(url: "host=/nowhere"))
                #expect(LivePostgresObjects.count <= before + 1)
                _ = settings
            }
            #expect(LivePostgresObjects.count == before)
        }
    }
}
