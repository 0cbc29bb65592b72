import Postgres
import Testing

extension PostgresTests {
    @Suite struct CopyTests {
        private static let copy = "COPY rows FROM STDIN (FORMAT binary)"

        private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
            try await withTestConnection { connection, _ in
                _ = try await connection.execute("CREATE TABLE rows (id bigint CHECK (id <> 13), text text)")
                try await body(connection)
            }
        }

        private func count(_ connection: PostgresConnection) async throws -> Int64? {
            try await connection.query("SELECT count(*) FROM rows").int(0, 0)
        }

        @Test("rows in many chunks arrive whole", .timeLimit(.minutes(1)))
        func happy() async throws {
            try await withTable { connection in
                let text = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
                let body = (0..<5000).flatMap { copyRow(Int64($0) + 100, text) }
                // Cut at odd places: a row may span two chunks.
                let chunks = stride(from: 0, to: body.count, by: 999_983).map {
                    Array(body[$0..<min($0 + 999_983, body.count)])
                }
                try await connection.transaction { connection in
                    try connection.copyIn(Self.copy, chunks, expectedRows: 5000)
                }
                let result = try await connection.query("SELECT count(*), min(length(text)), sum(id) FROM rows")
                #expect(try result.int(0, 0) == 5000)
                #expect(try result.int(0, 1) == 1000)
                #expect(try result.int(0, 2) == (0..<5000).reduce(0) { $0 + $1 + 100 })
            }
        }

        @Test("no rows at all is a COPY of none", .timeLimit(.minutes(1)))
        func empty() async throws {
            try await withTable { connection in
                try await connection.copyIn(Self.copy, [UInt8](), expectedRows: 0)
                let stored = try await count(connection)
                #expect(stored == 0)
            }
        }

        @Test("another count than expected stores nothing", arguments: [1, 3])
        func countMismatch(_ expected: Int) async throws {
            try await withTable { connection in
                let body = copyRow(1, [65]) + copyRow(2, [66])
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.copyIn(Self.copy, body, expectedRows: expected)
                }
                #expect(error?.code == .copyCountMismatch)
                #expect(error?.kind == .bug)
                let stored = try await count(connection)
                #expect(stored == 0)
            }
        }

        @Test("bad data, a broken rule and a cut row store nothing, and show nothing", .timeLimit(.minutes(1)))
        func badData() async throws {
            try await withTable { connection in
                let good = copyRow(1, Array("ada@example.org".utf8))
                let bodies: [([UInt8], String)] = [
                    (good + copyRow(2, [0xFF, 0xFE]), "22021"), (good + copyRow(13, [65]), "23514"),
                    (Array((good + good).dropLast(3)), "22P04"), (good + copyRow(2, [0]), "22021"),
                ]
                for (body, sqlState) in bodies {
                    let error = await #expect(throws: PostgresError.self) {
                        try await connection.copyIn(Self.copy, body, expectedRows: 2)
                    }
                    #expect(error?.sqlState == sqlState)
                    #expect(error?.kind == .badRow)
                    #expect(error.map { "\($0)".contains("example.org") } == false)
                    let stored = try await count(connection)
                    #expect(stored == 0)
                }
            }
        }

        @Test("a COPY refused at once is told, and the connection lives", .timeLimit(.minutes(1)))
        func refused() async throws {
            try await withTable { connection in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.copyIn("COPY missing FROM STDIN (FORMAT binary)", [UInt8](), expectedRows: 0)
                }
                #expect(error?.sqlState == "42P01")
                let stored = try await count(connection)
                #expect(stored == 0)
            }
        }

        @Test(
            "a statement that is no COPY, or a COPY in text, is our mistake",
            arguments: [
                "SELECT 1", "COPY rows FROM STDIN", "COPY rows TO STDOUT",
            ]
        )
        func noCopy(_ sql: String) async throws {
            try await withTable { connection in
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.copyIn(sql, [UInt8](), expectedRows: 0)
                }
                #expect(error?.code == .copyState)
                #expect(await !connection.isUsable)
            }
        }

        @Test("data refused early does not stop a large body from ending", .timeLimit(.minutes(1)))
        func refusedEarly() async throws {
            try await withTable { connection in
                let text = [UInt8](repeating: UInt8(ascii: "x"), count: 60_000)
                let body = copyRow(13, text) + (0..<500).flatMap { copyRow(Int64($0) + 100, text) }
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.copyIn(Self.copy, body, expectedRows: 501)
                }
                #expect(error?.sqlState == "23514")
                #expect(error?.constraint == "rows_id_check")
                let stored = try await count(connection)
                #expect(stored == 0)
            }
        }
    }
}
