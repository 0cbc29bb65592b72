import Loader
import Platforms
import Records

extension SourceRunner {
    /// A whole load of what was never loaded; what is complete is not read again unless the load begins anew.
    func baseline(streams: [String], restart: Bool) async throws -> [SourceReport] {
        guard !restart else { return [try await run(.baseline(restart: true), streams: streams)] }
        try await permittedChange(restarting: nil)
        let all = selected(streams)
        let missing = try await streamsWithoutBaseline(all)
        let known = all.filter { !missing.contains($0) }
        guard !known.isEmpty else { return [try await run(.baseline(restart: false), streams: streams)] }
        guard !missing.isEmpty else { return [try await completeReport(all)] }
        // As in a sync: the load reads courses too, and what changed there would not be news to the other streams then.
        let pull = try await run(.incremental, streams: streams, leavingOut: Set(missing))
        guard Self.mayGoOn(after: pull) else { return [pull] }
        let loading = try await load(missing, knowing: Set(known))
        return try await following([pull, loading], loadOf: missing, streams: streams)
    }

    /// Follows what the last of some runs has just loaded beside streams that were loaded before: people of whom only these
    /// lists tell come with their own lists at once.
    ///
    /// - Parameter missing: What was to be loaded; of it, what could not be read is left out.
    func following(
        _ reports: [SourceReport],
        loadOf missing: [String],
        streams: [String]
    ) async throws -> [SourceReport] {
        guard let loading = reports.last, Self.mayGoOn(after: loading) else { return reports }
        // What cannot be read holds back nothing else.
        let open = try await streamsWithoutBaseline(missing)
        guard open.count < missing.count else { return reports }
        let now = try await withEvents(streams)
        return reports + [try await run(.incremental, streams: now, leavingOut: Set(open))]
    }

    /// Loads streams beside others that are loaded: where their own lists are enough, nothing else is read again.
    func load(_ missing: [String], knowing known: Set<String>) async throws -> SourceReport {
        let alone = PlatformRegistry.kinds.first { $0.kind == settings.kind }?.selfContainedStreams ?? []
        let leftOut = Set(missing).isSubset(of: alone) ? known : []
        return try await run(.baseline(restart: false), streams: missing, leavingOut: leftOut)
    }

    /// Whether a run was done but for parts that could not be read.
    static func mayGoOn(after report: SourceReport) -> Bool {
        report.exitCode == ExitCode.done.rawValue || report.exitCode == ExitCode.partial.rawValue
    }

    /// Those of some streams whose list of the whole source the platform would not give when it was last asked for it.
    func unreadStreams(among streams: [String]) async throws -> [String] {
        var unread: [String] = []
        for stream in streams where try await warehouse.reader.unreadPartitions(settings.id, stream).contains("") {
            unread.append(stream)
        }
        return unread
    }

    /// The report of a load that has nothing left to read.
    private func completeReport(_ streams: [String]) async throws -> SourceReport {
        var times: [Timestamp] = []
        for stream in streams {
            let mark = try await warehouse.reader.watermark(settings.id, stream)
            if let time = mark.flatMap({ MarkPosition(json: $0.position).time(RunSession.baselineMark) }) {
                times.append(time)
            }
        }
        let since = times.max().map { " since \($0.iso8601)" } ?? ""
        return SourceReport(
            id: settings.id,
            mode: "baseline",
            status: "succeeded",
            message: "complete\(since); registrar sync pulls changes, registrar baseline --restart reads all again"
        )
    }
}
