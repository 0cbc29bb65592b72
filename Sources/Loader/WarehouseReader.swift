import Postgres
import Records

/// Questions about what is stored, on a connection of their own: an answer never waits for a commit unit being written.
package struct WarehouseReader: Sendable {
    /// `nil` where there is no schema yet: every question is then answered with nothing.
    let database: RetryingConnection?

    /// Runs one statement and reads its rows.
    func rows<Value: Sendable>(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        _ read: @escaping @Sendable (PostgresResult, Int) throws -> Value
    ) async throws -> [Value] {
        guard let database else { return [] }
        do {
            return try await database.perform { connection in
                let result = try connection.query(sql, parameters)
                var values: [Value] = []
                values.reserveCapacity(result.rowCount)
                for row in 0..<result.rowCount { values.append(try read(result, row)) }
                return values
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }

    /// Ids of a table's first column.
    func ids(_ sql: String, _ parameters: [PostgresValue]) async throws -> [String] {
        try await rows(sql, parameters) { try $0.string($1, 0) ?? "" }
    }

    /// The first number of the first row.
    func number(_ sql: String, _ parameters: [PostgresValue]) async throws -> Int {
        try await rows(sql, parameters) { Int(try $0.int($1, 0) ?? 0) }.first ?? 0
    }
}

extension PostgresResult {
    /// A column as an instant.
    func instant(_ row: Int, _ column: Int) throws -> Timestamp? {
        try timestamp(row, column).map(Timestamp.init(microsecondsSinceEpoch:))
    }
}

extension PostgresValue {
    init(_ instant: Timestamp) { self = .timestamptz(instant.microseconds) }
}
