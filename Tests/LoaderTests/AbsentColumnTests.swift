import Loader
import Records
import Testing

/// A field that an answer leaves out is not null: the stored value stays.
@Suite struct AbsentColumnTests {
    private static let names = ColumnSet("username", "email", of: Learner.table)

    private func learner(_ id: String, _ change: (inout Learner) -> Void = { _ in }) -> Learner {
        var learner = Learner(learnerID: id)
        change(&learner)
        return learner
    }

    private func rows(_ test: TestWarehouse) async throws -> [[String?]] {
        try await test.sql("SELECT learner_id, username, email, last_name FROM lms.learners ORDER BY 1")
    }

    @Test func absentKeepsAndNullClears() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let before = ["a", "b", "c"].map { id in
                Learner(learnerID: id, username: "u-\(id)", email: "\(id)@example.test", lastName: "Old")
            }
            try await run.publish(before)
            let counted = try await run.publish([
                // Says nothing about two columns, one of them: nothing, null about both.
                learner("a") { ($0.lastName, $0.absentColumns) = ("New", Self.names) },
                learner("b") { learner in
                    learner.lastName = "New"
                    learner.absentColumns = ColumnSet("email", of: Learner.table)
                },
                learner("c") { $0.lastName = "New" },
            ])
            #expect(counted.tables["learners"] == counts(updated: 3))
            #expect(
                try await rows(test) == [
                    ["a", "u-a", "a@example.test", "New"], ["b", nil, "b@example.test", "New"], ["c", nil, nil, "New"],
                ]
            )
        }
    }

    @Test func aRowThatSaysNothingNewIsNotWritten() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([Learner(learnerID: "a", username: "u", email: "e", lastName: "L")])
            let versions = "SELECT ctid, xmin FROM lms.learners"
            let before = try await test.sql(versions)
            let same = learner("a") { ($0.lastName, $0.absentColumns) = ("L", Self.names) }
            var unit = run.unit
            unit.append([same], stream: "learners")
            #expect(try await run.writer.differences(of: Learner.self, in: unit, returning: ["email"]).isEmpty)
            #expect(try await run.publish([same]).tables["learners"] == counts(unchanged: 1))
            #expect(try await test.sql(versions) == before)
        }
    }

    @Test func followUpsSeeTheStoredValue() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([Learner(learnerID: "a", email: "kept")])
            var unit = run.unit
            unit.append(
                [
                    learner("a") { ($0.lastName, $0.absentColumns) = ("New", Self.names) },
                    learner("b") { ($0.lastName, $0.absentColumns) = ("New", Self.names) },
                ],
                stream: "learners"
            )
            let changed = try await run.writer.differences(
                of: Learner.self,
                in: unit,
                returning: ["learner_id", "email"]
            )
            .sorted { $0.values["learner_id"] ?? "" < $1.values["learner_id"] ?? "" }
            #expect(changed.map(\.isNew) == [false, true])
            #expect(changed.map { $0.values["email"] } == ["kept", nil])
        }
    }

    @Test func newRowsAndThoseThatComeBackAreStored() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            // The first rows of a table take the fast way, which must not mind.
            try await run.publish([learner("n") { ($0.lastName, $0.absentColumns) = ("New", Self.names) }])
            try await run.publish([Learner(learnerID: "d", username: "u", email: "e", lastName: "L")])
            try await test.sql("UPDATE lms.learners SET deleted_at = now() WHERE learner_id = 'd'")
            try await run.publish([learner("d") { ($0.lastName, $0.absentColumns) = ("L", Self.names) }])
            #expect(try await rows(test) == [["d", "u", "e", "L"], ["n", nil, nil, "New"]])
            #expect(try await test.value("SELECT count(*)::text FROM lms.learners WHERE deleted_at IS NULL") == "2")
        }
    }

    /// A commit unit joined of several, with a row that the database refuses: the others keep what they said nothing
    /// about.
    @Test func survivesJoiningAndRejecting() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish((0..<20).map { Learner(learnerID: "l\($0)", email: "e\($0)") })
            var whole = run.unit
            for number in 0..<20 {
                var part = run.unit
                let text = number == 7 ? "bad \u{0} text" : "New"
                part.append(
                    [learner("l\(number)") { ($0.lastName, $0.absentColumns) = (text, Self.names) }],
                    stream: "learners"
                )
                whole.append(part)
            }
            let counted = try await run.writer.publish(whole)
            #expect(counted.tables["learners"]?.updated == 19)
            let kept = "SELECT count(*)::text FROM lms.learners WHERE email = 'e' || substr(learner_id, 2)"
            #expect(try await test.value(kept) == "20")
        }
    }
}
