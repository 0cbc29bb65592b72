import JSON
import Platforms
import Sync
import Testing

@testable import registrar

@Suite("How a plan is shown")
struct PlanRenderingTests {
    private var report: PlanReport {
        var plan = SourcePlan(
            id: "acme",
            kind: "blackboard",
            mode: "incremental",
            streams: [
                StreamPlan(name: "courses", requests: 2, isExact: true),
                StreamPlan(name: "grades", requests: 2_248, isExact: false, reason: "28 of 500 courses"),
                StreamPlan(name: "terms", requests: 0, isExact: true),
            ]
        )
        plan.seconds = 450
        plan.days = 1
        plan.requestsPerDay = 9_000
        plan.allowedNow = 3_100
        plan.age = DataAge(schedule: 900, requests: 2_250, duration: 450, perDay: 9_000)
        plan.spent = 31
        return PlanReport(sources: [plan], exitCode: 0)
    }

    @Test("as text")
    func text() {
        let expected = """
            acme (blackboard): the next sync costs about 2,250 requests
              7.5 min at the configured rate, on 1 day of 9,000 requests (3,100 now)
              data gets at most 6.1 h old, at one run every 15 min; quota and rate allow the whole of it every 6 h
              this plan took 31 requests
              stream   requests         from
              courses         2         the platform's own totals
              grades      2,248  about  28 of 500 courses

            """
        #expect(PlanText.text(report) == expected)
    }

    @Test("as JSON, by the contract's names")
    func json() {
        let expected =
            #"{"sources":[{"id":"acme","kind":"blackboard","mode":"incremental","requests":2250,"seconds":450.0,"#
            + #""days":1,"requests_per_day":9000,"allowed_now":3100,"age":{"schedule_seconds":900.0,"#
            + #""cycle_seconds":21600.0,"oldest_seconds":22050.0},"spent":31,"message":null,"notes":[],"streams":["#
            + #"{"name":"courses","requests":2,"exact":true,"reason":null},"#
            + #"{"name":"grades","requests":2248,"exact":false,"reason":"28 of 500 courses"},"#
            + #"{"name":"terms","requests":0,"exact":true,"reason":null}]}]}"#
        #expect(PlanText.json(report).text == expected)
    }

    @Test(
        "of a baseline of more than 10,000 requests says that the vendor wants to be told before",
        arguments: [("baseline", 10_001, true), ("baseline", 10_000, false), ("incremental", 10_001, false)]
    )
    func largeBackfill(mode: String, requests: Int, isTold: Bool) {
        let plan = SourcePlan(
            id: "acme",
            kind: "grow",
            mode: mode,
            streams: [StreamPlan(name: "progress", requests: requests, isExact: true)]
        )
        let text = PlanText.text(PlanReport(sources: [plan], exitCode: 0))
        #expect(text.contains("the vendor wants to be told of very large backfills before they start") == isTold)
    }

    @Test("a source that could not be asked says so, and its name is not lost")
    func failure() {
        var plan = SourcePlan(id: "acme", kind: "grow", mode: "none")
        plan.message = "refused"
        #expect(PlanText.text(PlanReport(sources: [plan], exitCode: 77)) == "acme (grow): no plan\n")
    }
}
