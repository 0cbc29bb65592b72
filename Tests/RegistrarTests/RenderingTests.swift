import Foundation
import JSON
import Settings
import Sync
import Testing

@testable import registrar

@Suite struct RenderingTests {
    private func object(_ json: JSONOutput) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any])
    }

    private var status: StatusReport {
        var source = SourceStatus(
            id: "acme",
            kind: "grow",
            state: "succeeded",
            runs: [
                ReportedRun(
                    runID: 7,
                    mode: "incremental",
                    status: "succeeded",
                    startedAt: "2026-11-21T04:00:00.123456Z",
                    finishedAt: "2026-11-21T04:01:00Z",
                    requests: 3,
                    rowsWritten: 12
                )
            ],
            streams: [
                StreamStatus(
                    name: "events",
                    rows: 28785,
                    rejects: 1,
                    dataAsOf: "2026-11-21T03:58:00Z",
                    watermarks: [WatermarkStatus(partition: "", position: "{\"created_after\":1}")]
                ),
                StreamStatus(
                    name: "grades",
                    watermarks: [
                        WatermarkStatus(partition: "c1", position: "{}"),
                        WatermarkStatus(partition: "c2", position: "{}"),
                    ]
                ),
            ]
        )
        source.streams[1].oldestVerifiedAt = "2026-11-20T04:00:00Z"
        return StatusReport(sources: [source], madeAt: "2026-11-21T04:02:00Z")
    }

    @Test("status has the contract's keys")
    func statusJSON() throws {
        let source = try #require((try object(StatusText.json(status))["sources"] as? [[String: Any]])?.first)
        #expect(
            Set(source.keys) == ["id", "kind", "state", "last_run", "runs", "not_before", "bounds", "streams"]
        )
        let stream = try #require((source["streams"] as? [[String: Any]])?.first)
        #expect(Set(stream.keys) == ["name", "rows", "rejects", "data_as_of", "loaded_at", "watermarks"])
        #expect(stream["loaded_at"] is NSNull)
        let mark = try #require((stream["watermarks"] as? [[String: Any]])?.first)
        #expect((mark["position"] as? [String: Int]) == ["created_after": 1])
        #expect((source["last_run"] as? [String: Any])?["rows_written"] as? Int == 12)
        #expect((source["last_run"] as? [String: Any])?["connection_gone"] as? Bool == false)
        #expect((source["runs"] as? [[String: Any]])?.first?["run_id"] as? Int == 7)
    }

    @Test("status for people")
    func statusText() {
        var status = status
        status.sources[0].bounds = [("active_max_age", 7 * 86_400), ("users_max_age", 5_400)]
        let expected = """
            acme (grow): succeeded
              run 7: incremental succeeded, began 2 min ago, took 1:00
              3 requests, 12 rows written
              any silent change is seen within: active_max_age 7d, users_max_age 90m
              stream    rows  rejects  data as of  verified since  loaded
              events  28,785        1  4 min       -               -
              grades       0        0  -           24 h            -

            """
        #expect(StatusText.text(status) == expected)
        let verbose = StatusText.text(status, isVerbose: true)
        #expect(verbose.contains("2026-11-21T03:58:00Z  -                     -       {\"created_after\":1}"))
        #expect(verbose.contains("2 partitions"))
    }

    @Test("status fits 80 columns, whatever its numbers")
    func statusWidth() {
        var status = status
        status.sources[0].streams[0].name = "assessment_responses"
        status.sources[0].streams[0].rows = 9_999_999
        status.sources[0].streams[0].loadedAt = "2026-11-20T04:00:00Z"
        let run = status.sources[0].runs[0]
        status.sources[0].runs = [run, run, run, run, run]
        for line in StatusText.text(status).split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(StatusText.text(status).contains("7  incremental  succeeded  2 min  1:00         3            12"))
    }

    @Test("a run under way says how far it is, an interrupted one that its connection is gone, a pause until when")
    func statusOfRuns() {
        var status = status
        status.sources[0].state = "running"
        status.sources[0].runs[0].status = "running"
        status.sources[0].runs[0].finishedAt = nil
        status.sources[0].runs[0].requests = 264
        #expect(StatusText.text(status).contains("  264 requests, 12 rows written\n"))
        status.sources[0].runs[0].plannedRequests = 887
        #expect(StatusText.text(status).contains("  264 of about 887 requests (30 %), ETA 4:43, 12 rows written\n"))
        status.sources[0].state = "interrupted"
        status.sources[0].runs[0].status = "interrupted"
        status.sources[0].runs[0].isConnectionGone = true
        let text = StatusText.text(status)
        #expect(text.hasPrefix("acme (grow): interrupted (its connection is gone); registrar sync goes on\n"))
        #expect(text.contains("  264 of about 887 requests, 12 rows written\n"))
        status.sources[0].pausedUntil = "2026-11-21T04:17:00.5Z"
        #expect(StatusText.text(status).contains(", paused until 2026-11-21 04:17 UTC\n"))
        status.sources[0].state = "partial"
        status.sources[0].runs[0].isConnectionGone = false
        #expect(StatusText.text(status).hasPrefix("acme (grow): partial, paused until 2026-11-21 04:17 UTC\n"))
    }

    @Test("what a run was planned to cost stands beside what it cost")
    func planned() {
        var status = status
        status.sources[0].runs[0].plannedRequests = 4
        status.sources[0].runs[0].streams = [("courses", 1, 1), ("events", 2, 3)]
        #expect(
            StatusText.text(status)
                .contains("  planned 4 requests, made 3 (-25 %) [events 3/2], 12 rows written\n")
        )
    }

    @Test("a source that was never loaded says what to do")
    func statusOfNew() {
        let new = SourceStatus(id: "g", kind: "grow", state: "new", streams: [StreamStatus(name: "courses")])
        let report = StatusReport(sources: [new], madeAt: "2026-11-21T04:02:00Z")
        #expect(StatusText.text(report) == "g (grow): nothing loaded yet: registrar baseline\n")
    }

    @Test("the summary of a run")
    func summary() throws {
        let report = RunReport(
            sources: [
                SourceReport(
                    id: "acme",
                    runID: 1,
                    mode: "baseline",
                    status: "partial",
                    exitCode: 1,
                    message: "grades\nfailed",
                    requests: 12,
                    rowsRead: 30,
                    rowsWritten: 20,
                    rowsRejected: 2,
                    seconds: 61.5,
                    streams: [
                        StreamReport(name: "courses", requests: 2, rowsRead: 10, rowsInserted: 10),
                        StreamReport(
                            name: "grades",
                            status: "failed",
                            requests: 10,
                            rowsRead: 20,
                            rowsInserted: 9,
                            rowsUpdated: 1,
                            rowsDuplicate: 8,
                            rowsRejected: 2
                        ),
                        StreamReport(name: "events"),
                    ]
                )
            ],
            exitCode: 1
        )
        let expected = """
            acme: baseline partial (run 1)
              stream   requests  read  inserted  updated  unchanged  duplicate  rejected
              courses         2    10        10        0          0          0         0
              grades         10    20         9        1          0          8         2  failed
              total          12    30        19        1          0          8         2
              idle: events
              12 requests, 20 rows written, 1:02
              2 records were rejected: see `registrar rejects --source acme`

            """
        #expect(RunSummary.text(report) == expected)
        let json = try object(RunSummary.json(report))
        #expect(json["exit_code"] as? Int == 1)
        let source = try #require((json["sources"] as? [[String: Any]])?.first)
        #expect(source["message"] as? String == "grades\nfailed")
        #expect((source["streams"] as? [[String: Any]])?[1]["rows_rejected"] as? Int == 2)
    }

    @Test("a stream with rows in two tables has a line for each")
    func tables() {
        var progress = StreamReport(name: "progress", requests: 4, rowsRead: 27, rowsInserted: 27)
        progress.tables = [
            StreamReport(name: "progress", requests: 4, rowsRead: 3, rowsInserted: 3),
            StreamReport(name: "unit_progress", rowsRead: 24, rowsInserted: 24),
        ]
        let report = SourceReport(
            id: "a",
            runID: 1,
            mode: "baseline",
            status: "succeeded",
            requests: 1,
            rowsWritten: 1,
            streams: [progress]
        )
        let expected = """
            a: baseline succeeded (run 1)
              stream         requests  read  inserted  updated  unchanged
              progress              4     3         3        0          0
              unit_progress              24        24        0          0
              total                 1    27        27        0          0
              1 request, 1 row written, 0:00

            """
        #expect(RunSummary.text(RunReport(sources: [report], exitCode: 0)) == expected)
    }

    @Test("a run that was refused is said on standard error, and nowhere else")
    func refused() throws {
        let refused = SourceReport(id: "g", mode: "none", status: "failed", exitCode: 75, message: "not run: held")
        let report = RunReport(sources: [refused], exitCode: 75)
        #expect(RunSummary.text(report).isEmpty)
        let source = try #require((try object(RunSummary.json(report))["sources"] as? [[String: Any]])?.first)
        #expect(source["message"] as? String == "not run: held")
    }

    @Test("doctor prints a line a check and answers with the first failure")
    func doctor() {
        let findings = [
            DoctorFinding(check: "warehouse", outcome: .ok, detail: "PostgreSQL 15"),
            DoctorFinding(check: "roles", outcome: .warn, detail: "superuser", remedy: "use registrar_loader"),
            DoctorFinding(
                check: "source acme",
                outcome: .fail,
                detail: "refused",
                remedy: "check the secret",
                exitCode: 77
            ),
            DoctorFinding(check: "source b", outcome: .fail, detail: "down", exitCode: 69),
        ]
        let expected = """
            ok    warehouse    PostgreSQL 15
            warn  roles        superuser
                  remedy: use registrar_loader
            FAIL  source acme  refused
                  remedy: check the secret
            FAIL  source b     down

            """
        #expect(DoctorText.text(findings) == expected)
        #expect(DoctorText.exitCode(findings) == 77)
        #expect(DoctorText.exitCode(Array(findings.prefix(2))) == 0)
    }

    @Test("rejects are grouped for people and listed in JSON")
    func rejects() throws {
        let rows = (1...5).map { number in
            RejectRow(
                rejectID: Int64(number),
                sourceID: "acme",
                stream: "learners",
                naturalKey: number == 1 ? nil : "u\u{1b}\(number)",
                reason: number == 5 ? "oversize" : "no id",
                rejectedAt: "2026-11-21T04:0\(number):00Z"
            )
        }
        let text = RejectsText.text(rows)
        #expect(text.split(separator: "\n").count == 3)
        #expect(
            text.contains("acme    learners      4  2026-11-21T04:04:00Z  no id     (no id), u\\u{1b}2, u\\u{1b}3, …")
        )
        #expect(RejectsText.text([]) == "no rejects\n")
        let list = try #require(try object(RejectsText.json(rows))["rejects"] as? [[String: Any]])
        #expect(list.count == 5)
        #expect(Set(list[0].keys) == ["reject_id", "source_id", "stream", "natural_key", "reason", "rejected_at"])
        #expect(list[0]["natural_key"] is NSNull)
    }

    @Test("init never overwrites and writes for its owner alone")
    func initFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "registrar-\(UUID()).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try InitFile.create("a: 1\n", at: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: CommandFailure.self) { try InitFile.create("b: 2\n", at: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "a: 1\n")
        #expect(throws: CommandFailure.self) { try InitFile.create("b: 2\n", at: "/nowhere/x") }
    }
}
