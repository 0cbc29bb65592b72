import Foundation
import Testing

@testable import LMSSimulator

@Suite("Blackboard lists")
struct BlackboardPagingTests {
    @Test("limits above the cap are 400 and say it; nextPage is a path with the whole query")
    func limits() async throws {
        try await withBlackboard(.init(learners: 250)) { simulator, caller in
            let refused = caller.get("v1/users?limit=101")
            #expect(refused.status == 400)
            #expect(refused.message == "Paging limit may not exceed 100")
            let page = caller.get("v1/users?sort=created&fields=id&limit=100")
            #expect(page.results.count == 100)
            #expect(page.nextPage == "/learn/api/public/v1/users?sort=created&fields=id&limit=100&offset=100")
            let ids = caller.walk("v1/users?sort=created&fields=id").compactMap { $0["id"] as? String }
            #expect(ids.count == Set(ids).count)
            #expect(ids.count == simulator.truthCount("learners") + 1)
            #expect(caller.get("v1/users?offset=100000").results.isEmpty)
            #expect(caller.get("v1/users?limit=0").status == 400)
            simulator.blackboardFaults.pageSizeCaps = ["users": 30]
            #expect(caller.get("v1/users?limit=100").message == "Paging limit may not exceed 30")
            simulator.blackboardFaults.clampLimits = true
            #expect(caller.get("v1/users?limit=100").results.count == 30)
        }
    }

    @Test("nextPage comes bare, absolute, to another host or to itself; the end is absent, empty or null")
    func nextPage() async throws {
        try await withBlackboard(.init(learners: 250)) { simulator, caller in
            let expected = [
                "bare": "/learn/api/public/v1/users?offset=100",
                "absolute": "http://localhost:1/learn/api/public/v1/users?fields=id&offset=100",
                "foreign": "http://127.0.0.1:9/learn/api/public/v1/users?fields=id&offset=100",
                "loop": "/learn/api/public/v1/users?fields=id&offset=0",
            ]
            for (mode, next) in expected {
                simulator.blackboardFaults.nextPage = mode
                #expect(caller.get("v1/users?fields=id").nextPage == next)
            }
            simulator.resetFaults()
            #expect(caller.get("v1/terms").object["paging"] == nil)
            simulator.blackboardFaults.endPaging = "empty"
            #expect((caller.get("v1/terms").object["paging"] as? [String: Any])?.isEmpty == true)
            simulator.blackboardFaults.endPaging = "null"
            #expect((caller.get("v1/terms").object["paging"] as? [String: Any])?["nextPage"] is NSNull)
        }
    }

    @Test("short pages lead through the whole list by odd offsets")
    func shortPages() async throws {
        try await withBlackboard(.init(learners: 250)) { simulator, caller in
            let all = caller.walk("v1/users?fields=id").count
            simulator.blackboardFaults.shortPages = true
            let page = caller.get("v1/users?fields=id")
            #expect(page.results.count == 99)
            #expect(page.nextPage?.hasSuffix("offset=99") == true)
            #expect(caller.walk("v1/users?fields=id").count == all)
        }
    }

    @Test("a row that moves behind a page comes twice in that walk alone")
    func shifts() async throws {
        try await withBlackboard(.init(learners: 250)) { simulator, caller in
            let all = caller.walk("v1/users?fields=id").count
            simulator.blackboardFaults.shifts = [ListShift(list: "users", afterPage: 1)]
            let moved = caller.walk("v1/users?fields=id").compactMap { $0["id"] as? String }
            #expect(moved.count == all + 1)
            #expect(Set(moved).count == all)
            #expect(caller.walk("v1/users?fields=id").count == all)
        }
    }

    @Test("a change can happen between two pages")
    func between() async throws {
        try await withBlackboard(.init(learners: 250)) { simulator, caller in
            let all = caller.walk("v1/users?fields=id").count
            simulator.blackboardFaults.changesBetweenPages = [ChangeBetweenPages(list: "users", kind: .newLearner)]
            #expect(caller.walk("v1/users?fields=id").count == all + 1)
        }
    }

    @Test("date filters are inclusive, lessThan is not; a user who never logged in passes none")
    func dates() async throws {
        try await withBlackboard { simulator, caller in
            let users = caller.walk("v1/users")
            let modified = try #require(users.compactMap { $0["modified"] as? String }.max())
            let newest = caller.walk("v1/users?modified=\(modified)")
            #expect(newest.count == users.count { $0["modified"] as? String == modified })
            let older = caller.walk("v1/users?modified=\(modified)&modifiedCompare=lessThan")
            #expect(older.count == users.count - newest.count)
            let seen = caller.walk("v1/users?lastLogin=2000-01-01T00:00:00.000Z")
            #expect(seen.count == users.count { $0["lastLogin"] != nil })
            #expect(seen.count < users.count)
            #expect(caller.get("v1/users?modified=yesterday").status == 400)
            #expect(caller.get("v1/users?modified=\(modified)&modifiedCompare=after").status == 400)
            let courses = caller.walk("v3/courses")
            let organizations = caller.walk("v3/courses?organization=true")
            #expect(organizations.count == 1)
            #expect(caller.walk("v3/courses?organization=false").count == courses.count - 1)
            #expect(caller.walk("v3/courses?courseId=course-10").count >= 2)
        }
    }

    @Test("changeIndex means after, and lastChanged names the highest")
    func changeIndex() async throws {
        try await withBlackboard { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            let path = "v2/courses/\(course)/gradebook/columns/\(column)/users"
            let indexes = caller.walk(path).compactMap { $0["changeIndex"] as? Int }.sorted()
            let last = try #require(indexes.last)
            #expect(caller.get(path + "?changeIndex=\(last)").results.isEmpty)
            #expect(caller.get(path + "?changeIndex=\(last)").status == 200)
            #expect(caller.get(path + "?changeIndex=\(last - 1)").results.count == 1)
            #expect(caller.get(path + "?changeIndex=0").results.count == indexes.count)
            #expect(caller.get(path + "/lastChanged").object["changeIndex"] as? Int == last)
            let total = "v2/courses/\(course)/gradebook/columns/finalGrade/users"
            #expect(caller.get(total + "/lastChanged").status == 404)
            #expect(caller.get(total).results.allSatisfy { $0["changeIndex"] as? Int == 0 })
            #expect(caller.get(total + "?changeIndex=0").results.isEmpty)
        }
    }

    @Test("a column without grades is 404, 204 or an empty 200; a learner without one has an object without details")
    func emptyColumns() async throws {
        try await withBlackboard { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            let change = try #require(simulator.change(ChangeRequest(count: 1, kinds: [.columnCreated])).first)
            let added = try #require(change.unitId)
            let path = "v2/courses/\(try #require(change.courseId))/gradebook/columns/\(added)/users"
            #expect(caller.get(path).status == 404)
            #expect(caller.get(path + "/lastChanged").status == 404)
            simulator.blackboardFaults.emptyColumn = "204"
            #expect(caller.get(path).status == 204)
            simulator.blackboardFaults.emptyColumn = "200"
            #expect(caller.get(path).status == 200)
            #expect(caller.get(path + "/lastChanged").bytes.isEmpty)
            let grades = "v2/courses/\(course)/gradebook/columns/\(column)/users"
            let graded = Set(caller.walk(grades).compactMap { $0["userId"] as? String })
            let roster = caller.walk("v1/courses/\(course)/users?role=Student&availability.available=Yes")
            let members = roster.compactMap { $0["userId"] as? String }
            let ungraded = try #require(members.first { !graded.contains($0) })
            let cell = caller.get(grades + "/\(ungraded)")
            #expect(cell.status == 200)
            #expect(cell.object["displayGrade"] == nil)
            #expect(caller.get(grades + "/_1_1").status == 404)
        }
    }

    @Test("grades of disabled members come only when asked for; one learner's rows are the columns' rows")
    func orientations() async throws {
        try await withBlackboard(.init(disabledShare: 0.3)) { simulator, caller in
            let (course, _) = try caller.gradedColumn()
            let parameter = "?includeDisabledMemberships=true"
            var (byColumn, byDefault) = (0, 0)
            for column in caller.walk("v2/courses/\(course)/gradebook/columns") {
                let path = "v2/courses/\(course)/gradebook/columns/\(column["id"] as? String ?? "")/users"
                byColumn += caller.walk(path + parameter).count
                byDefault += caller.walk(path).count
            }
            #expect(byDefault < byColumn)
            let members = caller.walk("v1/courses/\(course)/users").compactMap { $0["userId"] as? String }
            let byLearner = members.reduce(0) { $0 + caller.walk("v2/courses/\(course)/gradebook/users/\($1)").count }
            #expect(byLearner == byColumn)
            let disabled = caller.walk("v1/courses/\(course)/users?availability.available=Disabled").count
            simulator.blackboardFaults.hideDisabledMemberships = true
            #expect(caller.walk("v1/courses/\(course)/users").count == members.count - disabled)
            #expect(caller.walk("v1/courses/\(course)/users?availability.available=Disabled").count == disabled)
            let before = simulator.truthCount("grades")
            simulator.blackboardFaults.ignoreIncludeDisabled = true
            #expect(simulator.truthCount("grades") < before)
        }
    }
}
