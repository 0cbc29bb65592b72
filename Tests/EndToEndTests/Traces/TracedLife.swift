import LMSSimulator
import Platforms
import Records
import RegistrarTesting
import Sync
import Testing

/// One school's life through every mode of a run, the same every time.
struct TracedLife {
    let school: TracedSchool
    private var recorder: TraceRecorder
    private var simulator: Simulator { recorder.harness.simulator }

    /// Lives through everything.
    static func trace(of school: TracedSchool) async throws -> Trace {
        try await withSchool(school.options) { harness in
            var life = try await TracedLife(school, school.tamed(harness))
            try await life.loads()
            try await life.follows()
            try await life.isAskedOnDemand()
            try await life.sweeps()
            try await life.reconciles()
            try await life.failsInParts()
            try await life.grows()
            #expect(try await harness.bookkeepingFaults() == [])
            return life.recorder.trace
        }
    }

    private init(_ school: TracedSchool, _ harness: SchoolHarness) async throws {
        self.school = school
        recorder = try await TraceRecorder(
            harness,
            head: [
                "\(school.platform.kind), seed \(school.seed), \(school.variant)",
                "Recorded by \(TraceFixture.command)",
            ]
        )
    }

    // MARK: What happens

    private mutating func loads() async throws {
        try await plan("plan of a baseline", baseline: false)
        try await recorder.record("baseline", report: { await $0.baseline() })
        simulator.advance(seconds: 900)
        try await recorder.record("first sync", report: { await $0.sync() })
        simulator.advance(seconds: 600)
        try await recorder.record("idle", report: { await $0.sync() })
    }

    private mutating func follows() async throws {
        change(20, [], secondsBetween: 15, step: 1)
        simulator.advance(seconds: 4_000)
        try await plan("plan of an increment", baseline: false)
        try await recorder.record("increment after changes", report: { await $0.sync() })
        simulator.advance(seconds: 90_000)
        try await recorder.record("a day later", report: { await $0.sync() })
    }

    private mutating func isAskedOnDemand() async throws {
        let done = change(12, [], secondsBetween: 15, step: 2)
        let children = Set(
            TruthRows(simulator, "courses").rows.filter { $0["parent_course_id"] != nil }.compactMap { $0["course_id"] }
        )
        let learner = try #require(done.compactMap(\.learnerId).first)
        let course = try #require(done.compactMap(\.courseId).first { !children.contains($0) })
        simulator.advance(seconds: 60)
        try await recorder.record("learner on demand", report: { await $0.pull(learners: [learner]) })
        try await recorder.record("course on demand", report: { await $0.pull(courses: [course]) })
        try await recorder.record(
            "unknown on demand",
            report: { [school] in await $0.pull(learners: [school.ghost(1)]) }
        )
        guard school.hasEventLog else { return }
        let end = Int(simulator.now.seconds)
        try await recorder.harness.sql(
            "DELETE FROM lms.events WHERE occurred_at > to_timestamp(\(end - 120_000)) AND learner_id IS NOT NULL"
        )
        try await recorder.notePlanting()
        try await recorder.record(
            "replay",
            report: { try await $0.replay(from: "\(end - 120_000)", to: "\(end)") }
        )
    }

    private mutating func sweeps() async throws {
        change(16, simulator.changeKinds.silent, secondsBetween: 20, step: 3)
        change(1, [.courseDeleted], secondsBetween: 20, step: 4)
        change(2, [.learnerDeleted], secondsBetween: 20, step: 5)
        simulator.advance(seconds: 4_000)
        try await recorder.record("sweep", report: { await $0.sweep() })
        change(4, school.restorations, secondsBetween: 20, step: 6)
        simulator.advance(seconds: 4_000)
        try await recorder.record(
            "sweep of what is older than an hour",
            report: { await $0.sweep(maxAge: .seconds(3_600)) }
        )
        simulator.advance(seconds: 600)
        try await recorder.record("sync after the sweeps", report: { await $0.sync() })
    }

    private mutating func reconciles() async throws {
        try await plant()
        try await recorder.notePlanting()
        try await reconcile("reconcile", full: false, repair: false)
        try await reconcile("reconcile in full", full: true, repair: false)
        try await reconcile("repair", full: true, repair: true)
        simulator.advance(seconds: 600)
        try await recorder.record("sync after the repair", report: { await $0.sync() })
    }

    private mutating func failsInParts() async throws {
        let graded = TruthRows(simulator, "grades").rows.compactMap { $0["parent_course_id"] ?? $0["course_id"] }
        let refusal = school.refusal(of: try #require(graded.min()))
        simulator.advance(seconds: 4_000)
        try set(refusal.on)
        try await recorder.record("sweep with a refused list", report: { await $0.sweep() })
        simulator.advance(seconds: 4_000)
        try set(refusal.off)
        try await recorder.record("sync that reads what was refused", report: { await $0.sync() })
        let stream = school.platform.hostileList.stream
        try set(school.hostile(.deepNesting))
        simulator.advance(seconds: 4_000)
        try await recorder.record(
            "sweep of one stream with a broken record",
            report: { await $0.sweep(streams: [stream]) }
        )
        try await retry("retry of the reject, still broken")
        try set(school.hostile(.nulInText))
        try await retry("retry of the reject, mended")
        try set(school.hostile(nil))
    }

    private mutating func grows() async throws {
        change(12, [], secondsBetween: 20, step: 7)
        simulator.advance(seconds: 9 * 86_400)
        try await recorder.record("nine days later", report: { await $0.sync() })
        try await plan("plan of a baseline anew", baseline: true)
        try await recorder.record("baseline anew", report: { await $0.baseline(restart: true) })
    }

    // MARK: Tools

    @discardableResult
    private func change(_ count: Int, _ kinds: [ChangeKind], secondsBetween: Double, step: UInt64) -> [ChangeRecord] {
        simulator.change(
            ChangeRequest(
                seed: school.seed * 100 + step,
                count: count,
                kinds: kinds,
                secondsBetween: secondsBetween,
                bulkSize: 4
            )
        )
    }

    private func set(_ switches: String) throws { try simulator.setFaults(json: Array(switches.utf8)) }

    private mutating func plan(_ name: String, baseline: Bool) async throws {
        try await recorder.record(
            name,
            telling: { harness in
                let report = try await harness.service("plan").plan(sources: [], baseline: baseline)
                return report.sources.flatMap { plan in
                    ["\(plan.mode), exit \(plan.exitCode), asked \(plan.spent)"] + [plan.message].compactMap { $0 }
                        + plan.notes
                        + plan.streams.map { stream in
                            "\(stream.name): \(stream.requests)\(stream.isExact ? "" : ", \(stream.reason ?? "estimated")")"
                        }
                }
            }
        )
    }

    private mutating func retry(_ name: String) async throws {
        try await recorder.record(
            name,
            telling: { harness in
                let report = await harness.service("rejects").retryRejects(source: nil)
                return report.runs.map { "\($0.mode) \($0.status), exit \($0.exitCode) \($0.message ?? "")" }
            }
        )
    }

    private mutating func reconcile(_ name: String, full: Bool, repair: Bool) async throws {
        try await recorder.record(
            name,
            telling: { harness in
                let report = try await harness.reconcile(full: full, repair: repair)
                let (source, run) = (report.source, report.source.run)
                return [
                    "\(run.mode) \(run.status), exit \(report.exitCode), found \(source.total), repaired \(source.repaired)"
                ]
                    + source.withinBounds.map { "within bounds: \($0.column) \($0.rows)" } + report.names.sorted()
            }
        )
    }

    /// Loses a row of every table, and adds, changes and buries some.
    private func plant() async throws {
        var planting = Planting(recorder.harness)
        let live = try await recorder.harness.liveRows()
        for table in Table.all where table.monthlyPartitionColumn == nil && live[table.name, default: 0] > 4 {
            try await planting.lose(table, at: 2)
        }
        try await planting.change(Learner.table, "first_name", to: "'Nobody'", at: 4)
        try await planting.change(Course.table, "title", to: "'no such title'", at: 1)
        try await planting.change(Enrollment.table, "role", to: "'janitor'", at: 5)
        try await planting.bury(Enrollment.table, at: 7)
        try await planting.invent(Learner.table, ["learner_id": school.ghost(2)], at: 3)
        try await planting.invent(Course.table, ["course_id": school.ghost(3)], at: 1)
        try await planting.invent(Enrollment.table, ["learner_id": school.ghost(4)], at: 9)
        try await planting.invent(Progress.table, ["learner_id": school.ghost(5)], at: 9)
        try await planting.invent(Grade.table, ["learner_id": school.ghost(6)], at: 3)
        try await planting.invent(Assessment.table, ["assessment_id": school.ghost(7)], at: 1)
    }
}
