import CLibpq

extension PostgresConnection {
    /// Sends rows by `COPY … FROM STDIN (FORMAT binary)`.
    ///
    /// The COPY counts only if the server stored exactly `expectedRows`; on any error nothing of it stays.
    /// Outside a transaction it makes one of its own.
    ///
    /// `chunks` are the rows in binary COPY format, without header and trailer; a row may span chunks.
    package func copyIn(
        _ sql: String,
        _ chunks: [[UInt8]],
        expectedRows: Int,
        deadline: Duration? = nil
    ) throws {
        guard session.transactionStatus != PQTRANS_IDLE else {
            return try runTransaction { connection in
                try connection.session.copyIn(sql, chunks, expectedRows: expectedRows, deadline: deadline)
            }
        }
        try session.copyIn(sql, chunks, expectedRows: expectedRows, deadline: deadline)
    }

    /// Sends rows by `COPY … FROM STDIN (FORMAT binary)`, given in one piece.
    package func copyIn(_ sql: String, _ rows: [UInt8], expectedRows: Int, deadline: Duration? = nil) throws {
        try copyIn(sql, [rows], expectedRows: expectedRows, deadline: deadline)
    }

    /// Sends rows that lie elsewhere, without a copy of them; only inside a transaction.
    package func copyIn(
        _ sql: String,
        expectedRows: Int,
        deadline: Duration? = nil,
        rows: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        try session.copyIn(sql, expectedRows: expectedRows, deadline: deadline, rows: rows)
    }

    /// Like the synchronous `copyIn`; cancelling the task cancels the COPY.
    package func copyIn(
        _ sql: String,
        _ chunks: [[UInt8]],
        expectedRows: Int,
        deadline: Duration? = nil
    ) async throws {
        try await cancellable { try copyIn(sql, chunks, expectedRows: expectedRows, deadline: deadline) }
    }

    /// Like the synchronous `copyIn`; cancelling the task cancels the COPY.
    package func copyIn(_ sql: String, _ rows: [UInt8], expectedRows: Int, deadline: Duration? = nil) async throws {
        try await copyIn(sql, [rows], expectedRows: expectedRows, deadline: deadline)
    }
}
