import Testing

@testable import LMSSimulator

@Suite("MATRIX: lists")
struct MatrixListTests {
    private static let shape = MatrixShape(users: 250, classes: 110, learnersPerClass: 4, organizations: 120)

    @Test("pages hold a hundred, the default is the first, and beyond the end is an empty array")
    func paging() async throws {
        try await withMatrix(Self.shape) { _, caller in
            for (function, count) in [
                ("get_all_users", 250), ("get_all_classes", 110), ("get_all_organizations", 120),
            ] {
                #expect(caller.get(function).ids == caller.get(function, "page=1").ids)
                #expect(caller.get(function).rows.count == 100)
                let all = caller.walk(function).compactMap { $0["id"] as? Int }
                #expect(all.count == count)
                #expect(Set(all).count == count)
                #expect(caller.get(function, "page=9").text == "[]")
            }
        }
    }

    @Test("archived filters classes, and leaving it out brings both")
    func archived() async throws {
        try await withMatrix(Self.shape) { _, caller in
            let active = caller.walk("get_all_classes", "archived=false")
            let archived = caller.walk("get_all_classes", "archived=true")
            #expect(active.allSatisfy { $0["archived"] as? Bool == false })
            #expect(archived.allSatisfy { $0["archived"] as? Bool == true })
            #expect(!archived.isEmpty)
            #expect(active.count + archived.count == 110)
        }
    }

    @Test("batches of ids come in the order asked, brackets plain or encoded; unknown ids are dropped or an error")
    func batches() async throws {
        try await withMatrix { simulator, caller in
            #expect(caller.get("get_users_with_ids", "user_ids[]=900005&user_ids[]=900002").ids == [900_005, 900_002])
            #expect(caller.get("get_users_with_ids", "user_ids%5B%5D=900005").ids == [900_005])
            #expect(caller.get("get_classes_with_ids", "class_ids[]=501&class_ids[]=502").ids == [501, 502])
            let mixed = "user_ids[]=900005&user_ids[]=5"
            #expect(caller.get("get_users_with_ids", mixed).ids == [900_005])
            #expect(caller.get("get_session_details", mixed).ids == [900_005])
            simulator.matrixFaults.unknownIds = "error"
            #expect(caller.get("get_users_with_ids", mixed).status == 400)
            #expect(caller.get("get_classes_with_ids", "class_ids[]=9").status == 400)
            simulator.matrixFaults.largestBatch = 1
            #expect(caller.get("get_users_with_ids", "user_ids[]=900005&user_ids[]=900002").status == 400)
        }
    }

    @Test("completions are filtered by date, class and user; the site's zone and switch decide about the edges")
    func completions() async throws {
        try await withMatrix { simulator, caller in
            func count(_ query: String) -> Int { caller.get("get_all_class_completions", query).rows.count }
            let truth = try caller.truth("progress").filter { $0["status"] as? String == "completed" }
            #expect(count("") == truth.count)
            let some = try #require(truth.first)
            let (course, user) = ("\(some["course_id"] ?? "")", "\(some["learner_id"] ?? "")")
            #expect(count("class_id=\(course)&user_id=\(user)") == 1)
            #expect(count("class_id=\(course)") == truth.count { $0["course_id"] as? String == course })
            #expect(count("class_id=1") == 0)
            let all = count("")
            let parts = count("completed_before=2025-03-31") + count("completed_after=2025-04-01")
            #expect(parts == all)
            #expect(count("completed_after=2025-04-01T10:00Z") == count("completed_after=2025-04-01"))

            // A completion in the first minute of a local day, and one in the last of the day before.
            _ = simulator.change(ChangeRequest(seed: 1, count: 1, kinds: [.markComplete], secondsBetween: 50_400))
            #expect(simulator.now.seconds.rounded() > 1_767_650_400)
            #expect(count("completed_after=2026-01-06") == 1)
            simulator.matrixFaults.completionDates = "exclusive"
            #expect(count("completed_after=2026-01-06") == 0)
            #expect(count("completed_after=2026-01-05") == 1)
            #expect(count("completed_before=2026-01-06") == all)
            simulator.matrixFaults.siteOffsetMinutes = 0
            #expect(count("completed_after=2026-01-05") == 0)
        }
    }

    @Test("sessions are those of the last 30 days, oldest first, and fall off as time goes by")
    func sessions() async throws {
        try await withMatrix { simulator, caller in
            func sessions() -> [String] {
                (900_001...900_080).flatMap { id -> [String] in
                    let rows = caller.get("get_session_details", "user_ids[]=\(id)").rows
                    let found = (rows.first?["sessions"] as? [[String: Any]] ?? []).compactMap {
                        $0["login_at"] as? String
                    }
                    #expect(rows.first?["count"] as? Int == found.count)
                    #expect(found == found.sorted())
                    return found
                }
            }
            let before = sessions().count
            #expect(before > 20)
            #expect(simulator.truthCount("events") == before)
            simulator.advance(seconds: 12 * 86_400)
            let after = sessions().count
            #expect(after < before)
            #expect(simulator.truthCount("events") == after)
            simulator.advance(seconds: 30 * 86_400)
            #expect(sessions().isEmpty)
        }
    }
}
