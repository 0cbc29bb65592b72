import Postgres
import Records

extension WarehouseReader {
    /// Whether anything was loaded of a source: a row of whatever table, or how far one of the streams was read.
    package func isLoaded(_ sourceID: String, streams: [String]) async throws -> Bool {
        let tables = Table.all.map { "EXISTS (SELECT FROM \($0.qualifiedName) WHERE source_id = $1)" }
        return try await rows(
            """
            SELECT EXISTS (SELECT FROM sync.watermarks
                WHERE source_id = $1 AND stream = ANY ($2::text[]) AND position <> '{}')
              OR \(tables.joined(separator: " OR "))
            """,
            [.text(sourceID), .textArray(streams)]
        ) { try $0.bool($1, 0) ?? false }.first ?? false
    }

    /// The calls for data of some streams that the newest complete baseline of a source made; `nil` where none was.
    package func lastBaselineRequests(_ sourceID: String, streams: [String]) async throws -> Int? {
        try await rows(
            """
            SELECT sum(s.requests)::bigint FROM sync.run_streams s WHERE s.stream = ANY ($2::text[]) AND s.run_id = (
              SELECT max(run_id) FROM sync.runs WHERE source_id = $1 AND mode = 'baseline' AND status = 'succeeded')
            """,
            [.text(sourceID), .textArray(streams)]
        ) { try $0.int($1, 0).map(Int.init) }.first ?? nil
    }
}
