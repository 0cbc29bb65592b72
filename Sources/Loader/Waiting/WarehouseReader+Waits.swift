import Postgres

/// A session of some command that waits for the warehouse now.
package struct WaitingSession: Sendable, Hashable {
    /// Its name on the server: `registrar/sync`.
    package let name: String
    package let wait: WarehouseWait
}

extension WarehouseReader {
    /// The sessions that wait for room, by what they tell in their names: with a full disk they can write it nowhere.
    package func waitingSessions() async throws -> [WaitingSession] {
        let titles = try await rows(
            """
            SELECT DISTINCT application_name FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE '% waits _____ % %' ORDER BY 1
            """
        ) { try $0.string($1, 0).flatMap { SessionTitle(text: $0) } }
        return titles.compactMap { $0 }.map { title in
            WaitingSession(
                name: title.name,
                wait: WarehouseWait(
                    cause: PostgresError.told(title.sqlState).summary,
                    since: title.since,
                    until: title.until
                )
            )
        }
    }
}
