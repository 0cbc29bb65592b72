import Platforms
import Settings

extension SyncService {
    /// Replays a closed window of a source's event log and pulls again what it names; no watermark moves.
    ///
    /// - Parameters:
    ///   - source: Its id; the source is configured.
    ///   - from: The window's first instant: ISO 8601 or Unix seconds; without a zone, in the source's time zone.
    ///   - activities: Only events of these; none: all.
    /// - Throws: ``SyncError`` where the platform has no event log, `EventWindowError` where the window is none.
    package func replay(source: String, from: String, to: String, activities: [String]) async throws -> RunReport {
        guard let settings = configuration.sources.first(where: { $0.id == source }) else {
            throw SyncError(.unknownSource, "no source \(source)")
        }
        guard let type = PlatformRegistry.platform(for: settings.kind), type is any EventLogPlatform.Type else {
            let title = PlatformRegistry.kinds.first { $0.kind == settings.kind }?.title ?? settings.kind
            throw SyncError(
                .noEventLog,
                "\(source): \(title) has no event log to replay; registrar sync --full finds what was missed"
            )
        }
        let window = try EventWindow(from: from, to: to, activities: activities, timeZone: settings.timeZone)
        return await run(sources: [source]) { runner in
            [try await runner.run(.replay(window), streams: [])]
        }
    }
}
