import Postgres
import RegistrarTesting
import Testing

/// All tests of the module, one after the other: some count libpq's live objects in the whole process.
@Suite(.serialized) struct PostgresTests {}

/// Runs `body` with a connection to a database of its own.
func withTestConnection<Value>(
    statementTimeout: Duration = .seconds(30),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (PostgresConnection, PostgresSettings) async throws -> sending Value
) async throws -> sending Value {
    try await withTestDatabase { url in
        let settings = try PostgresSettings(url: url, statementTimeout: statementTimeout, searchPath: "public, pg_temp")
        return try await PostgresConnection.withConnection(settings) { connection in
            try await body(connection, settings)
        }
    }
}

/// One binary COPY row of a `bigint` and a `text`.
func copyRow(_ number: Int64, _ text: [UInt8]) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    return bytes(Int16(2)) + bytes(Int32(8)) + bytes(number) + bytes(Int32(text.count)) + text
}
