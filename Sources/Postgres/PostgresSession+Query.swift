import CLibpq

extension PostgresSession {
    /// Runs one statement with parameters, unnamed.
    func query(
        _ sql: String,
        _ parameters: [PostgresValue],
        deadline: Duration? = nil,
        isCancellable: Bool = true
    ) throws -> PostgresResult {
        let encoded = try EncodedParameters(parameters)
        return try run(sql, deadline: deadline, isCancellable: isCancellable) { connection, sql in
            encoded.withPointers { types, values, lengths, formats in
                PQsendQueryParams(connection, sql, Int32(parameters.count), types, values, lengths, formats, 0)
            }
        }
    }

    /// Runs one or more statements without parameters; the server treats them as one transaction.
    ///
    /// - Returns: The result of the last statement.
    func script(_ sql: String, deadline: Duration? = nil, isCancellable: Bool = true) throws -> PostgresResult {
        try run(sql, deadline: deadline, isCancellable: isCancellable) { connection, sql in
            PQsendQuery(connection, sql)
        }
    }

    private func run(
        _ sql: String,
        deadline: Duration?,
        isCancellable: Bool,
        send: (OpaquePointer, UnsafePointer<CChar>) -> Int32
    ) throws -> PostgresResult {
        guard !sql.utf8.contains(0) else {
            throw PostgresError(.nulCharacter, "a statement contains U+0000", kind: .bug)
        }
        return try withServerTimeout(deadline) {
            let terms = Terms(deadline ?? settings.statementDeadline, isCancellable: isCancellable)
            return try perform(terms) { connection in
                let isSent = sql.withCString { send(connection, $0) } == 1
                if isSent { try flush(connection, terms) }
                return try PostgresResult(collect(connection, terms))
            }
        }
    }

    /// Lets the server work as long as the client is ready to wait, where that is longer than usual.
    private func withServerTimeout<Value>(_ deadline: Duration?, _ work: () throws -> Value) throws -> Value {
        guard let deadline, deadline > settings.statementDeadline else { return try work() }
        try setServerTimeout(deadline - .seconds(5))
        let value: Value
        do {
            value = try work()
        } catch {
            // In a failed transaction the rollback restores the setting.
            if transactionStatus == PQTRANS_IDLE { try? setServerTimeout(settings.statementTimeout) }
            throw error
        }
        try setServerTimeout(settings.statementTimeout)
        return value
    }

    private func setServerTimeout(_ timeout: Duration) throws {
        _ = try query("SELECT set_config('statement_timeout', $1, false)", [.text("\(timeout.wholeMilliseconds)")])
    }

    /// Reads a statement to its end and keeps the first error of it.
    func collect(_ connection: OpaquePointer, _ terms: Terms) throws -> ResultHandle {
        var last: ResultHandle?
        var failure: PostgresError?
        results: while let result = try nextResult(connection, terms) {
            switch PQresultStatus(result.pointer) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                last = result
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                // The loop would never end: such a result repeats for as long as the COPY is open.
                close()
                failure = failure ?? PostgresError(.copyState, "a statement began a COPY where none was expected")
                break results
            default:
                failure = failure ?? serverError(result)
            }
        }
        if let failure { throw failure }
        guard let last else {
            // Nothing was sent: the connection is broken, or libpq refused the call.
            throw PostgresError(.connectionLost, "the connection to PostgreSQL was lost")
        }
        return last
    }

    func serverError(_ result: ResultHandle) -> PostgresError {
        func field(_ code: Int32) -> String? {
            PQresultErrorField(result.pointer, code).map { String(cString: $0) }
        }
        let sqlState = field(Int32(UInt8(ascii: "C")))
        let kind = PostgresFailure(sqlState: sqlState)
        let text = FailureText(sqlState: sqlState)
        let names = PostgresError.Names(
            schema: field(Int32(UInt8(ascii: "s"))),
            table: field(Int32(UInt8(ascii: "t"))),
            column: field(Int32(UInt8(ascii: "c"))),
            constraint: field(Int32(UInt8(ascii: "n")))
        )
        return PostgresError(
            sqlState == nil ? .connectionLost : .server,
            text.cause,
            kind: kind,
            remedy: text.remedy,
            sqlState: sqlState,
            names: names,
            serverMessage: field(Int32(UInt8(ascii: "M")))
        )
    }
}

extension EncodedParameters {
    /// Lends the arrays to one call of libpq.
    fileprivate func withPointers<Value>(
        _ body: (
            UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        )
            -> Value
    ) -> Value {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset < 0 ? nil : start.map { $0 + offset } }
            return body(types, values, lengths, formats)
        }
    }
}
