import Foundation
import Platforms
import Postgres
import Settings
import Sync

/// What the demo does and says, step by step.
struct DemoStory {
    let console: Console
    let place: DemoPlace
    let oulad: String?
    /// The platforms whose schools are simulated.
    let kinds: [String]

    private static let changes = 60
    /// The pace at which a real school is asked.
    private static let usualRate = 2.5

    /// - Returns: The exit code of the first run that did not succeed, else 0.
    func tell() async throws -> Int32 {
        say("Starting a PostgreSQL of the demo's own in \(place.directory), with an empty warehouse")
        let warehouseURL = try await place.startAfresh()
        var schools: [SimulatedSchool] = []
        defer { for school in schools { school.stop() } }
        for kind in kinds {
            let data = oulad.map { "the OULAD data of \($0)" } ?? "generated data"
            say("Starting a simulated \(Self.title(of: kind)) school with \(data)")
            schools.append(
                try await SimulatedSchool.start(
                    program: Self.simulator(),
                    kind: kind,
                    oulad: oulad,
                    logger: console.logger
                )
            )
        }
        try place.writeConfiguration(warehouseURL: warehouseURL, schools: schools)
        let configuration = try RegistrarConfiguration.load(path: place.configurationFile, environment: [:])
        let service = ServiceFactory.service(configuration, command: "demo", console: console)

        say("registrar baseline: everything, once")
        let baseline = await service.baseline(sources: [], streams: [], restart: false)
        guard baseline.exitCode == Sync.ExitCode.done.rawValue else { return finish(baseline) }
        _ = finish(baseline)
        console.output("\n" + (try await table(Self.counts, warehouseURL)))

        for school in schools {
            say("The \(Self.title(of: school.kind)) school lives on: two hours, \(Self.changes) changes")
            for (kind, count) in try await school.live(changes: Self.changes) {
                console.output("  \(count) × \(kind.replacing("_", with: " "))\n")
            }
        }
        say("registrar sync: only what changed")
        let before = try await lastRun(warehouseURL)
        let sync = await service.sync(sources: [], streams: [], dryRun: false)
        guard sync.exitCode == Sync.ExitCode.done.rawValue else { return finish(sync) }
        _ = finish(sync)
        compare(sync, with: baseline)

        for (title, query) in Self.examples(since: before, ofSeveral: kinds.count > 1) {
            say(title)
            console.output("\(query)\n\n" + (try await table(query, warehouseURL)))
        }
        say("The database goes on running")
        let program = CommandLine.arguments.first ?? "registrar"
        console.output(
            """
              query   psql "\(Self.conninfo(warehouseURL))"\(geteuid() == 0 ? "  (as root)" : "")
              status  \(program) status --config \(place.configurationFile)
              stop    \(program) demo --stop, or deploy/demo.sh --stop
              next    \(program) init writes a configuration for your own school; the simulated one ends with the demo

            """
        )
        if oulad != nil {
            console.output(
                "\nData: Open University Learning Analytics Dataset (Kuzilek, Hlosta, Zdrahal, 2017), CC BY 4.0.\n"
            )
        }
        return Sync.ExitCode.done.rawValue
    }

    // MARK: Words

    private func say(_ text: String) {
        console.output("\n==> \(LogSafe.text(text))\n")
    }

    private func finish(_ report: RunReport) -> Int32 {
        RunEnding.finish(report, asJSON: false, console: console)
    }

    private func compare(_ sync: RunReport, with baseline: RunReport) {
        let (few, all) = (Self.requests(of: sync), Self.requests(of: baseline))
        console.output(
            """

              requests of this sync               \(Numbers.grouped(few))\(Self.duration(few))
              requests of reading all of it again \(Numbers.grouped(all))\(Self.duration(all))

            """
        )
    }

    private static func requests(of report: RunReport) -> Int {
        report.sources.reduce(0) { $0 + $1.requests }
    }

    private static func duration(_ requests: Int) -> String {
        "  (\(Numbers.time(Double(requests) / usualRate)) at a real school's \(usualRate) a second)"
    }

    // MARK: Warehouse

    private func table(_ query: String, _ url: String) async throws -> String {
        let settings = try PostgresSettings(url: url, applicationName: "registrar/demo")
        let result = try await PostgresConnection.withConnection(settings) { connection in
            try await connection.query(query)
        }
        var table = TextTable(result.columnNames.map { ($0, .left) })
        for row in 0..<result.rowCount {
            table.add(try (0..<result.columnCount).map { try result.string(row, $0) ?? "" })
        }
        return table.text(indent: "  ")
    }

    private static let counts = [
        "courses", "learners", "enrollments", "progress", "certificates", "assessments", "grades", "events",
    ].map { "SELECT 'lms.\($0)' AS table, to_char(count(*), 'FM999,999,999') AS rows FROM lms.\($0)" }
        .joined(separator: " UNION ALL ")

    private func lastRun(_ url: String) async throws -> Int64 {
        let settings = try PostgresSettings(url: url, applicationName: "registrar/demo")
        let result = try await PostgresConnection.withConnection(settings) { connection in
            try await connection.query("SELECT max(run_id) FROM sync.runs")
        }
        return try result.int(0, 0) ?? 0
    }

    /// - Parameters:
    ///   - run: The last run before the round of syncs that is told of.
    ///   - isSeveral: Whether there are several sources, by which everything is grouped then.
    private static func examples(since run: Int64, ofSeveral isSeveral: Bool) -> [(title: String, query: String)] {
        let (source, dot) = isSeveral ? ("source_id, ", "p.source_id, ") : ("", "")
        return [
            (
                "Query: completions by course",
                """
                  SELECT \(dot)c.title, count(*) AS learners, count(*) FILTER (WHERE p.status = 'completed') AS completed,
                         round(100.0 * count(*) FILTER (WHERE p.status = 'completed') / count(*), 1) AS percent
                  FROM lms.progress p JOIN lms.courses c USING (source_id, course_id)
                  WHERE p.deleted_at IS NULL GROUP BY p.source_id, c.course_id, c.title
                  ORDER BY learners DESC, c.course_id LIMIT \(isSeveral ? 12 : 5)
                """
            ),
            (
                "Query: what the last sync changed",
                """
                  SELECT \(source)stream, rows_inserted, rows_updated, rows_unchanged, s.requests
                  FROM sync.run_streams s JOIN sync.runs USING (run_id)
                  WHERE run_id > \(run) AND s.rows_read > 0 ORDER BY source_id, stream
                """
            ),
            (
                "Query: how fresh the data is",
                """
                  SELECT \(source)stream, data_as_of, loaded_at, oldest_part_as_of FROM bi.freshness
                  ORDER BY source_id, stream
                """
            ),
        ]
    }

    private static func title(of kind: String) -> String {
        PlatformRegistry.kinds.first { $0.kind == kind }?.title ?? kind
    }

    /// The address as people type it.
    private static func conninfo(_ url: String) -> String {
        guard let parts = URLComponents(string: url),
            let host = parts.queryItems?.first(where: { $0.name == "host" })?.value
        else { return url }
        return "host=\(host) user=\(parts.user ?? "registrar") dbname=\(parts.path.dropFirst())"
    }

    /// The simulator lies beside this program.
    private static func simulator() -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("lms-simulator").path
    }
}
