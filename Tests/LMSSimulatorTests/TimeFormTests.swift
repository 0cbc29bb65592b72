import Testing

@testable import LMSSimulator

@Suite("Form of times")
struct TimeFormTests {
    /// The newest event's time as it stands on the wire and in the truth.
    private func newest(_ form: TimeForm) async throws -> (wire: String, truth: Int) {
        var found = (wire: "", truth: 0)
        try await withSimulator { simulator, caller in
            simulator.faults.timeForm = form
            simulator.change(ChangeRequest(seed: 5, count: 1, kinds: [.login]))
            let text = String(decoding: caller.get("eventlogs").bytes, as: UTF8.self)
            found.wire = text.firstMatch(of: /"created":([0-9.]+)/).map { String($0.1) } ?? ""
            found.truth = try caller.truth("events").compactMap { $0["occurred_at"] as? Int }.max() ?? 0
        }
        return found
    }

    @Test("times are exact, whole seconds, or always with decimals, and the truth holds what was sent")
    func forms() async throws {
        let exact = try await newest(.exact)
        #expect(exact.wire.contains("."))
        #expect(exact.truth % 1_000_000 != 0)
        let integer = try await newest(.integer)
        #expect(integer.wire == exact.wire.prefix { $0 != "." })
        #expect(integer.truth == exact.truth / 1_000_000 * 1_000_000)
        let float = try await newest(.float)
        #expect(float == exact)
    }

    @Test("a whole second has a decimal only where every time has")
    func wholeSeconds() {
        let texts = TimeForm.allCases.map { form in
            let writer = ByteWriter(capacity: 32)
            writer.timeForm = form
            writer.time(Instant(seconds: 1_760_000_000))
            return writer.text
        }
        #expect(texts == ["1760000000", "1760000000", "1760000000.0"])
    }

    @Test("the switch is set like any other, and the API and the truth still agree", arguments: TimeForm.allCases)
    func agreement(form: TimeForm) async throws {
        try await withSimulator(GeneratedSchool.Shape(courses: 3, learners: 20, unlistedAssessments: 0)) {
            simulator,
            caller in
            try simulator.setFaults(json: Array(#"{"time_form":"\#(form.rawValue)"}"#.utf8))
            let pull = FullPull(caller)
            for table in FullPull.columns.keys.sorted() {
                #expect(
                    FullPull.lines(of: try caller.truth(table), table: table) == pull.tables[table] ?? [],
                    "\(table)"
                )
            }
        }
    }
}
