import CLibpq

/// The rows one statement returned, held in memory by libpq.
///
/// Readers throw where the result has no such row or column, or the text is not of the asked type;
/// they return `nil` for NULL.
package struct PostgresResult: Sendable {
    private let handle: ResultHandle

    /// How many rows the statement returned.
    package let rowCount: Int
    /// How many columns each row has.
    package let columnCount: Int
    /// How many rows the statement inserted, updated, deleted, copied or selected.
    package let affectedRows: Int

    init(_ handle: ResultHandle) {
        self.handle = handle
        rowCount = Int(PQntuples(handle.pointer))
        columnCount = Int(PQnfields(handle.pointer))
        affectedRows = PQcmdTuples(handle.pointer).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// Whether the statement returned no row.
    package var isEmpty: Bool { rowCount == 0 }

    /// The names of the columns, in order.
    package var columnNames: [String] {
        (0..<Int32(columnCount)).map { PQfname(handle.pointer, $0).map { String(cString: $0) } ?? "" }
    }

    /// Returns the position of the column named `name`.
    package func column(_ name: String) throws(PostgresError) -> Int {
        let position = PQfnumber(handle.pointer, name)
        guard position >= 0 else {
            throw PostgresError(.unexpectedResult, "the result has no column \(name)")
        }
        return Int(position)
    }

    /// Whether the value is NULL.
    package func isNull(_ row: Int, _ column: Int) throws(PostgresError) -> Bool {
        try check(row, column)
        return PQgetisnull(handle.pointer, Int32(row), Int32(column)) == 1
    }

    /// The value as text.
    package func string(_ row: Int, _ column: Int) throws(PostgresError) -> String? {
        guard let bytes = try bytes(row, column) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value as an integer.
    package func int(_ row: Int, _ column: Int) throws(PostgresError) -> Int64? {
        guard let text = try string(row, column) else { return nil }
        guard let value = Int64(text) else { throw mismatch(column, "an integer") }
        return value
    }

    /// The value as a floating-point number.
    package func double(_ row: Int, _ column: Int) throws(PostgresError) -> Double? {
        guard let text = try string(row, column) else { return nil }
        guard let value = Double(text) else { throw mismatch(column, "a number") }
        return value
    }

    /// The value as a truth value.
    package func bool(_ row: Int, _ column: Int) throws(PostgresError) -> Bool? {
        guard let text = try string(row, column) else { return nil }
        switch text {
        case "t": return true
        case "f": return false
        default: throw mismatch(column, "a boolean")
        }
    }

    /// The value of a `timestamptz` column in microseconds since 1970-01-01 UTC.
    ///
    /// `infinity` and `-infinity` are `Int64.max` and `Int64.min`.
    package func timestamp(_ row: Int, _ column: Int) throws(PostgresError) -> Int64? {
        guard let bytes = try bytes(row, column) else { return nil }
        guard let value = PostgresTimestamp.microseconds(parsing: bytes) else {
            throw mismatch(column, "a time of years 1 to 9999")
        }
        return value
    }

    /// The elements of a `text[]` column.
    package func textArray(_ row: Int, _ column: Int) throws(PostgresError) -> [String?]? {
        guard let bytes = try bytes(row, column) else { return nil }
        guard let value = PostgresTextArray.elements(parsing: bytes) else { throw mismatch(column, "an array of text") }
        return value
    }

    private func bytes(_ row: Int, _ column: Int) throws(PostgresError) -> UnsafeRawBufferPointer? {
        guard try !isNull(row, column), let start = PQgetvalue(handle.pointer, Int32(row), Int32(column)) else {
            return nil
        }
        let length = Int(PQgetlength(handle.pointer, Int32(row), Int32(column)))
        return UnsafeRawBufferPointer(start: start, count: length)
    }

    private func check(_ row: Int, _ column: Int) throws(PostgresError) {
        guard (0..<rowCount).contains(row), (0..<columnCount).contains(column) else {
            throw PostgresError(
                .unexpectedResult,
                "row \(row), column \(column) was asked of a result of \(rowCount) rows and \(columnCount) columns"
            )
        }
    }

    private func mismatch(_ column: Int, _ expected: String) -> PostgresError {
        let name = columnNames.indices.contains(column) ? columnNames[column] : "\(column)"
        return PostgresError(.unexpectedResult, "column \(name) of a result is not \(expected)")
    }
}

extension PostgresResult {
    /// Whether the value is NULL.
    package func isNull(_ row: Int, _ column: String) throws(PostgresError) -> Bool {
        try isNull(row, self.column(column))
    }

    /// The value as text.
    package func string(_ row: Int, _ column: String) throws(PostgresError) -> String? {
        try string(row, self.column(column))
    }

    /// The value as an integer.
    package func int(_ row: Int, _ column: String) throws(PostgresError) -> Int64? {
        try int(row, self.column(column))
    }

    /// The value as a floating-point number.
    package func double(_ row: Int, _ column: String) throws(PostgresError) -> Double? {
        try double(row, self.column(column))
    }

    /// The value as a truth value.
    package func bool(_ row: Int, _ column: String) throws(PostgresError) -> Bool? {
        try bool(row, self.column(column))
    }

    /// The value in microseconds since 1970-01-01 UTC.
    package func timestamp(_ row: Int, _ column: String) throws(PostgresError) -> Int64? {
        try timestamp(row, self.column(column))
    }

    /// The elements of a `text[]` column.
    package func textArray(_ row: Int, _ column: String) throws(PostgresError) -> [String?]? {
        try textArray(row, self.column(column))
    }
}
