import Testing

@testable import LMSSimulator

@Suite("Lists and their pages")
struct PagingTests {
    private let shape = GeneratedSchool.Shape(
        courses: 130,
        learners: 450,
        enrollmentsPerLearner: 2,
        suspendedShare: 0.1
    )

    @Test(
        "sizes: defaults, caps, and lists without a documented size",
        arguments: [
            ("users?include_suspended=true", 20), ("users?include_suspended=true&items_per_page=50", 50),
            ("users?include_suspended=true&items_per_page=999", 200), ("courses", 50),
            ("courses?items_per_page=100", 100),
            ("courses?items_per_page=200", 100), ("eventlogs", 50), ("eventlogs?items_per_page=200", 50),
            ("users?include_suspended=true&per_page=50&limit=7", 20),
        ]
    )
    func sizes(path: String, size: Int) async throws {
        try await withSimulator(shape) { _, caller in
            let answer = caller.get(path)
            #expect(answer.meta["itemsPerPage"] == size)
            #expect(answer.rows.count == size)
            let total = try #require(answer.meta["totalItems"])
            #expect(answer.meta["totalPages"] == (total + size - 1) / size)
        }
    }

    @Test("behind the end most lists repeat their last page and progress answers empty")
    func pastTheEnd() async throws {
        try await withSimulator(shape) { simulator, caller in
            let last = caller.get("courses?page=3")
            let behind = caller.get("courses?page=4")
            #expect(behind.meta["page"] == 3)
            #expect(behind.rows.map { $0["id"] as? String } == last.rows.map { $0["id"] as? String })
            let someone = try #require(try caller.truth("progress").first?["learner_id"] as? String)
            let progress = caller.get("users/\(someone)/progress?page=9")
            #expect(progress.rows.isEmpty)
            #expect(progress.meta["page"] == 9)
            simulator.faults.pastTheEnd = "empty"
            #expect(caller.get("courses?page=4").rows.isEmpty)
        }
    }

    @Test("an empty list is 404 where live schools say so, and can be 200")
    func emptyLists() async throws {
        try await withSimulator(GeneratedSchool.Shape(courses: 2, learners: 0)) { simulator, caller in
            #expect(caller.get("courses/course-1/users").status == 404)
            #expect(caller.get("certificates?course_id=course-1").status == 404)
            #expect(caller.get("users").status == 200)
            #expect(caller.get("users").meta["totalItems"] == 0)
            simulator.faults.emptyIs404 = "never"
            #expect(caller.get("courses/course-1/users").status == 200)
            simulator.faults.emptyIs404 = "all"
            #expect(caller.get("users").status == 404)
        }
    }

    @Test("undocumented sizes are ignored, honoured or refused; caps and ignored sizes are silent")
    func sizeSwitches() async throws {
        try await withSimulator(shape) { simulator, caller in
            simulator.faults.undocumentedSizes = "reject"
            #expect(caller.get("eventlogs?items_per_page=100").status == 422)
            simulator.faults.undocumentedSizes = "honour"
            #expect(caller.get("eventlogs?items_per_page=100").meta["itemsPerPage"] == 100)
            simulator.faults.pageSizeCaps = ["users": 30]
            #expect(caller.get("users?items_per_page=200").meta["itemsPerPage"] == 30)
            simulator.faults.ignoreSizes = true
            #expect(caller.get("courses?items_per_page=100").meta["itemsPerPage"] == 50)
            #expect(caller.get("courses?page=0").status == 422)
        }
    }

    @Test("a row that arrives between two pages shifts the list")
    func shifting() async throws {
        try await withSimulator(shape) { simulator, caller in
            simulator.faults.shifts = [ListShift(list: "users", afterPage: 1)]
            let first = caller.get("users?include_suspended=true&items_per_page=200")
            let second = caller.get("users?include_suspended=true&items_per_page=200&page=2")
            #expect(first.meta["totalItems"] == 450)
            #expect(second.meta["totalItems"] == 451)
            #expect(first.rows.last?["id"] as? String == second.rows.first?["id"] as? String)
        }
    }

    @Test("suspended people are hidden unless asked for, on the list of users and on rosters")
    func suspended() async throws {
        try await withSimulator(shape) { _, caller in
            let hidden = try caller.truth("learners").count { $0["status"] as? String == "suspended" }
            #expect(hidden > 0)
            #expect(caller.get("users").meta["totalItems"] == 450 - hidden)
            #expect(caller.get("users?include_suspended=true").meta["totalItems"] == 450)
        }
    }

    @Test("users can be asked for by registration time")
    func registrationFilters() async throws {
        try await withSimulator(shape) { _, caller in
            let all = caller.walk("users?include_suspended=true&items_per_page=200").compactMap {
                $0["created"] as? Double
            }
            #expect(all == all.sorted(by: >))
            let bound = all[100]
            let after = caller.walk("users?include_suspended=true&registration_after=\(bound)").count
            let before = caller.walk("users?include_suspended=true&registration_before=\(bound)").count
            #expect(after == 100)
            #expect(before == 349)
        }
    }
}
