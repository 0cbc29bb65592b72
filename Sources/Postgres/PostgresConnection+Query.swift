extension PostgresConnection {
    /// Runs one statement and returns its rows.
    ///
    /// The deadline is by default the settings' statement timeout and 5 s.
    package func query(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        deadline: Duration? = nil
    ) throws -> PostgresResult {
        try session.query(sql, parameters, deadline: deadline)
    }

    /// Runs one statement and returns its rows; cancelling the task cancels it on the server.
    package func query(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        deadline: Duration? = nil
    ) async throws -> PostgresResult {
        try await cancellable { try session.query(sql, parameters, deadline: deadline) }
    }

    /// Runs one statement, or without parameters several, and returns how many rows the last one touched.
    ///
    /// Several statements in one text are one transaction to the server, as a migration needs it.
    @discardableResult
    package func execute(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        deadline: Duration? = nil
    ) throws -> Int {
        try session.execute(sql, parameters, deadline: deadline)
    }

    /// Like the synchronous `execute`; cancelling the task cancels it on the server.
    @discardableResult
    package func execute(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        deadline: Duration? = nil
    ) async throws -> Int {
        try await cancellable { try session.execute(sql, parameters, deadline: deadline) }
    }
}

extension PostgresSession {
    fileprivate func execute(_ sql: String, _ parameters: [PostgresValue], deadline: Duration?) throws -> Int {
        guard !parameters.isEmpty else { return try script(sql, deadline: deadline).affectedRows }
        return try query(sql, parameters, deadline: deadline).affectedRows
    }
}
