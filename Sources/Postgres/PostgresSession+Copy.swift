import CLibpq

extension PostgresSession {
    /// A message of 64 KiB with its five bytes of head: no tiny packet follows it.
    private static let chunkSize = 65_536 - 5
    /// Signature, flags and the length of the (empty) extension.
    private static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
    /// A field count of −1.
    private static let trailer: [UInt8] = [0xFF, 0xFF]

    /// Runs one binary COPY FROM STDIN of rows in chunks.
    func copyIn(_ sql: String, _ chunks: [[UInt8]], expectedRows: Int, deadline: Duration?) throws {
        try copyIn(sql, expectedRows: expectedRows, deadline: deadline) { send in
            for chunk in chunks { try chunk.withUnsafeBytes(send) }
        }
    }

    /// Runs one binary COPY FROM STDIN; `rows` calls what it is given with the bytes of the rows.
    func copyIn(
        _ sql: String,
        expectedRows: Int,
        deadline: Duration?,
        rows: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let terms = Terms(deadline ?? settings.statementDeadline)
        let copied = try perform(terms) { connection in
            guard sql.withCString({ PQsendQuery(connection, $0) }) == 1 else {
                return try Int(PostgresResult(collect(connection, terms)).affectedRows)
            }
            try flush(connection, terms)
            try beginCopy(connection, terms)
            do {
                try Self.header.withUnsafeBytes { try send($0, connection, terms) }
                try rows { try send($0, connection, terms) }
                try Self.trailer.withUnsafeBytes { try send($0, connection, terms) }
                try endCopy(connection, failure: nil, terms)
            } catch is CopyStopped {
                // The server or the connection ended the COPY: the reason arrives with the results.
            }
            return try PostgresResult(collectCopy(connection, terms)).affectedRows
        }
        guard copied == expectedRows else {
            throw PostgresError(
                .copyCountMismatch,
                "COPY stored \(copied) rows where \(expectedRows) were sent; nothing was kept"
            )
        }
    }

    private struct CopyStopped: Error {}

    /// Waits until the server is ready for rows, or throws why it is not.
    private func beginCopy(_ connection: OpaquePointer, _ terms: Terms) throws {
        guard let result = try nextResult(connection, terms) else {
            throw PostgresError(.connectionLost, "the connection to PostgreSQL was lost")
        }
        guard PQresultStatus(result.pointer) == PGRES_COPY_IN else {
            let isError = PQresultStatus(result.pointer) == PGRES_FATAL_ERROR
            let failure = isError ? serverError(result) : PostgresError(.copyState, "a statement did not begin a COPY")
            while try nextResult(connection, terms) != nil, isError {}
            if !isError { close() }
            throw failure
        }
        guard PQbinaryTuples(result.pointer) == 1 else {
            close()
            throw PostgresError(.copyState, "a COPY is not in binary format")
        }
    }

    private func send(_ bytes: UnsafeRawBufferPointer, _ connection: OpaquePointer, _ terms: Terms) throws {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
        var position = 0
        while position < bytes.count {
            let length = min(Self.chunkSize, bytes.count - position)
            switch PQputCopyData(connection, start + position, Int32(length)) {
            case 1:
                position += length
                // "Queued" is not "sent": without this the whole body would pile up in libpq.
                try flush(connection, terms)
            case 0:
                let ready = try wait([.readable, .writable], connection, terms)
                if ready.contains(.readable), PQconsumeInput(connection) == 0 { throw CopyStopped() }
            default:
                throw CopyStopped()
            }
        }
    }

    /// Like `collect`, for a COPY that may be refused while it is still open.
    private func collectCopy(_ connection: OpaquePointer, _ terms: Terms) throws -> ResultHandle {
        var last: ResultHandle?
        var failure: PostgresError?
        var isEnded = false
        while let result = try nextResult(connection, terms) {
            switch PQresultStatus(result.pointer) {
            case PGRES_COMMAND_OK:
                last = result
            case PGRES_COPY_IN where !isEnded:
                isEnded = true
                try endCopy(connection, failure: "client abort", terms)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                close()
                throw failure ?? PostgresError(.copyState, "a COPY did not end")
            default:
                failure = failure ?? serverError(result)
            }
        }
        if let failure { throw failure }
        guard let last else { throw PostgresError(.connectionLost, "the connection to PostgreSQL was lost") }
        return last
    }
}
