import Foundation
import Testing

@testable import LMSSimulator

@Suite("Blackboard wire shapes")
struct BlackboardShapeTests {
    private func keys(_ object: [String: Any]?) -> Set<String> { Set((object ?? [:]).keys) }

    @Test("records have the members of the guide's examples")
    func examples() async throws {
        try await withBlackboard { _, caller in
            let course = try #require(caller.walk("v3/courses?organization=false").first)
            let courseKeys = [
                "id", "uuid", "externalId", "courseId", "dataSourceId", "name", "created", "modified", "organization",
                "ultraStatus", "closedComplete", "termId", "availability", "enrollment", "locale", "hasChildren",
            ]
            #expect(keys(course).isSuperset(of: courseKeys))
            let term = try #require(caller.walk("v1/terms").first)
            #expect(keys(term) == ["id", "externalId", "dataSourceId", "name", "availability"])
            let user = try #require(caller.walk("v1/users").first)
            let userKeys = [
                "id", "uuid", "externalId", "dataSourceId", "userName", "created", "modified", "institutionRoleIds",
                "systemRoleIds", "availability", "name", "job", "contact", "address", "locale",
            ]
            #expect(keys(user).isSuperset(of: userKeys))
            let id = try #require(course["id"] as? String)
            let member = try #require(caller.walk("v1/courses/\(id)/users").first)
            let memberKeys = [
                "id", "userId", "courseId", "dataSourceId", "created", "modified", "availability", "courseRoleId",
            ]
            #expect(keys(member).isSuperset(of: memberKeys))
            let column = try #require(caller.walk("v2/courses/\(id)/gradebook/columns").first)
            let columnKeys = [
                "id", "name", "created", "modified", "score", "availability", "grading", "gradebookCategoryId",
                "includeInCalculations", "showStatisticsToStudents", "scoreProviderHandle",
            ]
            #expect(keys(column).isSuperset(of: columnKeys))
            let category = try #require(caller.walk("v1/courses/\(id)/gradebook/categories").first)
            #expect(keys(category) == ["id", "title"])
            let status = try #require(caller.walk("v1/courses/\(id)/performance/contentReviewStatus").first)
            #expect(keys(status) == ["courseId", "userId", "reviewedCount", "reviewableCount"])
            #expect(keys(caller.get("v1/system/version").object["learn"] as? [String: Any]).contains("minor"))
        }
    }

    @Test("grades are displayed with padded decimals; top-level score and text are the override only")
    func grades() async throws {
        try await withBlackboard(.init(learners: 200, membersPerCourse: 60)) { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            let path = "v2/courses/\(course)/gradebook/columns/\(column)/users"
            let text = caller.get(path).text
            #expect(text.contains("\"displayGrade\":{\"scaleType\":\"Score\",\"score\":"))
            #expect(text.contains("\"possible\":10.000000000000000"))
            let rows = caller.walk(path)
            for row in rows {
                #expect((row["score"] != nil) == (row["overridden"] != nil && row["displayGrade"] != nil))
                #expect(row["changeIndex"] is Int)
            }
            simulator.blackboardFaults.plainDecimals = true
            #expect(!caller.get(path).text.contains("10.000"))
            let attempt = try #require(
                caller.walk("v2/courses/\(course)/gradebook/columns/\(column)/attempts").first
            )
            #expect(keys(attempt).isSuperset(of: ["id", "userId", "status", "created", "modified", "exempt"]))
        }
    }

    @Test("texts of schemas, notations, exemptions and overrides all occur, and the truth follows")
    func variety() async throws {
        try await withBlackboard(.init(courses: 8, learners: 300, membersPerCourse: 80, columnsPerCourse: 8)) {
            _,
            caller in
            let grades = try caller.truth("grades")
            #expect(grades.contains { $0["letter"] as? String == "A" })
            #expect(grades.contains { $0["letter"] as? String == "Good" && $0["score"] is NSNull })
            #expect(grades.contains { $0["letter"] as? String == "Withheld" })
            #expect(grades.contains { $0["exempt"] as? Bool == true && $0["status"] as? String == "not_graded" })
            #expect(grades.contains { $0["exempt"] as? Bool == true && $0["status"] as? String == "graded" })
            #expect(grades.contains { $0["overridden_at"] is Int && $0["overridden"] as? Bool == true })
            #expect(grades.contains { $0["score"] as? Int == 0 && $0["status"] as? String == "graded" })
            #expect(grades.contains { ($0["assessment_id"] as? String)?.hasPrefix("course:_") == true })
        }
    }

    @Test("a parent's list holds the learners of its merged courses; a child's path is another view of them")
    func merged() async throws {
        try await withBlackboard(.init(mergedShare: 1)) { _, caller in
            let courses = caller.walk("v3/courses?organization=false")
            let parent = try #require(courses.first { $0["hasChildren"] as? Bool == true }?["id"] as? String)
            let children = caller.walk("v1/courses/\(parent)/children").compactMap { $0["id"] as? String }
            #expect(children.count == 2)
            #expect(courses.filter { $0["parentId"] as? String == parent }.count == 2)
            let members = caller.walk("v1/courses/\(parent)/users")
            let homes = Set(members.compactMap { $0["childCourseId"] as? String })
            #expect(homes == Set(children))
            #expect(members.allSatisfy { $0["courseId"] as? String == parent })
            let own = caller.walk("v1/courses/\(children[0])/users")
            #expect(!own.isEmpty)
            #expect(own.allSatisfy { $0["courseId"] as? String == children[0] && $0["childCourseId"] == nil })
            #expect(caller.get("v1/courses/\(children[0])/children").status == 400)
            let rows = try caller.truth("enrollments").filter { $0["course_id"] as? String == children[0] }
            #expect(rows.count == own.count)
            #expect(rows.allSatisfy { $0["parent_course_id"] as? String == parent })
            #expect(try caller.truth("assessments").allSatisfy { !children.contains($0["course_id"] as? String ?? "") })
        }
    }

    @Test("administrators are hidden and preview users are served, and neither is a learner of the truth")
    func guests() async throws {
        try await withBlackboard { _, caller in
            let users = caller.walk("v1/users")
            #expect(!users.contains { $0["userName"] as? String == "administrator" })
            let preview = try #require(users.first { ($0["userName"] as? String)?.hasSuffix("_previewuser") == true })
            let known = Set(users.compactMap { $0["id"] as? String })
            let truth = try caller.truth("learners")
            #expect(truth.count == users.count - 1)
            let enrollments = try caller.truth("enrollments")
            let hidden = enrollments.filter { !known.contains($0["learner_id"] as? String ?? "") }
            #expect(!hidden.isEmpty)
            #expect(!enrollments.contains { $0["learner_id"] as? String == preview["id"] as? String })
            let admin = try #require(hidden.first?["learner_id"] as? String)
            #expect(caller.get("v1/users/\(admin)").status == 404)
        }
    }

    @Test("expand brings the user along; fields keep what they name")
    func fields() async throws {
        try await withBlackboard { _, caller in
            let (course, _) = try caller.gradedColumn()
            let member = try #require(
                caller.get("v1/courses/\(course)/users?expand=user&fields=userId,user.name").results.last
            )
            #expect(keys(member) == ["userId", "user"])
            #expect(keys(member["user"] as? [String: Any]) == ["name"])
            let user = try #require(caller.get("v1/users?fields=id,contact.email,name").results.first)
            #expect(keys(user) == ["id", "contact", "name"])
            #expect(keys(user["contact"] as? [String: Any]) == ["email"])
            #expect(keys(user["name"] as? [String: Any]).contains("given"))
            let one = caller.get("v3/courses/\(course)?fields=id").object
            #expect(keys(one) == ["id"])
        }
    }
}
