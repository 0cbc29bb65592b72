import Testing

@testable import Platforms

@Suite("The plan of some streams")
struct StreamPlanTests {
    @Test("names each of them, in their order, and then what they need besides")
    func needed() {
        var forecast = Forecast()
        forecast.add(3, to: "events")
        forecast.add(about: 2, to: "learners", "as last time")
        forecast.add(0, to: "terms")
        let plans = forecast.plans(of: ["learners", "courses"])
        #expect(
            plans == [
                StreamPlan(name: "learners", requests: 2, isExact: false, reason: "as last time"),
                StreamPlan(name: "courses", requests: 0, isExact: true),
                StreamPlan(name: "events", requests: 3, isExact: true),
            ]
        )
    }

    @Test("is one with the plan of a second run: a stream that both read is named once")
    func merged() {
        let first = [StreamPlan(name: "courses", requests: 2, isExact: true)]
        let second = [
            StreamPlan(name: "grades", requests: 5, isExact: true),
            StreamPlan(name: "courses", requests: 1, isExact: false, reason: "a guess"),
        ]
        #expect(
            first.merged(with: second) == [
                StreamPlan(name: "courses", requests: 3, isExact: false, reason: "a guess"),
                StreamPlan(name: "grades", requests: 5, isExact: true),
            ]
        )
    }
}
