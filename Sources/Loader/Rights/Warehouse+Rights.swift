import Postgres

extension Warehouse {
    /// What the session's role lacks for loading, on the objects that exist.
    package func missingRights() async throws -> MissingRights {
        try await telling { connection in try RightsQuery().missing(connection) }
    }

    /// Why the session's role may not bring the schema up to date; `nil` where it may.
    package func migrationObstacle() async throws -> MigrationObstacle? {
        try await telling { connection in MigrationObstacle(try MigrationObstacle.facts(connection)) }
    }

    private func telling<Value: Sendable>(
        _ body: @escaping @Sendable (isolated PostgresConnection) throws -> Value
    ) async throws -> Value {
        do { return try await reading.perform(body) } catch let error as PostgresError { throw LoadError(error) }
    }
}
