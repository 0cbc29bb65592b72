import Postgres

extension Warehouse {
    /// Sets one member of a watermark by itself, outside of any run: what is noted so vouches for no row.
    ///
    /// Without a lease: of two that write at once the later one counts.
    package func setMember(
        _ name: String,
        to value: String,
        ofWatermark stream: String,
        sourceID: String
    ) async throws {
        guard keepsNotes else { return }
        do {
            _ = try await writing.transaction { connection, _ in
                try connection.execute(
                    """
                    INSERT INTO sync.watermarks AS w (source_id, stream, position)
                    VALUES ($1, $2, jsonb_build_object($3::text, $4::text))
                    ON CONFLICT (source_id, stream, partition) DO UPDATE
                      SET position = w.position || excluded.position, updated_at = clock_timestamp()
                    """,
                    [.text(sourceID), .text(stream), .text(name), .text(value)]
                )
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }
}
