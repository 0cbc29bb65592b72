import Foundation
import Settings
import Sync
import Testing

@testable import registrar

@Suite struct RenderingTests {
    private func object(_ json: JSONOutput) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any])
    }

    private var status: StatusReport {
        StatusReport(sources: [
            SourceStatus(
                id: "acme",
                kind: "grow",
                state: "succeeded",
                lastRun: RunStatus(
                    runID: 7,
                    mode: "incremental",
                    status: "succeeded",
                    startedAt: "2026-11-21T04:00:00.123456Z",
                    finishedAt: "2026-11-21T04:01:00Z",
                    requests: 3,
                    rowsWritten: 12
                ),
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
        ])
    }

    @Test("status has the contract's keys")
    func statusJSON() throws {
        let source = try #require((try object(StatusText.json(status))["sources"] as? [[String: Any]])?.first)
        #expect(Set(source.keys) == ["id", "kind", "state", "last_run", "bounds", "streams"])
        let stream = try #require((source["streams"] as? [[String: Any]])?.first)
        #expect(Set(stream.keys) == ["name", "rows", "rejects", "data_as_of", "loaded_at", "watermarks"])
        #expect(stream["loaded_at"] is NSNull)
        let mark = try #require((stream["watermarks"] as? [[String: Any]])?.first)
        #expect((mark["position"] as? [String: Int]) == ["created_after": 1])
        #expect((source["last_run"] as? [String: Any])?["rows_written"] as? Int == 12)
    }

    @Test("status for people")
    func statusText() {
        var status = status
        status.sources[0].bounds = [("active_max_age", 7 * 86_400), ("users_max_age", 5_400)]
        let expected = """
            acme (grow): succeeded
              last run 7: incremental succeeded, started 2026-11-21T04:00:00Z, ended 2026-11-21T04:01:00Z, 3 requests, \
            12 rows written
              any silent change is seen within: active_max_age 7d, users_max_age 90m
              stream    rows  rejects  data as of            loaded at  watermark
              events  28,785        1  2026-11-21T03:58:00Z  -          {"created_after":1}
              grades       0        0  -                     -          2 partitions

            """
        #expect(StatusText.text(status) == expected)
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
                            rowsRejected: 2
                        ),
                    ]
                )
            ],
            exitCode: 1
        )
        let expected = """
            acme: baseline partial (run 1)
              stream   requests  read  inserted  updated  unchanged  deleted  rejected
              courses         2    10        10        0          0        0         0
              grades         10    20         9        1          0        0         2  failed
              total          12    30        19        1          0        0         2
              12 requests, 20 rows written, 1:02
              2 records were rejected: see `registrar rejects --source acme`
              grades\\nfailed

            """
        #expect(RunSummary.text(report) == expected)
        let json = try object(RunSummary.json(report))
        #expect(json["exit_code"] as? Int == 1)
        let source = try #require((json["sources"] as? [[String: Any]])?.first)
        #expect(source["message"] as? String == "grades\nfailed")
        #expect((source["streams"] as? [[String: Any]])?.last?["rows_rejected"] as? Int == 2)
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
